"""Chances of levels with incoming quality carried in: moved as the slope says, and by nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from models.attainment.known import MONTHS, Characteristics, Known, Stages
from models.attainment.level_model import LevelModel
from models.attainment.official import MEASURED, State
from models.attainment.sample import Sample
from models.attainment.start import Start
from models.chains.levels import AHEAD, Carried, carried_start, level_chances
from models.rules_numpy import ArrayRules
from tests.models.chains.published import slope

NAMES, PATHS = ("a", "b"), 400
ORIGIN = 24_300
SHOWN = {name: slope(name, 0.3) for name in ("ftq", "internal_loss", "ppm")}


class Fixed:
    """Paths as they stand here."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    @property
    def answered(self) -> np.ndarray:
        return np.ones(len(self.values), dtype=bool)

    def paths(self, rows: slice) -> np.ndarray:
        return self.values[rows]


def begun() -> Start:
    """Two plants whose ppm scatters about a threshold of σ; everything else is at the highest level."""
    rng = np.random.default_rng(3)
    ppm = np.exp(
        np.log(6200.0) + rng.normal(0, 0.15, (2, PATHS, 1)) + rng.normal(0, 0.05, (2, PATHS, MONTHS))
    )
    units = np.full((2, MONTHS), 1e5)
    known = Known(units, units * 6200 / 1e6, units * 100, units * 0.1, units * 0.1, _stages(), _none())
    items = dict.fromkeys(ArrayRules().book.items, 5)
    held = dict.fromkeys(("cpk", "ftq", "internal_loss", "external_loss"), "not_tracked")
    state = State(
        levels={"sigma": 3, **dict.fromkeys(held, 5)}, status={"sigma": MEASURED, **held}, items=items,
        values={},
    )  # fmt: skip
    sample = Sample(NAMES, np.full(2, ORIGIN), PATHS, {"ppm": Fixed(ppm)}, np.arange(PATHS))
    return Start(sample, (state, state), known)


def _stages() -> Stages:
    nothing = np.zeros((0, MONTHS))
    return Stages(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool), nothing, nothing)


def _none() -> Characteristics:
    months = np.zeros((0, MONTHS))
    return Characteristics(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), months, months, months, months)


def sent(by: float) -> dict[str, dict[int, float]]:
    return {"a": dict.fromkeys(range(1, MONTHS + 2), by)}


def after(by: float, carry=SHOWN) -> dict[int, dict]:
    rows = level_chances(begun(), LevelModel(), carry, sent(by))["a"]
    return {row["horizon"]: row for row in rows if row["basis"] == "performance"}


def test_nothing_more_changes_nothing_and_more_takes_from_the_chance():
    same, worse, better = after(0.0), after(0.5), after(-0.5)
    for ahead in AHEAD:
        assert same[ahead]["before"] == same[ahead]["after"]
        assert worse[ahead]["before"] == same[ahead]["before"]
        assert worse[ahead]["after"]["3"] < same[ahead]["after"]["3"] < better[ahead]["after"]["3"]
        assert worse[ahead]["after"]["1"] == 1.0
    assert same[12]["period"] == "2026-01"


def test_only_customers_and_only_slopes_that_are_shown_are_told():
    assert set(level_chances(begun(), LevelModel(), SHOWN, sent(0.5))) == {"a"}
    hidden = {name: slope(name, 0.3, "not_shown") for name in SHOWN}
    assert level_chances(begun(), LevelModel(), hidden, sent(0.5)) == {}
    other = {**hidden, "internal_loss": SHOWN["internal_loss"]}
    unmoved = after(0.5, other)
    assert unmoved[12]["before"] == unmoved[12]["after"], "ppm has no slope that is shown"


def test_every_month_is_moved_by_what_arrives_in_it():
    """By hand: the median of a path over the plain one is e^(slope × what arrives), month by month."""
    more = {"a": {1: 0.4, 2: 0.2}}
    plain, moved = begun(), carried_start(begun(), SHOWN, more)
    ratio = moved.sample.drawn["ppm"].paths(slice(0, 2)) / plain.sample.drawn["ppm"].paths(slice(0, 2))
    assert ratio[1] == pytest.approx(np.ones_like(ratio[1])), "who buys from nobody stays"
    assert np.median(ratio[0, :, 0]) == pytest.approx(np.exp(0.3 * 0.4), rel=0.02)
    assert np.log(ratio[0, :, 0]) == pytest.approx(2 * np.log(ratio[0, :, 1])), "one slope a path"
    assert ratio[0, :, 2:] == pytest.approx(np.ones((PATHS, MONTHS - 2)))


def test_a_yield_moves_on_its_own_scale_and_months_beyond_a_year_stay():
    paths = np.full((1, 2, 36), 0.9)
    found = Carried(Fixed(paths), np.full((1, 2, MONTHS), 0.1), is_yield=True).paths(slice(0, 1))
    assert found[0, :, :12] == pytest.approx(np.exp(np.log(0.9) * np.exp(0.1)))
    assert found[0, :, 12:] == pytest.approx(0.9)
    assert paths == pytest.approx(0.9), "the plain paths are not written to"
