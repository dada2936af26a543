"""A second structural family: machines wear, damage shows beyond a threshold, and a calendar mends them."""

import numpy as np

from features.simulator.levers import SLOTS, Levers
from features.simulator.scenario import Scenario
from features.simulator.streams import Array

_PACE, _THRESHOLD, _LIMIT = 0.22, 0.35, 2.0
_CYCLES = 60
"""Months over which the mean stress of untouched machines is taken (a common multiple of the calendars)."""


class Wear:
    """Settings do not act on quality but on the speed of wear; damages add up in odds, not in log-odds.

    Each parameter governs a component with wear w. A month adds pace · exp(steepness · θ · (z − home)
    + 0.12 · load); the plant's maintenance calendar, or wear at the limit, renews it. Damage is the square of
    the wear beyond a threshold. Parameters with an optimum act at once, by their distance from it.
    """

    claim_shape = np.array([0.0, 0.05, 0.10, 0.20, 0.30, 0.35])

    def __init__(self, levers: Levers, scenario: Scenario) -> None:
        self._levers, self._steep = levers, 3.2 * (0.5 + 0.5 * scenario.nonlinearity)
        self._rest = np.zeros(levers.into.shape[::2])
        self._rest = self._mean(levers.home)

    def at_rest(self) -> Array:
        """New machines; the burn-in wears them."""
        return np.zeros((1, *self._levers.home.shape))

    def stress(self, felt: Array, load: Array, memory: Array, t: int) -> tuple[Array, Array]:
        """Log of one plus the damages at each process, above its mean at the usual settings."""
        lv = self._levers
        pushed = np.clip(self._steep * lv.theta * (felt - lv.home), -1.5, 1.5)
        worn = memory + np.where(lv.theta != 0, _PACE * np.exp(pushed + 0.12 * load[..., None]), 0.0)
        hurt = 5.0 * np.abs(lv.theta) * np.maximum(worn - _THRESHOLD, 0.0) ** 2
        away = 0.7 * lv.theta * (felt - lv.best) ** 2
        damage = np.einsum("rnl,nlj->rnj", np.where(lv.optimum, away, hurt), lv.into)
        renewed = ((t + lv.phase_of_calendar) % lv.calendar == 0) | (worn > _LIMIT)
        return np.log1p(damage) - self._rest, np.where(renewed, 0.0, worn)

    def _mean(self, z: Array) -> Array:
        """Mean stress (N, J) of machines held at z for many calendars."""
        memory, load, total = self.at_rest(), np.zeros((1, len(z))), np.zeros(self._rest.shape)
        for t in range(-12, _CYCLES):
            stress, memory = self.stress(z[None], load, memory, t)
            total = total + (stress[0] if t >= 0 else 0.0)
        return np.asarray(total / _CYCLES)

    def slope(self) -> Array:
        """Mean lasting change of stress per standard unit at the usual settings, by central differences."""
        lv, step = self._levers, 0.25
        answer = np.zeros(lv.home.shape)
        for slot in range(SLOTS):
            move = np.zeros(SLOTS)
            move[slot] = step
            change = self._mean(lv.home + move) - self._mean(lv.home - move)
            touched = lv.into[:, slot]
            answer[:, slot] = (change * touched).sum(axis=1) / np.maximum(touched.sum(axis=1), 1.0)
        return answer / (2 * step)
