"""Probabilities that are read off a sample of level paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.results import LEVELS

IN_A_ROW = 3


@dataclass(frozen=True)
class Chances:
    """R × H × 5 shares of paths, by level 1 … 5: `exactly` that level in the month, `reached` it or a better
    one at least once up to then, `kept` it or a better one in three consecutive months, all of them by then.
    """

    exactly: NDArray[np.float64]
    reached: NDArray[np.float64]
    kept: NDArray[np.float64]

    @classmethod
    def of(cls, levels: NDArray[np.int8]) -> Chances:
        """Count level paths R × P × H."""
        exactly = np.stack([(levels == level).mean(axis=1) for level in LEVELS], axis=2)
        best = np.maximum.accumulate(levels, axis=2)
        kept = np.maximum.accumulate(lowest_in_a_row(levels), axis=2)
        return cls(exactly, _at_least(best), _at_least(kept))


def lowest_in_a_row(levels: NDArray[np.int8]) -> NDArray[np.int8]:
    """The lowest level of each month and the two before it; 0 while three have not passed."""
    out = np.zeros_like(levels)
    last = levels.shape[2] - IN_A_ROW + 1
    if last > 0:
        months = [levels[:, :, k : k + last] for k in range(IN_A_ROW)]
        out[:, :, IN_A_ROW - 1 :] = np.minimum.reduce(months)
    return out


def _at_least(levels: NDArray[np.int8]) -> NDArray[np.float64]:
    return np.stack([(levels >= level).mean(axis=1) for level in LEVELS], axis=2)
