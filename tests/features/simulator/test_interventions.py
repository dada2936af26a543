"""`do` is an intervention: nothing upstream of the lever moves, everything downstream does."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.simulator import World
from features.simulator.counterfactual import courses, setting_of
from features.simulator.faults import UnknownNameError, WorldError
from features.simulator.levers import slot_of
from features.simulator.targets import TARGETS

USELESS = ("placebo", "proxy", "outcome")


def setting(world: World, truth, z: float) -> float:
    """The natural value of a standard setting."""
    n = world.plant(truth.enterprise_id)
    slot = slot_of(int(world.plants.sector[n]), truth.parameter_id)
    return float(world.levers.centre[n, slot] + z * world.levers.scale[n, slot])


def home(world: World, truth) -> float:
    n = world.plant(truth.enterprise_id)
    return float(world.levers.home[n, slot_of(int(world.plants.sector[n]), truth.parameter_id)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pick=st.integers(0, 10**6), z=st.floats(-2.5, 2.5))
def test_doing_what_causes_nothing_changes_nothing(any_family, pick, z):
    useless = [t for t in any_family.truth if t.role in USELESS]
    truth = useless[pick % len(useless)]
    outcome = any_family.do(truth.enterprise_id, truth.parameter_id, setting(any_family, truth, z), futures=4)
    assert truth.sensitivity == 0
    for target in TARGETS:
        assert not outcome.effect(target).any()


@pytest.mark.parametrize("up", [True, False])
def test_a_cause_moves_yield_the_way_its_sensitivity_says(any_family, up):
    causes = [t for t in any_family.truth if t.role == "cause" and t.shape != "optimum"]
    right = []
    for truth in causes[::6]:
        z = home(any_family, truth) + (1.2 if up else -1.2)
        to, stay = setting(any_family, truth, z), setting(any_family, truth, home(any_family, truth))
        moved = any_family.do(truth.enterprise_id, truth.parameter_id, to, futures=16)
        kept = any_family.do(truth.enterprise_id, truth.parameter_id, stay, futures=16)
        change = (moved.acted_on["ftq"] - kept.acted_on["ftq"])[3:].mean()
        right.append(np.sign(change) == -np.sign(truth.sensitivity) * (1 if up else -1))
    assert np.mean(right) >= 0.95


def test_going_to_the_optimum_beats_going_away(world):
    bent = [t for t in world.truth if t.shape == "optimum"][::5]
    assert bent
    for truth in bent:
        n = world.plant(truth.enterprise_id)
        slot = slot_of(int(world.plants.sector[n]), truth.parameter_id)
        best = float(world.levers.best[n, slot])
        near, far = (
            world.do(truth.enterprise_id, truth.parameter_id, setting(world, truth, z), futures=8)
            for z in (best, -np.sign(best) * 2.5)
        )
        assert near.acted_on["ftq"].mean() > far.acted_on["ftq"].mean()


def test_detection_stops_escapes_not_failures(world):
    truth = next(t for t in world.truth if t.role == "detection")
    outcome = world.do(truth.enterprise_id, truth.parameter_id, setting(world, truth, 3.0), futures=8)
    assert (outcome.effect("ppm") < 0).all()
    assert np.abs(outcome.effect("ftq")).max() < 0.2 * np.abs(outcome.factual["ftq"]).max()


def test_effects_wait_for_the_lead_and_claims_wait_longer(world):
    slow = [t for t in world.truth if t.lead_periods > 0 and t.shape == "saturating"][:10]
    assert slow
    for truth in slow:
        outcome = world.do(truth.enterprise_id, truth.parameter_id, setting(world, truth, 3.0), futures=4)
        assert not outcome.effect("ftq")[: truth.lead_periods].any()
        assert outcome.effect("ftq")[truth.lead_periods] != 0
        assert not outcome.effect("external_loss")[: truth.lead_periods + 2].any()
        assert outcome.effect("external_loss")[truth.lead_periods + 2 :].any()


def test_acting_in_the_past_leaves_the_past_before_it_alone(world):
    truth = next(t for t in world.truth if t.role == "cause" and t.lead_periods == 0)
    since = 24
    periods = [world.period(t) for t in range(48)]
    held = {truth.parameter_id: setting(world, truth, 3.0)}
    happened = world.expected(truth.enterprise_id, "ftq", periods)
    acted = world.expected(truth.enterprise_id, "ftq", periods, held, world.period(since))
    assert (happened[:since] == acted[:since]).all()
    assert (happened[since:] != acted[since:]).all()


def test_expected_history_is_what_the_counts_scatter_around(world, tables):
    frame = tables["deliveries"].to_pandas()
    total = frame.groupby(["enterprise_id", "period"])[["units", "nonconforming"]].sum()
    scores = []
    for (enterprise, period), row in total.iloc[::37].iterrows():
        chance = world.expected(enterprise, "ppm", [period])[0] * 1e-6
        mean, sd = row.units * chance, np.sqrt(row.units * chance) + 1
        scores.append((row.nonconforming - mean) / sd)
    assert abs(np.mean(scores)) < 0.35
    assert np.std(scores) < 1.6


def test_customers_feel_an_action_and_strangers_do_not(world):
    truth = next(
        t
        for t in world.truth
        if t.role == "detection" and world.plants.supply[:, world.plant(t.enterprise_id)].any()
    )
    supplier = world.plant(truth.enterprise_id)
    held = setting_of(world, supplier, {truth.parameter_id: setting(world, truth, -3.0)}, 40)
    acted, alone = (courses(world, s, 40, 47, 1)[0].months[-1].stress[0] for s in (held, None))
    changed = np.flatnonzero((acted != alone).any(axis=1))
    reach = np.linalg.matrix_power(np.eye(40) + (world.plants.supply > 0), 40)[:, supplier] > 0
    assert set(changed) <= set(np.flatnonzero(reach))
    assert set(np.flatnonzero(world.plants.supply[:, supplier])) <= set(changed)


def test_impossible_questions_say_what_is_allowed(world):
    truth = world.truth[0]
    with pytest.raises(WorldError, match="allowed"):
        world.do(truth.enterprise_id, truth.parameter_id, 1e9)
    with pytest.raises(UnknownNameError, match="allowed: .*" + truth.parameter_id):
        world.do(truth.enterprise_id, "no_such_lever", 1.0)
    with pytest.raises(UnknownNameError, match="E0001 … E0040"):
        world.expected("E9999", "ftq", [world.last_period])
    with pytest.raises(UnknownNameError, match="ftq, internal_loss"):
        world.expected("E0001", "yield", [world.last_period])
    with pytest.raises(UnknownNameError, match="additive, wear"):
        World(seed=1, family="tear")
