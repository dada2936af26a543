"""Ranks of the values of each characteristic, as the scores that a normal sample would have.

A stable process, whatever its distribution, puts its values in random order: their ranks say nothing about
time. Tests of order on normal scores of the ranks (Blom 1958; van der Waerden 1952) therefore have one null
distribution for every process, and lose next to nothing where it is normal (Chernoff & Savage 1958).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from features.capability.constants import Floats, Ints
from features.capability.samples import Samples

SEED = 7870


class Block(NamedTuple):
    """Characteristics with equally many values: their numbers, where their values stand, and these sorted."""

    members: Ints
    at: Ints
    ordered: Floats

    @property
    def n(self) -> int:
        """Number of values of each."""
        return int(self.ordered.shape[1])


class Ranked(NamedTuple):
    """Blocks of characteristics, and two normal scores of every value in the order of `Samples.values`.

    `shared`: equal values have the mean of their scores, which is what the values themselves are
    compared with. `by_lot`: ties are broken by lot (the same lot for everybody), so that the null
    distribution of every test of order is exact however coarse the gauge.
    """

    blocks: list[Block]
    shared: Floats
    by_lot: Floats


def ranked(samples: Samples) -> Ranked:
    """Sort and score all values."""
    shared, by_lot = np.zeros(len(samples.values)), np.zeros(len(samples.values))
    blocks = []
    first = np.cumsum(samples.n) - samples.n
    for n in np.unique(samples.n[samples.n > 0]):
        members = np.flatnonzero(samples.n == n)
        at = first[members][:, None] + np.arange(n)
        order, ordered, tied = _sorted(samples.values[at])
        place = np.take_along_axis(at, order, axis=1)
        by_lot[place] = normal_scores(int(n))
        shared[place] = _shared(ordered, tied)
        blocks.append(Block(members, at, ordered))
    return Ranked(blocks, shared, by_lot)


def _sorted(values: Floats) -> tuple[Ints, Floats, Ints]:
    """Return the order of every row, the sorted rows, and which rows have equal values."""
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    tied = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    lot = _lot(values.shape[1])
    order[tied] = lot[np.argsort(values[tied][:, lot], axis=1, kind="stable")]
    return order, ordered, tied


@lru_cache(maxsize=1024)
def _lot(n: int) -> Ints:
    return np.random.Generator(np.random.PCG64([SEED, n])).permutation(n)


@lru_cache(maxsize=1024)
def normal_scores(n: int) -> Floats:
    """Return the scores of n ranks: quantiles of the normal distribution at (i − 3/8) ÷ (n + 1/4)."""
    answer: Floats = ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25))
    answer.flags.writeable = False
    return answer


def _shared(ordered: Floats, tied: Ints) -> Floats:
    """Return the scores of sorted rows, the mean of them where values are equal."""
    scores = np.tile(normal_scores(ordered.shape[1]), (len(ordered), 1))
    if len(tied):
        rows = ordered[tied]
        new = np.ones(rows.shape, dtype=bool)
        new[:, 1:] = rows[:, 1:] != rows[:, :-1]
        start = np.flatnonzero(new)
        size = np.diff(np.append(start, rows.size))
        mean = np.add.reduceat(scores[tied].ravel(), start) / size
        scores[tied] = np.repeat(mean, size).reshape(rows.shape)
    return scores
