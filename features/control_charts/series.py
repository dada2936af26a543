"""Many series of unequal length laid end to end, so that every step of a chart is one pass of NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.capability.constants import Floats, Ints
from features.capability.samples import Flags

Grid = NDArray[Any]


@dataclass(frozen=True)
class Series:
    """Numbers in the order of time, series after series.

    `values` (float64, NaN where a point has no number), `owner` (the number of its series for every value:
    0 … count − 1, ascending). A series may be empty.
    """

    values: Floats
    owner: Ints
    count: int

    @classmethod
    def of(cls, *series: Any) -> Series:  # noqa: ANN401 - anything that NumPy takes as a vector
        """Lay vectors end to end."""
        vectors = [np.asarray(one, dtype=np.float64).ravel() for one in series]
        owner = np.repeat(np.arange(len(vectors)), [len(one) for one in vectors])
        return cls(np.concatenate([*vectors, np.zeros(0)]), owner, len(vectors))

    @cached_property
    def n(self) -> Ints:
        """Number of points per series."""
        return np.bincount(self.owner, minlength=self.count)

    @cached_property
    def first(self) -> Ints:
        """Where each series begins."""
        return np.cumsum(self.n) - self.n

    @cached_property
    def order(self) -> Ints:
        """0, 1, 2 … within the series."""
        return np.arange(len(self.owner)) - self.first[self.owner]

    @cached_property
    def mean(self) -> Floats:
        """Mean per series, NaN without a value; in two passes, so that a large offset costs no digits."""
        with np.errstate(invalid="ignore", divide="ignore"):
            rough = self.sums(self.values) / self.n
            return np.asarray(rough + self.sums(self.values - rough[self.owner]) / self.n)

    def sums(self, numbers: Any) -> Floats:  # noqa: ANN401 - any numeric array, one number per point
        """Return the sum per series of something that each point has."""
        return np.bincount(self.owner, weights=numbers, minlength=self.count).astype(np.float64, copy=False)

    def only(self, kept: Flags) -> Series:
        """Return the series without the points that are not `kept`; neighbours close up."""
        return Series(self.values[kept], self.owner[kept], self.count)

    def having(self, values: Floats) -> Series:
        """Return other numbers of the same points."""
        return Series(values, self.owner, self.count)

    def steps(self) -> Floats:
        """Return each value minus its predecessor, NaN for the first of a series."""
        return np.where(self.order > 0, np.diff(self.values, prepend=np.nan), np.nan)

    def moving_ranges(self, k: int = 2) -> Floats:
        """Return the range of each point and its k − 1 predecessors, NaN for the first k − 1 points."""
        if k < 2:
            raise ValueError(f"k: found {k}; allowed is a number of neighbours from 2 on")
        low, high = self.values.copy(), self.values.copy()
        for back in range(1, k):
            np.minimum(low[back:], self.values[:-back], out=low[back:])
            np.maximum(high[back:], self.values[:-back], out=high[back:])
        return np.where(self.order >= k - 1, high - low, np.nan)

    def run(self, flags: Flags) -> Ints:
        """Return how many points in a row, up to each point, have the flag."""
        at = np.arange(len(flags))
        broken = np.maximum.accumulate(np.where(flags, -1, at)) if len(flags) else at
        return np.minimum(at - broken, self.order + 1)

    def among(self, flags: Flags, window: int) -> Ints:
        """Return how many of the last `window` points of the series, up to each point, have the flag."""
        at = np.arange(len(flags))
        total = np.concatenate([[0], np.cumsum(flags)])
        return np.asarray(total[1:] - total[at - np.minimum(self.order, window - 1)], dtype=np.int64)

    def leading_to(self, ends: Flags, window: int) -> Flags:
        """Return the points that lie in a window of `window` points which ends at one of `ends`."""
        last = np.flatnonzero(ends)
        covered = ends.copy()
        for back in range(1, window):
            last = last[self.order[last] >= back]
            covered[last - back] = True
        return covered

    def blocks(self) -> Iterator[tuple[Flags, Ints]]:
        """Yield grids (series × longest): which cells are real, and the point that stands in each.

        Series of similar length stand together, so that padding at most doubles the work.
        """
        scale = np.where(self.n > 0, np.ceil(np.log2(np.maximum(self.n, 1))), -1)
        for step in np.unique(scale[scale >= 0]):
            members = np.flatnonzero(scale == step)
            cells = np.arange(self.n[members].max())[None, :]
            inside: Flags = cells < self.n[members][:, None]
            yield inside, np.where(inside, self.first[members][:, None] + cells, 0)
