"""The question in numbers: enterprises that could be helped, what each way to help costs, and on which joint
paths it makes one enterprise more.

A count over a group is made from joint paths, so help is too: an option says path by path whether its
enterprise is newly at the level by the target's month thanks to it. Options of one enterprise exclude each
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Gains = NDArray[np.int8]
Chosen = tuple[int, ...]
"""Positions of the options taken, rising; at most one an enterprise."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Limits:
    """What may be spent (CNY a year; None: anything) and how many enterprises may be helped (None: all)."""

    budget: float | None = None
    enterprises: int | None = None


@dataclass(frozen=True)
class Problem:
    """Counts on P paths without any help (`base`), and O options.

    `gains` is O × P: 1 where the enterprise is newly there by the month with the option and would not be
    without, −1 the other way round. `costs` O is CNY a year, `owner` O numbers the enterprises. `wanted` is
    the count to reach.
    """

    base: Index
    gains: Gains
    costs: Array
    owner: Index
    wanted: int

    def __len__(self) -> int:
        return len(self.costs)

    @property
    def paths(self) -> int:
        """P."""
        return len(self.base)

    @cached_property
    def mean(self) -> Array:
        """O enterprises more that each option brings, as expected."""
        return np.asarray(self.gains.mean(axis=1, dtype=np.float64)) if self.paths else np.zeros(len(self))

    def counts(self, chosen: Sequence[int] = ()) -> Index:
        """P counts with the chosen options."""
        return np.asarray(self.base + self.gains[list(chosen)].sum(axis=0, dtype=np.int64), dtype=np.int64)

    def probability(self, chosen: Sequence[int] = ()) -> float:
        """Share of paths on which the wanted count is reached."""
        return float((self.counts(chosen) >= self.wanted).mean())

    def expected(self, chosen: Sequence[int] = ()) -> float:
        """Mean count."""
        return float(self.base.mean() + self.mean[list(chosen)].sum())

    def cost(self, chosen: Iterable[int]) -> float:
        """CNY a year."""
        return float(sum(self.costs[o] for o in chosen))

    def allows(self, chosen: Chosen, limits: Limits) -> bool:
        """Whether a choice keeps one option an enterprise, the budget, and the number of enterprises."""
        own = self.owner[list(chosen)]
        within = limits.budget is None or self.cost(chosen) <= limits.budget + ROUNDING
        few = limits.enterprises is None or len(chosen) <= limits.enterprises
        return len(set(own.tolist())) == len(own) and within and few

    def on(self, paths: Mask | Index | slice) -> Problem:
        """The same on some of the paths."""
        return replace(self, base=self.base[paths], gains=self.gains[:, paths])

    def of(self, options: Index) -> Problem:
        """The same with some of the options only."""
        return replace(self, gains=self.gains[options], costs=self.costs[options], owner=self.owner[options])


def halves(problem: Problem) -> tuple[Problem, Problem]:
    """Every other path to choose by, and the rest to check by: the best of many looks better than it is."""
    return problem.on(slice(0, None, 2)), problem.on(slice(1, None, 2))
