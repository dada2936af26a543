"""The world lived again without an action: nothing else differs; one without a lever changed nothing."""

import numpy as np
import pytest

from features.simulator import World
from features.simulator.undone import undone


@pytest.fixture(scope="module")
def world():
    return World(21, 12, 48)


@pytest.fixture(scope="module")
def truths(world):
    return undone(world)


@pytest.fixture(scope="module")
def actions(world):
    return world.tables()["actions"].to_pandas().set_index("action_id")


def test_every_action_on_record_has_its_truth(truths, actions):
    assert set(truths) == set(actions.index)
    assert all(truths[name].enterprise_id == row.enterprise_id for name, row in actions.iterrows())


def test_what_was_done_is_what_happened(world, truths):
    for truth in list(truths.values())[:4]:
        plant = world.plant(truth.enterprise_id)
        lived = world.history.stacked("internal")[:, plant]
        np.testing.assert_allclose(truth.done["internal_loss"], lived, rtol=1e-12)


def test_actions_without_a_lever_or_dropped_change_nothing(truths, actions):
    idle = actions[actions["parameter_id"].isna() | (actions["status"] != "done")]
    assert len(idle) > 2
    for name in idle.index:
        np.testing.assert_array_equal(truths[name].done["ftq"], truths[name].left["ftq"])


def test_nothing_differs_before_the_finish_and_a_real_lever_does_something_after(world, truths, actions):
    real = actions[actions["parameter_id"].notna() & (actions["status"] == "done")]
    changed = 0
    for name, row in real.iterrows():
        finish = world.index(f"{row.finished_on:%Y-%m}")
        apart = truths[name].done["loss"] - truths[name].left["loss"]
        np.testing.assert_array_equal(apart[:finish], 0.0)
        changed += bool(np.abs(apart[finish:]).max() > 0)
    assert changed > len(real) / 2


def test_asking_for_one_is_asking_for_all(world, truths):
    name = list(truths)[3]
    alone = undone(world, [name])[name]
    np.testing.assert_array_equal(alone.left["ftq"], truths[name].left["ftq"])
