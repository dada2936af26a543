"""Trials really run: levers set month by month to a plan, and what the records would show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.simulator.counterfactual import future_noise, standard
from features.simulator.engine import Schedule
from features.simulator.faults import WorldError
from features.simulator.history import imagine
from features.simulator.levers import SLOTS
from features.simulator.observed.shopfloor import LOT_SPREAD, LOTS, lot_size
from features.simulator.oracle import observed_targets
from features.simulator.plants import Plants
from features.simulator.state import Month
from features.simulator.streams import Array, stream
from features.simulator.targets import true_targets

if TYPE_CHECKING:
    from features.simulator.world import World

Plan = Mapping[tuple[str, str], Mapping[str, float]]
"""(enterprise_id, parameter_id) to the value, in the lever's unit, of each planned month 'YYYY-MM'."""


@dataclass(frozen=True)
class Trial:
    """What happened in R futures: `observed` as records count it, `expected` without the counting.

    Both map a target to (months, R, N), plants in the world's order, `periods` naming the months. `steps` and
    `expected_steps` (months, R, N, J) are first-pass yields of the processes; their counting is drawn apart.
    """

    periods: tuple[str, ...]
    observed: Mapping[str, Array]
    expected: Mapping[str, Array]
    steps: Array
    expected_steps: Array


def run_trial(world: World, plan: Plan, months: int, futures: int) -> Trial:
    """Follow `plan` in `futures` futures of `months` months after history; other levers are left alone.

    All plants live in the same futures, so those without a plan can serve as controls. Raises WorldError for
    a month outside the trial or an impossible setting.
    """
    held = np.zeros((months, 1, world.plants.count, SLOTS), dtype=np.bool_)
    value = np.zeros(held.shape)
    for (enterprise, parameter), settings in plan.items():
        plant = world.plant(enterprise)
        for period, natural in settings.items():
            month = world.index(period) - world.months
            if not 0 <= month < months:
                raise WorldError(
                    f"{period} lies outside the trial's {months} months after {world.last_period}"
                )
            slot, z = standard(world, plant, parameter, natural)
            held[month, 0, plant, slot], value[month, 0, plant, slot] = True, z
    noise = future_noise(world, world.months - 1, months, futures)
    schedule = Schedule(held, value, world.months)
    course, _ = imagine(world.engine, world.history.states[-1], noise, schedule)
    rng = stream(world.seed, "trial", world.months)
    seen = [observed_targets(rng, world.plants, month) for month in course.months]
    true = [true_targets(world.plants, month) for month in course.months]
    return Trial(
        periods=tuple(world.period(world.months + i) for i in range(months)),
        observed={name: np.stack([month[name] for month in seen]) for name in seen[0]},
        expected={name: np.stack([month[name] for month in true]) for name in true[0]},
        steps=np.stack([_counted_steps(rng, world.plants, month) for month in course.months]),
        expected_steps=np.stack([_mixed(world.plants, month.nonconforming) for month in course.months]),
    )


def _mixed(plants: Plants, failing: Array) -> Array:
    """First-pass yield (R, N, J) of each process over its products, from chances (R, N, K, J)."""
    return np.asarray(1 - (failing * plants.mix[:, :, None]).sum(axis=2))


def _counted_steps(rng: np.random.Generator, plants: Plants, month: Month) -> Array:
    lots = np.exp(LOT_SPREAD / np.sqrt(LOTS) * rng.standard_normal(month.nonconforming.shape))
    size = np.maximum(np.rint(LOTS * lot_size(plants)), 1).astype(np.int64)[..., None]
    failed = rng.binomial(size, np.minimum(month.nonconforming * lots, 1.0)) / size
    return _mixed(plants, failed)
