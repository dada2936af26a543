"""Plants that share monthly shocks, and in which nothing changes or one input does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.drift.change import autoregression, changes
from models.drift.report import FALSE_ALARM, holm
from models.drift.series import level

SPLITS = {12: 9, 24: 18, 36: 24}
"""Months in all: months trained on."""
OWN = 2.0  # spread of a plant's own months, in spreads of what all plants share
YEARS_OF_BURN_IN = 5


@dataclass(frozen=True)
class World:
    """Months in all, strength of the autoregression, shape of the shocks, number of inputs and plants."""

    months: int
    strength: float
    skewed: bool
    inputs: int
    plants: int

    def shocks(self, rng: np.random.Generator, *shape: int) -> np.ndarray:
        """Mean 0, variance 1; skewed ones are exponential (skewness 2)."""
        return rng.exponential(size=shape) - 1.0 if self.skewed else rng.standard_normal(shape)

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """Inputs × plants × months."""
        long = self.months + 12 * YEARS_OF_BURN_IN
        shared = autoregression(self.shocks(rng, self.inputs, long), self.strength)[:, None, -self.months :]
        own = self.shocks(rng, self.inputs, self.plants, self.months)
        return shared + OWN * own + 10.0 * rng.standard_normal((self.inputs, self.plants, 1))

    def deviation(self) -> float:
        """Standard deviation of a month's mean over plants."""
        return float(np.sqrt(1.0 + OWN**2 / self.plants))


def p_values(world: World, seed: int, worlds: int, shift: float = 0.0) -> np.ndarray:
    """Worlds × inputs; the first input of each is shifted by so many deviations of its months."""
    rng, before = np.random.default_rng(seed), SPLITS[world.months]
    monthly = []
    for _ in range(worlds):
        values = world.draw(rng)
        values[0, :, before:] += shift * world.deviation()
        monthly += [level(of_input, before) for of_input in values]
    return changes(np.stack(monthly), before).p_value.reshape(worlds, world.inputs)


def false_alarms(world: World, seed: int, worlds: int) -> int:
    """In how many worlds without any change there is an alarm."""
    return sum(any(holm(list(own), FALSE_ALARM)) for own in p_values(world, seed, worlds))


def power(world: World, shift: float, seed: int, worlds: int) -> float:
    """Share of worlds in which the alarm of the shifted input is raised."""
    return float(np.mean([holm(list(own), FALSE_ALARM)[0] for own in p_values(world, seed, worlds, shift)]))


def ever(world: World, seed: int, worlds: int, looks: int = 12) -> float:
    """Share of unchanged worlds in which one of `looks` monthly checks raises an alarm."""
    rng, before = np.random.default_rng(seed), world.months - looks - 2
    monthly = np.stack(
        [level(of_input, before) for _ in range(worlds) for of_input in world.draw(rng)],
    )
    found = np.zeros(worlds, dtype=bool)
    for look in range(looks):
        each = changes(monthly[:, : before + 3 + look], before).p_value.reshape(worlds, world.inputs)
        found |= [any(holm(list(own), FALSE_ALARM)) for own in each]
    return float(found.mean())
