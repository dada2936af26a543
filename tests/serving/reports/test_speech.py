"""Chinese typography and numbers that keep their side of a threshold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.reports.speech import chinese, safely_rounded


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("质量水平,达到3σ", "质量水平，达到3σ"),
        ("等级:保证级(3 级);暂定", "等级：保证级（3 级）；暂定"),
        ("min(2.1, 3.5) = 2.1", "min(2.1, 3.5) = 2.1"),
        ("取最低值:min(2.1, 3.5)", "取最低值：min(2.1, 3.5)"),
        ("规则版本(SHA-256)", "规则版本（SHA-256）"),
        ("0.5 < 0.75,达到", "0.5 < 0.75，达到"),
        ("3, 4; 5", "3, 4; 5"),
        ("交付数:1; 不良:2", "交付数：1；不良：2"),
        ("", ""),
    ],
)
def test_punctuation_is_set_as_in_print(written: str, printed: str) -> None:
    """GB/T 15834: beside a Chinese character marks are full-width; arithmetic stays as it is."""
    assert chinese(written) == printed


def test_ids_of_the_plant_are_never_touched() -> None:
    assert chinese("产品:甲,乙(1)的", ("甲,乙(1)",)) == "产品：甲,乙(1)的"


@given(st.text(max_size=60))
def test_setting_text_twice_changes_nothing_more(text: str) -> None:
    once = chinese(text)
    assert chinese(once) == once


NUMBERS = st.decimals(min_value=0, max_value=10**6, places=9, allow_nan=False)


@given(NUMBERS, st.lists(NUMBERS, max_size=4))
def test_rounding_never_crosses_a_threshold(value: Decimal, bounds: list[Decimal]) -> None:
    shown = safely_rounded(value, tuple(bounds))
    for bound in bounds:
        assert (shown > bound) == (value > bound)
        assert (shown < bound) == (value < bound)


@given(NUMBERS)
def test_far_from_thresholds_two_decimals_do(value: Decimal) -> None:
    assert safely_rounded(value, (Decimal(10**9),)).as_tuple().exponent == -2
