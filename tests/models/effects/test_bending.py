"""Effects that bend with their own size, each too little to show in its lever alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.effects import SectorEffects, fit_effects
from models.effects.carrying import LOOSE, MOST_BENDING, bending_of
from tests.models.effects.panel import Table, _ar, _keys

EFFECTS = np.array([0.2, -0.2, 0.18, -0.18, 0.15, -0.15])


def bent(seed: int, bending: float) -> SectorEffects:
    """Six levers, each adding θd + `bending`·(θd)² to a step's log failures."""
    rng, shape = np.random.default_rng(seed), (20, 48)
    d = [_ar(rng, shape, 0.5) for _ in EFFECTS]
    y = sum(t * x + bending * (t * x) ** 2 for t, x in zip(EFFECTS, d, strict=True))
    y = y - 3 + 0.25 * _ar(rng, shape, 0.8) + 0.25 * rng.standard_normal(shape)
    levels = {f"param.l{j}.last": 10 + x.ravel() for j, x in enumerate(d)}
    frame = _keys(shape).assign(ftq=np.exp(-np.exp(y)).ravel(), **{"q.submitted": 1e5}, **levels)
    rows = [
        {"enterprise_id": e, "parameter_id": f"l{j}", "kind": "actionable"}
        for e in frame["enterprise_id"].unique() for j in range(len(EFFECTS))
    ]  # fmt: skip
    return fit_effects(Table(frame, pd.DataFrame(rows)), targets=("ftq",)).effects[0]


@pytest.fixture(scope="module")
def straight() -> list[SectorEffects]:
    return [bent(seed, 0.0) for seed in range(5)]


def test_bending_is_found_where_it_was_planted(straight: list[SectorEffects]) -> None:
    curved = [bent(seed, 1.0) for seed in range(5)]
    told = [np.mean([e.bending for e in part]) for part in (straight, curved)]
    assert told[0] < 0.15
    assert told[1] > told[0] + 0.2


def test_a_bent_effect_is_its_line_and_its_square(straight: list[SectorEffects]) -> None:
    """θ·Δz + b·θ²·Δ(z − usual)², as much of either as the year gets."""
    e = replace(straight[0], bending=0.5)
    j = next(iter(e.responses.straight()))
    line = replace(e, bending=0.0)
    usual = e.responses.usual[3, j] * e.responses.scale[j] + e.responses.centre[j]
    slope = (line.effect(3, j, usual, usual + 1) - line.effect(3, j, usual, usual - 1)) / 2
    share = float(e.arrival(j).mean())
    for away in (-2.0, 0.5, 1.5):
        expected = slope * away + 0.5 * (slope / share * away) ** 2 * share
        assert e.effect(3, j, usual, usual + away) == pytest.approx(expected)


def test_bending_is_one_number_of_all_sectors_within_its_limits(straight: list[SectorEffects]) -> None:
    """Ridge of the cross moments on the powers."""
    told = [replace(straight[0], nonadditive=x) for x in ((3.0, 4.0), (1.0, 2.0))]
    assert [e.bending for e in bending_of(told)] == [pytest.approx(4 / (6 + 1 / LOOSE**2))] * 2
    for cross, bound in ((-50.0, 0.0), (50.0, MOST_BENDING)):
        assert bending_of([replace(straight[0], nonadditive=(cross, 2.0))])[0].bending == bound
