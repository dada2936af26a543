"""How settings become stress: the part in which structural families differ."""

from typing import Protocol

import numpy as np

from features.simulator.levers import Levers
from features.simulator.scenario import Scenario
from features.simulator.streams import Array


class Mechanism(Protocol):
    """A structural family: from the settings in force to log-odds of nonconformity per process."""

    claim_shape: Array
    """Share of an escape's external cost that arrives 1, 2, … 6 months later."""

    def at_rest(self) -> Array:
        """The memory (1, N, L) of a plant that has always stood at its usual settings."""
        ...

    def stress(self, felt: Array, load: Array, memory: Array) -> tuple[Array, Array]:
        """Stress (R, N, J) added by the settings and the new memory (R, N, L).

        Args:
            felt: (R, N, L) the settings that act this month (each lever's lead already waited for).
            load: (R, N) demand in standard units.
            memory: (R, N, L) what the last month left.
        """
        ...

    def slope(self) -> Array:
        """(N, L) lasting change of its processes' log-odds per standard unit, at the usual settings."""
        ...


class Additive:
    """The first family: separate effects add up in log-odds, each with its shape, its lead and its echo."""

    claim_shape = np.array([0.0, 0.15, 0.30, 0.27, 0.18, 0.10])

    def __init__(self, levers: Levers, scenario: Scenario) -> None:
        self._levers = levers
        self._bend = scenario.nonlinearity
        self._rest = self._response(levers.home)
        self._a = np.arange(levers.home.shape[0])

    def at_rest(self) -> Array:
        """No effect carried over."""
        return np.zeros((1, *self._levers.home.shape))

    def _response(self, z: Array) -> Array:
        """Effect of a setting: straight, flattening, or a valley around the best place."""
        lv = self._levers
        bend = self._bend
        flattened = (1 - bend) * z + bend * 1.3 * np.tanh(z / 1.3)
        valley = bend * 0.5 * (z - lv.best) ** 2 - (1 - bend) * lv.best * z
        straight = np.where(lv.saturating, flattened, z)
        return np.asarray(lv.theta * np.where(lv.optimum, valley, straight))

    def stress(self, felt: Array, load: Array, memory: Array) -> tuple[Array, Array]:
        """Echoes of last month plus this month's response, landed on processes; pairs act on the first's."""
        lv = self._levers
        memory = lv.carry * memory + (1 - lv.carry) * (self._response(felt) - self._rest)
        landed = np.einsum("rnl,nlj->rnj", memory, lv.into)
        for k in range(lv.pair.shape[1]):
            first, second = lv.pair[:, k, 0], lv.pair[:, k, 1]
            moved = felt - lv.home
            product = lv.together[:, k] * moved[:, self._a, first] * moved[:, self._a, second]
            landed = landed + product[:, :, None] * lv.into[self._a, first]
        return landed, memory

    def slope(self) -> Array:
        """Derivative of the response at home (an interaction has none there)."""
        lv, bend = self._levers, self._bend
        flat = (1 - bend) + bend * (1 - np.tanh(lv.home / 1.3) ** 2)
        valley = bend * (lv.home - lv.best) - (1 - bend) * lv.best
        return np.asarray(lv.theta * np.where(lv.optimum, valley, np.where(lv.saturating, flat, 1.0)))


def build_mechanism(family: str, levers: Levers, scenario: Scenario) -> Mechanism:
    """The mechanism of a family by name. Raises ValueError naming the families."""
    families = {"additive": Additive}
    if family not in families:
        raise ValueError(f"family {family!r} is not known; allowed: {', '.join(families)}")
    return families[family](levers, scenario)
