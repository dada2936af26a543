"""The official thresholds behind the charts are the rule pack's, none typed twice."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from qm_rules import load_pack
from serving.web import scales
from serving.web.level_bands import Band


def test_rising_and_falling_indicators():
    assert [scales.rising(indicator) for indicator in scales.INDICATORS] == [False, True, True, False, False]


def test_yield_bands_stand_on_the_printed_thresholds():
    assert scales.bands("ftq") == (
        Band(1, None, 0.90),
        Band(2, 0.90, 0.95),
        Band(3, 0.95, 0.97),
        Band(4, 0.97, 0.98),
        Band(5, 0.98, None),
    )


def test_sigma_is_drawn_in_nonconforming_units_per_million():
    assert scales.bands("ppm") == (
        Band(1, 66800.0, None),
        Band(2, 6200.0, 66800.0),
        Band(3, 230.0, 6200.0),
        Band(4, 3.4, 230.0),
        Band(5, None, 3.4),
    )


def test_a_loss_that_is_not_tracked_has_no_band():
    assert scales.bands("internal_loss") == (
        Band(2, 0.03, None),
        Band(3, 0.015, 0.03),
        Band(4, 0.0075, 0.015),
        Band(5, None, 0.0075),
    )


@pytest.mark.parametrize("target", ["ftq", "cpk", "ppm", "internal_loss", "external_loss"])
def test_bands_meet_without_gap_or_overlap(target):
    bands = sorted(scales.bands(target), key=lambda band: float("-inf") if band.low is None else band.low)
    for lower, upper in pairwise(bands):
        assert lower.high == upper.low
    assert bands[0].low is None
    assert bands[-1].high is None


def test_no_threshold_is_typed_in_the_web():
    printed = {str(bound) for rows in load_pack().thresholds.values() for _, _, bound in rows}
    telling = {"66800", "6200", "230", "3.4", "1.33", "1.67", "0.0075", "0.015", "0.023"}
    assert telling <= printed
    for file in Path(scales.__file__).parent.rglob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", file.read_text(encoding="utf-8"))
        numbers = set(re.findall(r"(?<![\w.])\d[\d_]*\.?\d*", code))
        assert not numbers & telling, file
