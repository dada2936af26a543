"""The judge's truth against the world's own answers, which were written apart from it."""

import numpy as np
import pytest

from features.simulator import World
from features.simulator.faults import WorldError
from models.judge.truth import Truth


def test_every_gain_is_what_the_world_says(truth):
    told = truth.grid().sort_values(["enterprise_id", "parameter_id", "to"], ignore_index=True)
    world = truth.world.gains("loss", futures=8)
    assert len(told) == len(world) > 200
    np.testing.assert_array_equal(told["parameter_id"], world["parameter_id"])
    np.testing.assert_allclose(told["to"], world["to_value"])
    np.testing.assert_allclose(told["gain"], world["gain"], rtol=1e-9, atol=1e-3)


def test_effects_are_those_of_a_do_intervention_asked_alone():
    # without suppliers nothing has to be held, so `World.do` answers the same question
    alone = Truth(World(seed=6, enterprises=3, months=24), futures=8)
    alone.world.plants.supply[:] = 0.0
    told = Truth(alone.world, futures=8).grid().iloc[::11]
    for move in told.itertuples():
        acted = alone.world.do(move.enterprise_id, move.parameter_id, move.to, futures=8)
        for target in ("ftq", "ppm", "internal_loss", "external_loss", "cpk"):
            expected = acted.effect(target).mean()
            assert told.loc[move.Index, f"effect.{target}"] == pytest.approx(expected, rel=1e-9, abs=1e-12)
        before, after = (np.mean(x["ppm"]) for x in (acted.factual, acted.acted_on))
        assert move.leaks == (after > before * (1 + 1e-9))


def test_a_move_costs_its_distance_from_where_the_lever_stands_left_alone(truth):
    world, move = truth.world, truth.grid().iloc[0]
    plant, slot = world.plant(move["enterprise_id"]), 0
    centre, scale = world.levers.centre[plant, slot], world.levers.scale[plant, slot]
    stands = centre + scale * truth.alone.place[plant, slot]
    (there,) = truth.of([(move["enterprise_id"], move["parameter_id"], float(stands))])["cost"]
    assert there == pytest.approx(0.0, abs=1e-6)
    expected = 12 * world.levers.cost[plant, slot] * abs(move["to"] - stands)
    assert move["cost"] == pytest.approx(expected)
    assert move["net"] == pytest.approx(move["gain"] - expected)


def test_plants_that_act_together_do_not_meet_and_order_is_kept(truth):
    moves = [
        tuple(row)
        for row in truth.grid()[["enterprise_id", "parameter_id", "to"]].sample(12, random_state=1).to_numpy()
    ]
    fresh = Truth(truth.world, futures=8)
    one_by_one = [Truth.of(fresh, [move]).iloc[0]["gain"] for move in reversed(moves)][::-1]
    np.testing.assert_allclose(truth.of(moves)["gain"], one_by_one)


def test_nothing_asked_nothing_told_and_the_impossible_is_refused(truth):
    assert truth.of([]).empty
    enterprise, parameter = truth.grid().iloc[0][["enterprise_id", "parameter_id"]]
    with pytest.raises(WorldError, match="impossible"):
        truth.of([(enterprise, parameter, 1e9)])
