"""Improvement actions that plants really carried out: they move the usual setting of a lever for good."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.simulator.levers import SLOTS, Levers
from features.simulator.plants import Plants
from features.simulator.scenario import Scenario
from features.simulator.streams import Array, Flags, Whole, stream

NO_LEVER = -1


@dataclass(frozen=True)
class Actions:
    """One entry per action: plant, slot (or NO_LEVER), months, step in z, and whether it was dropped."""

    plant: Whole
    slot: Whole
    start: Whole
    finish: Whole
    step: Array
    dropped: Flags
    moved: Array  # (H, N, L) cumulative shift of the usual settings


def _better(levers: Levers) -> Array:
    """Direction of improvement as engineers believe it, (N, L); unknown (0) for a placebo."""
    slope = np.where(levers.optimum, levers.theta * (levers.home - levers.best), levers.theta)
    return np.asarray(-np.sign(slope + levers.detection))


def _movable(levers: Levers) -> Flags:
    """Actionable parameters: everything with a usual setting that people decide on."""
    acts = (levers.theta != 0) | (levers.detection != 0) | (levers.react != 0)
    return np.asarray(levers.present & acts & (levers.demand < 1.0) & (levers.season < 1.0))


def draw_actions(seed: int, plants: Plants, levers: Levers, months: int, scenario: Scenario) -> Actions:
    """About one action per plant and thirty months; a third touch no recorded lever and change nothing."""
    rng = stream(seed, "actions")
    n, per_plant = plants.count, max(1, months // 15)
    happens = rng.random((per_plant, n)) < 0.5 * scenario.actions
    start = rng.integers(0, months, (per_plant, n))
    slot = np.argmax(rng.random((per_plant, n, SLOTS)) * _movable(levers), axis=2)
    slot = np.where(rng.random((per_plant, n)) < 0.33, NO_LEVER, slot)
    length = rng.integers(1, 4, (per_plant, n))
    size = rng.uniform(0.5, 1.2, (per_plant, n))
    luck = np.where(rng.random((per_plant, n)) < 0.85, 1.0, -1.0)
    dropped = rng.random((per_plant, n)) < 0.12
    which, plant = np.nonzero(happens)
    slots = slot[which, plant]
    direction = np.where(slots == NO_LEVER, 0.0, _better(levers)[plant, slots])
    step = (size * luck)[which, plant] * np.where(direction == 0, 1.0, direction)
    begins, ends = start[which, plant], (start + length)[which, plant]
    off = dropped[which, plant] | (slots == NO_LEVER)
    return Actions(
        plant,
        slots,
        begins,
        ends,
        step,
        dropped[which, plant],
        _moved(months, n, plant, slots, ends, step, off),
    )


def without(actions: Actions, places: Sequence[int], shape: tuple[int, ...]) -> Array:
    """Shifts of the usual settings, `shape` (H, N, L), had these actions (indices) never been carried out."""
    off = actions.dropped | (actions.slot == NO_LEVER)
    off[list(places)] = True
    months, n, _ = shape
    return _moved(months, n, actions.plant, actions.slot, actions.finish, actions.step, off)


def _moved(months: int, n: int, plant: Whole, slot: Whole, finish: Whole, step: Array, off: Flags) -> Array:
    moved = np.zeros((months, n, SLOTS))
    real = ~off & (finish < months)
    np.add.at(moved, (finish[real], plant[real], slot[real]), step[real])
    return np.asarray(np.clip(np.cumsum(moved, axis=0), -1.5, 1.5))
