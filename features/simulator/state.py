"""What a plant carries from one month into the next, and what one month leaves behind."""

from dataclasses import dataclass

import numpy as np

from features.simulator.levers import LONGEST_LEAD, SLOTS
from features.simulator.plants import PROCESSES
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array

LONGEST_CLAIM = 6


@dataclass(frozen=True)
class State:
    """Hidden state of R futures × N plants at the end of a month `t` (months since the world's first).

    wander: the levers' own movement; answer: reaction to trouble still in force; settings: the last
    `LONGEST_LEAD` months of z, newest first; memory: what the mechanism keeps (carried effects, or wear);
    usual: slow average of the stress that people call normal; escaped: value delivered nonconforming,
    newest first, for the claims to come; trouble: what customers will feel next month.
    """

    t: int
    hidden: Array  # (R, N)
    demand: Array  # (R, N)
    sector: Array  # (R, S)
    province: Array  # (R,)
    shift: Array  # (R, N)
    process: Array  # (R, N, J)
    wander: Array  # (R, N, L)
    answer: Array  # (R, N)
    settings: Array  # (LONGEST_LEAD, R, N, L)
    memory: Array  # (R, N, L)
    stress: Array  # (R, N)
    usual: Array  # (R, N)
    escaped: Array  # (LONGEST_CLAIM, R, N)
    trouble: Array  # (R, N)

    def copies(self, futures: int) -> "State":
        """The same state as the start of several futures."""
        if self.province.shape[0] == futures:
            return self
        settings = np.repeat(self.settings, futures, axis=1)
        escaped = np.repeat(self.escaped, futures, axis=1)
        rest = {name: np.repeat(getattr(self, name), futures, axis=0) for name in _BY_FUTURE}
        return State(t=self.t, settings=settings, escaped=escaped, **rest)


_BY_FUTURE = tuple(name for name in State.__dataclass_fields__ if name not in ("t", "settings", "escaped"))
"""Fields whose first axis is the future (the others have it second, or not at all)."""


@dataclass(frozen=True)
class Month:
    """What one month was like, before anybody counted or measured anything; R futures × N plants.

    stress (R, N, J): log-odds above the plant's baseline; nonconforming (R, N, K, J): chance per process and
    product; escape (R, N, K): chance that a delivered unit is nonconforming; output: CNY; internal, external:
    expected losses ÷ output; caught: failing units found inside, relative to the baseline.
    """

    z: Array
    stress: Array
    nonconforming: Array
    escape: Array
    output: Array
    internal: Array
    external: Array
    caught: Array
    downtime: Array
    process: Array
    trouble: Array


def initial_state(plants: int, t: int, home: Array, memory: Array) -> State:
    """Everything at rest: the burn-in takes it from here."""
    zero, tall = np.zeros((1, plants)), np.zeros((1, plants, PROCESSES))
    return State(
        t=t,
        hidden=zero,
        demand=zero,
        sector=np.zeros((1, len(SECTORS))),
        province=np.zeros(1),
        shift=zero,
        process=tall,
        wander=np.zeros((1, plants, SLOTS)),
        answer=zero,
        settings=np.broadcast_to(home, (LONGEST_LEAD, 1, plants, SLOTS)).copy(),
        memory=memory,
        stress=zero,
        usual=zero,
        escaped=np.zeros((LONGEST_CLAIM, 1, plants)),
        trouble=zero,
    )
