"""Means of nested groups, each drawn to the group around it as far as its own members cannot tell them apart.

Values become normal scores of their ranks among everybody, so that one unit is alike everywhere and no
outlier rules. A group's mean score is a random effect about the mean of the group around it (Robinson 1991,
*Statistical Science* 6: best linear unbiased prediction in a nested layout); the variances between and within
groups come from the data by the analysis of variance (Searle, Casella & McCulloch 1992, *Variance
Components*, ch. 3), so nobody chooses how strongly small groups are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Number = Any
"""A number, or an array of numbers: one group or many at once."""


def normal_scores(values: Array) -> Array:
    """Return Φ⁻¹ of the mid-ranks of N values (Blom 1958: (rank − 3/8) ÷ (N + 1/4)); equal ones share one."""
    from scipy import special, stats

    ranks = stats.rankdata(values)
    return np.asarray(special.ndtri((ranks - 0.375) / (len(values) + 0.25)))


@dataclass(frozen=True)
class Depth:
    """One layer of groups: the `group` of each of N members, and by group `count` and `total` of the scores.

    `between` and `within` are the variances of group means about those around them, and of members in groups.
    """

    group: Codes
    count: Array
    total: Array
    between: float
    within: float

    def drawn(
        self,
        around: Number,
        group: Number,
        unsure: Number = 0.0,
        without: float | None = None,
    ) -> tuple[Number, Number]:
        """Return (mean, variance of what is not known of it) of groups, given the same of those around them.

        `without` leaves one member's score out of its group.
        """
        count, total = self.count[group], self.total[group]
        if without is not None:
            count, total = count - 1, total - without
        alone = np.where(count > 0, total / np.maximum(count, 1), around)
        share = self._share(count)
        left = 1.0 - share
        return around + share * (alone - around), left**2 * unsure + left * self.between

    def _share(self, count: Number) -> Number:
        whole = self.between * count + self.within
        return np.where(whole > 0, self.between * count / np.where(whole > 0, whole, 1.0), 0.0)


def depths(scores: Array, layers: Sequence[Codes]) -> list[Depth]:
    """Learn the variances of nested layers of groups, from the largest groups to the smallest.

    Args:
        scores: N numbers.
        layers: for each layer, largest groups first, the number (0 …) of each member's group. A group lies in
            one group of the layer before; the first lies among everybody, whose mean is that of all.
    """
    around = np.zeros(len(scores), dtype=np.int64)
    found = []
    for group in layers:
        found.append(_depth(scores, group, around))
        around = group
    return found


def _depth(scores: Array, group: Codes, around: Codes) -> Depth:
    """Analysis of variance of groups within those around them; expected mean squares as of unequal counts."""
    count, whole = np.bincount(group).astype(np.float64), np.bincount(around).astype(np.float64)
    total = np.bincount(group, weights=scores).astype(np.float64)
    mean, outer = total / count, np.bincount(around, weights=scores) / whole
    within = float(((scores - mean[group]) ** 2).sum() / max(len(scores) - len(count), 1))
    free = len(count) - len(whole)
    if free <= 0:
        return Depth(group, count, total, 0.0, within)
    square = float(((mean[group] - outer[around]) ** 2).sum()) / free
    usual = (len(scores) - float((count[group] / whole[around]).sum())) / free
    return Depth(group, count, total, max((square - within) / usual, 0.0), within)
