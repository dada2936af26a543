"""A trial follows its plan month by month, and nothing else changes."""

import numpy as np
import pytest

from features.simulator import World
from features.simulator.faults import WorldError

MONTHS, FUTURES = 6, 8


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3, enterprises=6, months=24, sectors=["machining"])


def _plan(world: World, value: float, months: range) -> dict:
    return {("E0002", "feed_rate"): {world.period(world.months + i): value for i in months}}


def test_a_plan_that_holds_one_value_is_the_do_intervention(world: World) -> None:
    trial = world.trial(_plan(world, 0.25, range(MONTHS)), MONTHS, FUTURES)
    done = world.do("E0002", "feed_rate", 0.25, horizon=MONTHS, futures=FUTURES)
    for target in ("ftq", "ppm"):
        np.testing.assert_allclose(trial.expected[target][:, :, 1].mean(axis=1), done.acted_on[target])


def test_without_a_plan_nothing_is_done(world: World) -> None:
    alone = world.trial({}, MONTHS, FUTURES)
    left = world.do("E0002", "feed_rate", 0.25, horizon=MONTHS, futures=FUTURES).factual
    np.testing.assert_allclose(alone.expected["ftq"][:, :, 1].mean(axis=1), left["ftq"])


def test_only_planned_months_differ_until_the_plan_begins(world: World) -> None:
    alone, late = (
        world.trial({}, MONTHS, FUTURES),
        world.trial(_plan(world, 0.27, range(3, 4)), MONTHS, FUTURES),
    )
    same = np.isclose(alone.expected["ftq"], late.expected["ftq"]).all(axis=(1, 2))
    assert same[:3].all()
    assert not same[3]


def test_records_scatter_about_the_truth(world: World) -> None:
    trial = world.trial({}, MONTHS, 64)
    gap = (trial.observed["ftq"] - trial.expected["ftq"]).mean(axis=1)
    spread = trial.observed["ftq"].std(axis=1)
    assert (np.abs(gap) < 5 * spread / 8).all()
    assert (spread > 0).all()


def test_a_month_outside_the_trial_is_refused(world: World) -> None:
    with pytest.raises(WorldError, match="outside the trial's 2 months"):
        world.trial(_plan(world, 0.25, range(4)), 2, FUTURES)
