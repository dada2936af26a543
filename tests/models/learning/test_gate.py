"""The gate's paired test: holds its level on few, overlapping origins, and sees what is plainly worse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learning.gate import LEVEL, judge_model, standard_error_of_sum
from models.learning.paired import error_of_sum, holm, overlap_stretch, paired, upper_tail
from models.learning.scoring import PEERS
from models.results import HORIZONS


def _cells(periods: int, seed: int, worse: float = 0.0) -> pd.DataFrame:
    """One target's errors by origin: shocks of a month that all forecasts of it share, and noise."""
    rng = np.random.default_rng(seed)
    shock = rng.standard_normal(periods)
    own = [(t, h) for t in range(periods) for h in range(1, HORIZONS + 1) if t + h < periods]
    t, h = np.array(own).T
    other = np.full(len(t), 10.0)
    gap = shock[t + h] + 0.7 * rng.standard_normal(len(t))
    return pd.DataFrame(
        {"target": "ftq", "horizon": h, "t": t, "n": 5, "own": other + gap + 10.0 * worse, "other": other}
    )


def _by_origin(periods: int, seed: int) -> tuple[np.ndarray, float]:
    """Sums of differences by origin around their mean, and their total: what `paired` makes of such cells."""
    rng = np.random.default_rng(seed)
    shock = rng.standard_normal(periods)
    count = np.minimum(HORIZONS, periods - 1 - np.arange(periods - 1))
    sums = np.array([shock[t + 1 : t + 1 + n].sum() for t, n in enumerate(count)])
    sums += 0.7 * np.sqrt(count) * rng.standard_normal(len(sums))
    return sums - sums.sum() / count.sum() * count, float(sums.sum())


def _p(periods: int, seed: int) -> float:
    centred, total = _by_origin(periods, seed)
    return upper_tail(total, *error_of_sum(centred, HORIZONS))


@pytest.mark.parametrize("periods", [14, 26, 40])
def test_equals_are_hardly_ever_found_worse(periods) -> None:
    p = np.array([_p(periods, seed) for seed in range(1000)])
    assert (p < 0.05).mean() < 0.10
    assert (p < 0.01).mean() < 0.04


def test_the_error_of_newey_and_west_would_refuse_many_equals() -> None:
    """Why the gate does not use it: the same data, a nominal 0.6 %."""
    refused = 0
    for seed in range(300):
        centred, total = _by_origin(14, seed)
        refused += total / standard_error_of_sum(centred, HORIZONS) > 2.5
    assert refused / 300 > 0.05


def test_what_is_plainly_worse_is_seen() -> None:
    found = [paired(_cells(30, seed, worse=0.15)).p for seed in range(25)]
    assert np.mean(np.array(found) < 0.025) > 0.8


def test_a_forecaster_is_not_worse_than_itself() -> None:
    cells = _cells(30, 1)
    same = paired(cells.assign(own=cells["other"]))
    assert (same.excess, same.p) == (0.0, 0.5)


def test_few_origins_say_nothing() -> None:
    assert paired(_cells(10, 1, worse=5.0)).p == 1.0
    assert overlap_stretch(8, 8) == float("inf")


def test_the_stretch_is_that_of_harvey_leybourne_and_newbold() -> None:
    n, h = 40, 12
    expected = np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    assert overlap_stretch(n, h) == pytest.approx(1.0 / expected, rel=1e-12)


def test_the_error_of_independent_values_is_the_usual_one() -> None:
    rng = np.random.default_rng(5)
    errors = [error_of_sum(rng.standard_normal(200), 1)[0] ** 2 for _ in range(400)]
    assert np.mean(errors) == pytest.approx(200.0, rel=0.1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_holm_is_the_closed_test_of_bonferroni(p) -> None:
    """Oracle: a hypothesis falls if every set that holds it falls by Bonferroni."""
    from itertools import combinations

    for i, adjusted in enumerate(holm(p)):
        sets = [s for size in range(1, len(p) + 1) for s in combinations(range(len(p)), size) if i in s]
        worst = max(min(len(s) * min(p[j] for j in s), 1.0) for s in sets)
        assert adjusted == pytest.approx(worst, abs=1e-12)


def _errors(factor: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    cells = _cells(40, 3)[["target", "horizon", "t", "n"]]
    shared = rng.standard_normal(60)[cells["t"] + cells["horizon"]]
    cells = cells.assign(frequency="month", scope="enterprise")
    for name in (*PEERS, "ridge", "model", "pinball"):
        cells[name] = 10.0 + shared + 0.3 * rng.standard_normal(len(cells))
    return cells.assign(model=cells["model"] * factor, pinball=cells["pinball"] * factor)


def test_the_gate_opens_for_equals_and_shuts_for_worse_ones() -> None:
    champion = _errors()
    assert judge_model(champion, champion).promoted
    refused = judge_model(_errors(1.15), champion)
    assert not refused.promoted
    assert any("champion" in reason for reason in refused.reasons)
    assert refused.table()["adjusted"].min() < LEVEL


def test_a_champion_that_was_judged_on_fewer_and_easier_plants_is_met_fairly() -> None:
    """Twice as many plants, twice as hard for every forecaster: not the new model's fault."""
    champion = _errors()
    sums = [*PEERS, "ridge", "model", "pinball"]
    harder = champion.assign(n=champion["n"] * 2, **{name: champion[name] * 4.0 for name in sums})
    assert judge_model(harder, champion).promoted
    assert not judge_model(harder.assign(model=harder["model"] * 1.2), champion).promoted
