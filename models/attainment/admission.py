"""Whether a Cpk will be admissible: a process becomes unstable, and a gate opens again when bad months have
left the window.

Two states with monthly chances of changing, learned from how official answers followed each other. An
enterprise's draws depend on its id alone, so that it gets the same answer whoever else is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from models.attainment.known import Mask

DOUBT = 4.0  # enterprise-months at which what was seen counts as much as the prior
PRIOR = (0.0, 0.2)


@dataclass(frozen=True)
class Admission:
    """Chances that an admissible Cpk is inadmissible a month later (`lost`), and the other way (`regained`).

    Zero for both holds today's state.
    """

    lost: float = 0.0
    regained: float = 0.0

    def inadmissible(
        self, enterprise_ids: Sequence[str], today: Mask, paths: int, months: int, seed: int
    ) -> Mask:
        """R × P × (months + 1): whether the Cpk is inadmissible today and 1 … months ahead; `today` R.

        Looking further ahead does not change what is nearer.
        """
        chance = np.empty((months, len(today), paths))
        for row, name in enumerate(enterprise_ids):
            chance[:, row] = np.random.default_rng([seed, crc32(name.encode())]).random((months, paths))
        out = np.empty((months + 1, len(today), paths), dtype=np.bool_)
        out[0] = today[:, None]
        stays, begins = chance >= self.regained, chance < self.lost
        for h in range(months):
            out[h + 1] = (out[h] & stays[h]) | (~out[h] & begins[h])
        return np.moveaxis(out, 0, -1)

    def to_dict(self) -> dict[str, float]:
        """JSON form."""
        return {"lost": round(self.lost, 6), "regained": round(self.regained, 6)}

    @classmethod
    def from_dict(cls, data: Mapping[str, float] | None) -> Admission:
        """What `to_dict` wrote; today's state held where nothing was written."""
        return cls(**data) if data else cls()


def learn_admission(before: Mask, after: Mask, months: int) -> Admission:
    """Monthly chances from pairs of official states that lie so many months apart (True: inadmissible).

    Of a chain with monthly chances a and b, the chances over m months are a and b times (1 − λᵐ) ÷ (1 − λ),
    λ = 1 − a − b.
    """
    lost = _share(after[~before], PRIOR[0])
    regained = _share(~after[before], 1.0 - (1.0 - PRIOR[1]) ** months)
    memory = max(1.0 - lost - regained, 0.0)
    step = (1.0 - memory ** (1.0 / months)) / (1.0 - memory) if memory < 1.0 else 0.0
    return Admission(lost * step, regained * step)


def _share(happened: Mask, prior: float) -> float:
    return float((happened.sum() + DOUBT * prior) / (len(happened) + DOUBT))
