"""Exponentially weighted moving averages of many ragged series at once."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from features.capability.constants import Floats, Ints
from features.capability.samples import Groups

WEIGHT = 0.2
"""λ of the EWMA: sensitive to shifts of about one σ (Lucas & Saccucci 1990)."""


def largest_excursion(groups: Groups, mean: Floats, extra: float, weight: float = WEIGHT) -> Floats:
    """Return max |EWMA − mean| ÷ its standard deviation per characteristic, in units of σ; NaN without a
    group.

    A group mean is taken to have the variance σ²(1/size + extra) around `mean`. The EWMA starts at the
    mean, so its variance grows with the number of groups and is followed exactly, for groups of unequal
    size too.
    """
    level = groups.mean - mean[groups.characteristic]
    variance = 1 / groups.size + extra
    largest = np.full(groups.count, np.nan)
    for members in _alike(groups.k):
        inside, at = _padded(groups, members)
        average = lfilter([weight], [1, weight - 1], np.where(inside, level[at], 0.0), axis=1)
        spread = lfilter([weight**2], [1, -((1 - weight) ** 2)], np.where(inside, variance[at], 1.0), axis=1)
        largest[members] = np.max(np.where(inside, np.abs(average) / np.sqrt(spread), 0.0), axis=1)
    return largest


def _alike(k: Ints) -> list[Ints]:
    """Put series of similar length together, so that padding at most doubles the work."""
    scale = np.where(k > 0, np.ceil(np.log2(np.maximum(k, 1))), -1)
    return [np.flatnonzero(scale == step) for step in np.unique(scale[scale >= 0])]


def _padded(groups: Groups, members: Ints) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.bool_]], Ints]:
    """Return which cells of (members × longest) are real, and the group number of each."""
    cells = np.arange(groups.k[members].max())[None, :]
    inside = cells < groups.k[members][:, None]
    return inside, np.where(inside, groups.first[members][:, None] + cells, 0)
