"""What other first months do to chances of reaching a level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.portfolio.bases import Basis
from models.portfolio.firsts import Firsts
from models.portfolio.horizon import AHEAD
from models.results import LEVELS

Array = NDArray[np.float64]


def gains(basis: Basis, before: Firsts, after: Firsts, late: NDArray[Any]) -> Iterator[tuple[str, Array]]:
    """Columns of chances, and by how much those of n enterprises (4 × n × P first months) change.

    Chances count from each one's own records, which end `late` (n) months before the latest of all. What lies
    before the calendar's first month cannot change.
    """
    gained = _shares(after, late) - _shares(before, late)
    for step, level in enumerate(LEVELS[1:]):
        for at, ahead in enumerate(AHEAD):
            yield f"{basis}.reach.{level}.{ahead}", gained[step, :, at]


def _shares(firsts: Firsts, late: NDArray[Any]) -> Array:
    """4 × n × AHEAD: shares of paths that are there by then."""
    by = np.array(AHEAD) - late[:, None]
    return np.stack([(firsts <= by[:, at, None]).mean(axis=2) for at in range(len(AHEAD))], axis=2)
