"""Advice is judged by acting on it."""

import numpy as np
import pytest

from features.simulator.faults import UnknownNameError
from features.simulator.levers import slot_of


@pytest.fixture(scope="module")
def moves(world):
    return world.gains("loss", futures=12)


def test_only_actionable_parameters_are_moved(world, moves):
    role = {(t.enterprise_id, t.parameter_id): t for t in world.truth}
    asked = {(e, p) for e, p in zip(moves.enterprise_id, moves.parameter_id, strict=True)}
    assert asked == {key for key, t in role.items() if t.kind == "actionable"}


def test_placebos_gain_nothing_and_the_best_action_gains(world, moves):
    placebo = {(t.enterprise_id, t.parameter_id) for t in world.truth if t.role == "placebo"}
    useless = [key in placebo for key in zip(moves.enterprise_id, moves.parameter_id, strict=True)]
    assert moves.gain[useless].abs().max() == 0
    assert (moves.groupby("enterprise_id").gain.max() > 0).all()
    assert (moves.cost >= 0).all()


def test_moves_stay_within_what_the_line_has_shown(world, moves):
    z = world.history.stacked("z")[-36:]
    for row in moves.iloc[::17].itertuples():
        n = world.plant(row.enterprise_id)
        slot = slot_of(int(world.plants.sector[n]), row.parameter_id)
        shown = world.levers.centre[n, slot] + world.levers.scale[n, slot] * z[:, n, slot]
        assert shown.min() <= row.to_value <= shown.max()


def test_realised_agrees_with_gains_whatever_the_order(world, moves):
    some = moves.sample(30, random_state=1)
    advice = list(zip(some.enterprise_id, some.parameter_id, some.to_value, strict=True))
    assert np.allclose(world.realised(advice, futures=12), some.gain, rtol=1e-9, atol=1e-3)


def test_realised_agrees_with_do(world):
    truth = next(
        t
        for t in world.truth
        if t.role == "detection" and not world.plants.supply[world.plant(t.enterprise_id)].any()
    )
    n = world.plant(truth.enterprise_id)
    slot = slot_of(int(world.plants.sector[n]), truth.parameter_id)
    to = float(world.levers.centre[n, slot] + 2 * world.levers.scale[n, slot])
    effect = world.do(truth.enterprise_id, truth.parameter_id, to, futures=24).effect("ppm").mean()
    gain = world.realised([(truth.enterprise_id, truth.parameter_id, to)], "ppm", futures=24)
    assert gain[0] == pytest.approx(-effect)


def test_best_action_is_the_best_move(world):
    best = world.best_action("E0001", "ftq")
    own = world.gains("ftq")
    assert best.gain == own[own.enterprise_id == "E0001"].gain.max()


def test_unknown_target_is_named(world):
    with pytest.raises(UnknownNameError, match="loss"):
        world.gains("happiness")
