"""The oracle is as good as a forecast can be: better than naive ones, and honest about its limits."""

import numpy as np
import pandas as pd
import pytest

from features.simulator import World
from features.simulator.faults import WorldError
from features.simulator.oracle import observed_targets
from features.simulator.streams import stream
from features.simulator.targets import TARGETS


@pytest.fixture(scope="module")
def judged():
    """Oracle forecasts from every second month, with what an observer then saw."""
    world = World(seed=41, enterprises=40, months=60)
    rng = stream(1, "observer")
    seen = [observed_targets(rng, world.plants, month) for month in world.history.months]
    frames = []
    for t in range(24, 48, 2):
        rows = world.oracle(world.period(t), horizon=6, futures=200)
        rows["seen"] = [
            seen[t + h][target][0, world.plant(e)]
            for e, target, h in zip(rows.enterprise_id, rows.target, rows.horizon, strict=True)
        ]
        rows["naive"] = [
            seen[t][target][0, world.plant(e)]
            for e, target in zip(rows.enterprise_id, rows.target, strict=True)
        ]
        frames.append(rows)
    return pd.concat(frames)


def test_oracle_beats_the_last_value(judged):
    for target, rows in judged.groupby("target"):
        ours, theirs = ((rows.seen - rows[name]).abs() for name in ("q50", "naive"))
        assert ours.mean() < 0.9 * theirs.mean(), target


def test_quantiles_cover_what_they_say(judged):
    for target, rows in judged.groupby("target"):
        inside = ((rows.seen >= rows.q05) & (rows.seen <= rows.q95)).mean()
        assert 0.86 < inside < 0.96, (target, inside)


def test_quantiles_are_ordered(judged):
    levels = [f"q{5 * i:02d}" for i in range(1, 20)]
    assert (np.diff(judged[levels].to_numpy(), axis=1) >= 0).all()


def test_rows_name_every_plant_target_and_month(world):
    rows = world.oracle(horizon=3, futures=8)
    assert len(rows) == 40 * len(TARGETS) * 3
    assert rows.period.min() > world.last_period
    assert rows.equals(world.oracle(horizon=3, futures=8))


def test_origin_must_be_in_history(world):
    with pytest.raises(WorldError, match="origin"):
        world.oracle("2030-01")
