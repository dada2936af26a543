"""The paired comparison: ratios by hand, noise against what simulation says it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.peers.paired import paired


def cells_of(ours: np.ndarray, theirs: np.ndarray, horizon: int = 1, world: int = 1) -> pd.DataFrame:
    """Losses of origins × plants as cells."""
    t = np.repeat(np.arange(len(ours)), ours.shape[1])
    columns = {"world": world, "t": t, "horizon": horizon, "ae.a": ours.ravel(), "ae.b": theirs.ravel()}
    return pd.DataFrame(columns)


def test_the_ratio_is_of_sums():
    ours, theirs = np.array([[1.0, 2.0], [3.0, 4.0]]), np.full((2, 2), 2.0)
    found = paired(cells_of(ours, theirs), "ae", "a", "b")
    assert (found.ours, found.theirs, found.ratio) == (2.5, 2.0, 1.25)
    assert found.freedom == 1


def test_the_same_losses_are_level_and_half_of_them_is_better():
    losses = np.random.default_rng(0).exponential(size=(8, 5))
    same, half, twice = (paired(cells_of(losses * f, losses), "ae", "a", "b") for f in (1.0, 0.5, 2.0))
    assert (same.verdict, half.verdict, twice.verdict) == ("level", "better", "worse")
    assert same.error == pytest.approx(0.0)


def test_a_single_origin_says_nothing():
    losses = np.array([[1.0, 2.0, 3.0]])
    assert paired(cells_of(losses, losses * 2), "ae", "a", "b").verdict == "unknown"


def test_fewer_origins_than_months_ahead_say_nothing():
    losses = np.random.default_rng(0).exponential(size=(6, 5))
    assert paired(cells_of(losses, losses * 2, horizon=12), "ae", "a", "b").verdict == "unknown"


def verdicts(months: int, horizon: int, worlds: int, seed: int) -> list[str]:
    """Verdicts on equally good forecasters whose errors share shocks over `horizon` months."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(200):
        frames = []
        for world in range(worlds):
            steps = rng.normal(size=(months + horizon - 1, 1))
            shared = np.stack([steps[i : i + horizon].sum(axis=0) for i in range(months)]) / np.sqrt(horizon)
            ours, theirs = (5.0 + 0.3 * rng.normal(size=(months, 10)) + s * shared for s in (0.5, -0.5))
            frames.append(cells_of(ours, theirs, horizon, world))
        out.append(paired(pd.concat(frames), "ae", "a", "b").verdict)
    return out


@pytest.mark.parametrize(("months", "horizon", "worlds"), [(6, 1, 1), (24, 3, 1), (8, 1, 3)])
def test_false_alarms_are_few(months, horizon, worlds):
    said = verdicts(months, horizon, worlds, months)
    alarms = np.mean([verdict in {"better", "worse"} for verdict in said])
    assert alarms < 0.12  # five per cent are meant; a variance of few, dependent months is itself uncertain


def test_a_real_difference_is_found():
    rng = np.random.default_rng(3)
    shared = rng.normal(size=(20, 1))
    ours, theirs = (level + 0.3 * shared + 0.3 * rng.normal(size=(20, 10)) for level in (4.5, 5.0))
    found = paired(cells_of(ours, theirs), "ae", "a", "b")
    assert found.verdict == "better"
    assert found.ratio == pytest.approx(0.9, abs=0.03)
