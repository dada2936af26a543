"""Asking the world what would have happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.simulator.engine import Setting
from features.simulator.faults import UnknownNameError, WorldError
from features.simulator.history import Course, imagine, replay
from features.simulator.levers import SLOTS, slot_of
from features.simulator.noise import Noise, draw_noise
from features.simulator.streams import Array
from features.simulator.targets import TARGETS, true_targets

if TYPE_CHECKING:
    from features.simulator.world import World

Z_LIMIT = 3.5


@dataclass(frozen=True)
class WhatIf:
    """One plant with and without a setting: expected targets by month.

    Attributes:
        periods: months 'YYYY-MM', from the first month of the setting on.
        factual, acted_on: target to values of those months, leaving alone and acting.
    """

    enterprise_id: str
    interventions: Mapping[str, float]
    periods: tuple[str, ...]
    factual: Mapping[str, Array]
    acted_on: Mapping[str, Array]

    def effect(self, target: str) -> Array:
        """Acting minus leaving alone, month by month, in the target's unit."""
        return np.asarray(self.acted_on[target] - self.factual[target])

    def values(self, target: str, periods: Sequence[str]) -> Array:
        """A target in some of the months, acting."""
        if target not in TARGETS:
            raise UnknownNameError("target", target, ", ".join(TARGETS))
        return np.asarray([self.acted_on[target][self.periods.index(period)] for period in periods])


def standard(world: World, plant: int, parameter_id: str, value: float) -> tuple[int, float]:
    """Slot and standard value of a setting. Raises WorldError if missing, or impossible."""
    slot = slot_of(int(world.plants.sector[plant]), parameter_id)
    lv = world.levers
    if not lv.present[plant, slot]:
        raise WorldError(f"{world.enterprises[plant]} has no parameter {parameter_id!r}")
    z = (value - lv.centre[plant, slot]) / lv.scale[plant, slot]
    if not abs(z) <= Z_LIMIT:
        low, high = (lv.centre[plant, slot] + sign * Z_LIMIT * lv.scale[plant, slot] for sign in (-1, 1))
        raise WorldError(
            f"{parameter_id} of {world.enterprises[plant]}: {value} is impossible; allowed {low:g} … {high:g}"
        )
    return slot, float(z)


def setting_of(world: World, plant: int, interventions: Mapping[str, float], since: int) -> Setting:
    """The do-intervention that holds some parameters of one plant."""
    held = np.zeros((1, world.plants.count, SLOTS), dtype=np.bool_)
    value = np.zeros((1, world.plants.count, SLOTS))
    for parameter_id, natural in interventions.items():
        slot, z = standard(world, plant, parameter_id, natural)
        held[0, plant, slot], value[0, plant, slot] = True, z
    return Setting(held, value, since)


def future_noise(world: World, origin: int, horizon: int, futures: int) -> Noise:
    """The draws of all futures after `origin`: the same for every question asked of it."""
    return draw_noise(world.seed, f"future {origin}", horizon, futures, world.plants.count)


def courses(world: World, setting: Setting | None, start: int, until: int, futures: int) -> list[Course]:
    """History lived again from `start`, then futures to month `until`."""
    end, parts = world.months - 1, []
    state = world.history.state_before(min(start, end + 1))
    if start <= end:
        past, state = replay(world.engine, world.history, start, min(until, end), setting)
        parts.append(past)
    if until > end:
        noise = future_noise(world, end, until - end, futures)
        parts.append(imagine(world.engine, state, noise, setting)[0])
    return parts


def _means(world: World, parts: list[Course], plant: int, start: int) -> dict[str, Array]:
    months = [(part.start + i, m) for part in parts for i, m in enumerate(part.months)]
    rows = [true_targets(world.plants, month) for t, month in months if t >= start]
    return {target: np.asarray([row[target][:, plant].mean() for row in rows]) for target in TARGETS}


def what_if(
    world: World,
    enterprise_id: str,
    interventions: Mapping[str, float],
    since: int,
    months: tuple[int, int],
    futures: int,
) -> WhatIf:
    """Compare acting from month `since` on with leaving alone, over the months first … last."""
    plant = world.plant(enterprise_id)
    first, last = months
    start = max(min(first, since), 0)
    factual = _means(world, courses(world, None, start, last, futures), plant, first)
    acted = factual
    if interventions:
        setting = setting_of(world, plant, interventions, since)
        acted = _means(world, courses(world, setting, start, last, futures), plant, first)
    periods = tuple(world.period(t) for t in range(first, last + 1))
    return WhatIf(enterprise_id, dict(interventions), periods, factual, acted)
