"""The first structural family: separate effects of settings, added up in log-odds."""

import numpy as np

from features.simulator.levers import Levers
from features.simulator.scenario import Scenario
from features.simulator.streams import Array


class Additive:
    """Each effect has its shape, its lead and its echo; named pairs interact."""

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

    def stress(self, felt: Array, load: Array, memory: Array, t: int) -> tuple[Array, Array]:
        """Echoes of last month plus this month's response, landed on processes; pairs act on the first's."""
        del load, t  # neither demand nor the date changes what a setting does in this family
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
