"""Plants that share monthly shocks, and in which nothing changes or one input does."""

from __future__ import annotations

from collections.abc import Iterator
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


def alarms(world: World, seed: int, worlds: int, shift: float = 0.0) -> Iterator[list[bool]]:
    """Which inputs of each drawn world raise an alarm; the first input is shifted by so many deviations."""
    rng, before = np.random.default_rng(seed), SPLITS[world.months]
    for _ in range(worlds):
        values = world.draw(rng)
        values[0, :, before:] += shift * world.deviation()
        monthly = np.stack([level(of_input, before) for of_input in values])
        yield holm(changes(monthly, before).p_value.tolist(), FALSE_ALARM)


def false_alarms(world: World, seed: int, worlds: int) -> int:
    """In how many worlds without any change there is an alarm."""
    return sum(any(raised) for raised in alarms(world, seed, worlds))


def power(world: World, shift: float, seed: int, worlds: int) -> float:
    """Share of worlds in which the alarm of the shifted input is raised."""
    return float(np.mean([raised[0] for raised in alarms(world, seed, worlds, shift)]))


def ever(world: World, seed: int, worlds: int, looks: int = 12) -> float:
    """Share of unchanged worlds in which one of `looks` monthly checks raises an alarm."""
    rng, before, found = np.random.default_rng(seed), world.months - looks - 2, 0
    for _ in range(worlds):
        values = world.draw(rng)
        monthly = np.stack([level(of_input, before) for of_input in values])
        p_values = (changes(monthly[:, : before + 3 + look], before).p_value for look in range(looks))
        found += any(any(holm(p.tolist(), FALSE_ALARM)) for p in p_values)
    return found / worlds
