"""Everything that comes from outside: standard draws, made once and shared by every what-if."""

from dataclasses import dataclass

import numpy as np

from features.simulator.levers import SLOTS
from features.simulator.plants import PROCESSES
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array, stream


@dataclass(frozen=True)
class Noise:
    """Standard normal draws (uniform where said) of H months, R futures, N plants.

    hidden, demand, notice (how a month is perceived), jump_size: (H, R, N); jump: uniform (H, R, N);
    process: (H, R, N, J); lever: (H, R, N, L); sector: (H, R, S); province: (H, R).
    """

    hidden: Array
    demand: Array
    notice: Array
    jump: Array
    jump_size: Array
    process: Array
    lever: Array
    sector: Array
    province: Array

    def month(self, h: int) -> "Noise":
        """One month's draws (the first axis taken away)."""
        return Noise(**{name: getattr(self, name)[h] for name in self.__dataclass_fields__})


def draw_noise(seed: int, purpose: str, months: int, futures: int, plants: int) -> Noise:
    """Draws month by month, so that a longer world begins like a shorter one of the same seed."""

    def normal(name: str, *tail: int) -> Array:
        return stream(seed, purpose, name).standard_normal((months, futures, *tail))

    return Noise(
        hidden=normal("hidden", plants),
        demand=normal("demand", plants),
        notice=normal("notice", plants),
        jump=stream(seed, purpose, "jump").random((months, futures, plants)),
        jump_size=normal("jump size", plants),
        process=normal("process", plants, PROCESSES),
        lever=normal("lever", plants, SLOTS),
        sector=normal("sector", len(SECTORS)),
        province=np.asarray(normal("province")),
    )
