"""First months on joint paths as bits: how many of any group reach a level by a month is a population count.

Bit i of a word says whether one enterprise has reached the level by the month on the path. Words of a path
lie side by side, enterprises in order of region, so that a province is a short run of words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.results import HORIZONS as MONTHS
from models.results import LEVELS

Bits = NDArray[np.uint64]
"""4 levels (2 … 5) × 12 calendar months × P paths × words of 64 enterprises."""
Mask = NDArray[np.bool_]
WORD = 64


def pack(first: NDArray[np.uint8], late: NDArray[np.int64]) -> Bits:
    """Bits from `first` 4 × R × P: the month ahead (1 … 12; 0: there already, 255: not within twelve).

    `late` R says how many months an enterprise's records end before the latest of all: its paths begin so
    much earlier in the calendar.
    """
    planes = [
        [words(first[level] <= np.minimum(month + late, MONTHS)[:, None]) for month in range(1, MONTHS + 1)]
        for level in range(len(LEVELS) - 1)
    ]
    return np.ascontiguousarray(np.array(planes))


def words(reached: Mask) -> Bits:
    """Booleans R × P → words P × W, enterprise 64 w + i in bit i of word w."""
    rows = -(-reached.shape[0] // WORD) * WORD
    padded = np.zeros((reached.shape[1], rows), dtype=np.bool_)
    padded[:, : reached.shape[0]] = reached.T
    return np.packbits(padded, axis=1, bitorder="little").view("<u8")


def counts(bits: Bits, level: int, members: Mask) -> NDArray[np.int64]:
    """P × 12: how many of the members (R booleans) have reached a level by each month, path by path."""
    chosen = words(members[:, None])[0]
    used = np.flatnonzero(chosen)
    if not len(used):
        return np.zeros((bits.shape[2], bits.shape[1]), dtype=np.int64)
    run = slice(used[0], used[-1] + 1)
    found = np.bitwise_count(bits[level - LEVELS[1], :, :, run] & chosen[run])
    return np.asarray(found.sum(axis=2, dtype=np.int64).T)


def first_months(levels: NDArray[np.int8], steps: Sequence[int] = LEVELS[1:]) -> NDArray[np.uint8]:
    """Level paths R × P × 12 → 4 × R × P first months ahead at each step or above; 255 where never."""
    out = []
    for step in steps:
        there = levels >= step
        out.append(np.where(there.any(axis=2), there.argmax(axis=2) + 1, 255).astype(np.uint8))
    return np.stack(out)
