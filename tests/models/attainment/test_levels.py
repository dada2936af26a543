"""Without spread, levels are what the rules say of the point path: `qm_rules` on hand-built evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, sqrt

import numpy as np
import pytest

from models.attainment.admission import Admission
from models.attainment.chances import Chances
from models.attainment.known import Characteristics, Known, Stages
from models.attainment.levels import TARGET_OF, as_graded, graded, path_levels
from models.attainment.official import State
from models.attainment.sample import Sample
from models.attainment.start import Start
from models.rules_numpy import ArrayRules
from qm_rules import grade, parse_evidence

ITEMS = ArrayRules().book.items
PLANT = {"ppm": 2000.0, "ftq": 0.90, "internal_loss": 0.03, "external_loss": 0.01, "cpk": 1.0}
FUTURES = [
    PLANT,
    {"ppm": 100_000.0, "ftq": 0.80, "internal_loss": 0.09, "external_loss": 0.05, "cpk": 0.5},
    {"ppm": 0.0, "ftq": 1.00, "internal_loss": 0.001, "external_loss": 0.001, "cpk": 3.0},
    {"ppm": 2000.0, "ftq": 0.99, "internal_loss": 0.01, "external_loss": 0.02, "cpk": 1.5},
]


@dataclass(frozen=True)
class Certain:
    """A draw without spread: every path is the point."""

    value: float
    rows: int = 1
    count: int = 4

    @property
    def answered(self) -> np.ndarray:
        return np.ones(self.rows, dtype=bool)

    def paths(self, rows: slice) -> np.ndarray:
        return np.full((rows.stop - rows.start, self.count, 12), self.value)


def _known() -> Known:
    """Every month alike: 1000 units of which 2 bad, output 100, one stage of 100 with 90 passed, σ 1."""
    flat = (np.full((1, 12), value) for value in (1000.0, 2.0, 100.0, 3.0, 1.0))
    stages = Stages(
        np.array([0]), np.array([0]), np.array([True]), np.full((1, 12), 100.0), np.full((1, 12), 90.0)
    )
    monthly = (np.full((1, 12), value) for value in (25.0, 0.0, 1.0, 20.0))
    return Known(
        *flat, stages, Characteristics(np.array([0]), np.array([-3.0]), np.array([np.nan]), *monthly)
    )


def _begun(future: dict[str, float], **status: str) -> Start:
    state = State(
        dict.fromkeys(TARGET_OF, "measured") | status,
        dict.fromkeys(TARGET_OF, 1),
        {"cpk": 1.0},
        dict.fromkeys(ITEMS, 4),
    )
    drawn = {target: Certain(value) for target, value in future.items()}
    sample = Sample(("E1",), np.array([660]), 4, drawn, np.arange(4))
    return Start(sample, (state,), _known())


def _evidence(future: dict[str, float], ahead: int) -> dict:
    """The evidence of twelve months of which the last `ahead` are as the path says."""
    past = 12 - ahead
    variance = (past + ahead / future["cpk"] ** 2) / 12
    passed = 90 * past + round(100 * future["ftq"]) * ahead
    bad = 2 * past + round(future["ppm"] / 1000) * ahead

    def money(monthly: float, rate: float) -> str:
        return f"{monthly * past + 100 * rate * ahead:.6f}"

    return {
        "enterprise_id": "E1",
        "window": {"start": "2025-01", "end": "2025-12"},
        "deliveries": [{"product_id": "P", "units": 12_000, "nonconforming": bad}],
        "first_pass": [
            {"product_id": "P", "process_id": "1", "seq": 1, "submitted": 1200, "passed_first": passed}
        ],
        "capability": [
            {
                "characteristic_id": "C",
                "cpk": f"{floor(1e6 / sqrt(variance)) / 1e6:.6f}",
                "n": 300,
                "stable": True,
            }
        ],
        "losses": {
            "internal": {"tracked": True, "amounts": {"scrap": money(3.0, future["internal_loss"])}},
            "external": {"tracked": True, "amounts": {"claims": money(1.0, future["external_loss"])}},
        },
        "output_value": "1200.00",
        "management": dict.fromkeys(ITEMS, 4),
    }


@pytest.mark.parametrize("future", FUTURES)
def test_without_spread_levels_are_the_rules_on_the_point_path(future: dict[str, float]) -> None:
    rules, begun = ArrayRules(), _begun(future)
    found = graded(rules, path_levels(rules, begun, slice(0, 1)).window, begun.states)
    for ahead in range(13):
        official = grade(parse_evidence(_evidence(future, ahead))).to_dict()["level"]
        assert set(found[0, :, ahead].tolist()) == {official}, ahead


def test_without_spread_chances_are_certain() -> None:
    rules, begun = ArrayRules(), _begun(FUTURES[2])
    found = Chances.of(graded(rules, path_levels(rules, begun, slice(0, 1)).window, begun.states)[:, :, 1:])
    assert set(found.exactly.ravel().tolist()) == {0.0, 1.0}
    assert set(found.kept.ravel().tolist()) <= {0.0, 1.0}


def test_the_month_alone_is_the_paths_own_month() -> None:
    rules = ArrayRules()
    found = path_levels(rules, _begun(FUTURES[2]), slice(0, 1))
    assert set(found.month.ravel().tolist()) == {5}
    assert found.window[0, 0, 1] < 5, "eleven known months are not forgotten at once"


def test_an_inadmissible_cpk_is_level_one_until_it_is_admitted() -> None:
    rules, begun = ArrayRules(), _begun(FUTURES[2], cpk="inadmissible")
    held = path_levels(rules, begun, slice(0, 1))
    assert set(held.window.ravel().tolist()) == {1}
    admitted = path_levels(rules, begun, slice(0, 1), Admission(lost=0.0, regained=1.0))
    assert set(admitted.window[0, :, 0].tolist()) == {1}
    assert set(admitted.window[0, :, 12].tolist()) == {5}


def test_what_is_not_tracked_stays_and_what_is_not_supplied_does_not_limit() -> None:
    rules, begun = ArrayRules(), _begun(FUTURES[2], external_loss="not_tracked")
    assert set(path_levels(rules, begun, slice(0, 1)).window.ravel().tolist()) == {1}
    state = begun.states[0]
    free = replace(state, status=state.status | {"external_loss": "not_supplied"})
    free = replace(free, levels=state.levels | {"external_loss": None})
    found = path_levels(rules, replace(begun, states=(free,)), slice(0, 1))
    assert set(found.window[0, :, 12].tolist()) == {5}


def test_a_percentile_cpk_counts_today_and_fades() -> None:
    by_formula = np.full((1, 2, 13), 1.5)
    found = as_graded(by_formula, [1.2])[0, 0]
    assert found[0] == pytest.approx(1.2)
    assert found[12] == pytest.approx(1.5)
    assert (np.diff(found) >= 0).all()
    assert (as_graded(by_formula, [None]) == by_formula).all()
