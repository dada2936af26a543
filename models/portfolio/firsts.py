"""First months on joint paths: how many of any group reach a level by a month is a histogram of them.

A first month is a byte. Enterprises lie in order of region and an enterprise's paths side by side, so that a
province is one run of memory, and most of the run is skipped: who is not among the members, and who reaches
the level on no path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.results import LEVELS

Firsts = NDArray[np.uint8]
"""4 levels (2 … 5) × R × P: calendar months ahead of `Portfolio.today` at which a path is first at the level
or a better one (1: by the first, whenever that was); NEVER: not within the months that are kept."""
Mask = NDArray[np.bool_]
NEVER = 255
_AT_ONCE = 512  # enterprises: their bytes and keys stay in the processor's cache


def first_months(levels: NDArray[np.int8], steps: Sequence[int] = LEVELS[1:]) -> Firsts:
    """Level paths R × P × months → 4 × R × P first months ahead at each step or above; NEVER where never."""
    best = np.array(np.moveaxis(levels, 2, 0), order="C")
    for before, so_far in pairwise(best):
        np.maximum(before, so_far, out=so_far)
    below = np.stack([(best < step).sum(axis=0, dtype=np.uint8) for step in steps])
    return np.where(below == len(best), np.uint8(NEVER), below + np.uint8(1))


def in_calendar(first: Firsts, late: NDArray[np.int64]) -> Firsts:
    """First months ahead of each one's own records → ahead of the latest records of all.

    `late` R says how many months an enterprise's records end before those: its paths begin, and end, so much
    earlier in the calendar. What they reach before it is reached by the first month.
    """
    ahead = np.maximum(first.astype(np.int16) - late.astype(np.int16)[:, None], 1)
    return np.where(first == NEVER, NEVER, ahead).astype(np.uint8)


def counts(firsts: Firsts, level: int, members: Mask, months: int) -> NDArray[np.int64]:
    """P × months: how many of the members (R booleans) have reached a level by each month, path by path."""
    paths, bins = firsts.shape[2], months + 2
    found = np.zeros(paths * bins, dtype=np.int64)
    place = np.arange(paths) * bins
    for first in _runs(firsts[level - LEVELS[1]], np.flatnonzero(members)):
        moving = first[first.min(axis=1) <= months]
        key = np.add(np.minimum(moving, np.uint8(months + 1)), place, dtype=np.intp)
        found += np.bincount(key.ravel(), minlength=len(found))
    return np.asarray(found.reshape(paths, bins)[:, 1:-1].cumsum(axis=1))


def _runs(first: NDArray[np.uint8], rows: NDArray[np.intp]) -> Iterator[NDArray[np.uint8]]:
    """The bytes of some rows, so many at once; those of neighbours without a copy."""
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        whole = some[-1] - some[0] + 1 == len(some)
        yield first[some[0] : some[-1] + 1] if whole else first[some]
