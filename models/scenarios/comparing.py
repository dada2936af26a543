"""Scenarios side by side with the forecast as it stands: counted on the same joint paths.

Path k is the same future in every scenario but for what is otherwise. So differences are taken path by path,
and their range is that of the difference, not of two forecasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.portfolio import Portfolio, Progress, Target, progress
from models.portfolio.bases import Basis
from models.portfolio.discretion import FEWEST
from models.portfolio.firsts import Mask
from models.portfolio.targets import RANGE
from models.results import LEVELS
from models.scenarios.keeping import Result

STEPS = LEVELS[1:]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Count:
    """How many, with 90 % of the paths."""

    expected: float
    low: int
    high: int


def by_month(paths: Counts) -> list[Count]:
    """Of counts P × months, the same month by month."""
    low, high = np.quantile(paths, RANGE, axis=0, method="inverted_cdf")
    columns = zip(paths.mean(axis=0).tolist(), low.tolist(), high.tolist(), strict=True)
    return [Count(expected, int(least), int(most)) for expected, least, most in columns]


@dataclass(frozen=True)
class Spending:
    """What a programme asks of the members that it is offered to: `offered` of them have actions to begin,
    `actions` together; `cost` is CNY a year expected at the programme's take-up, and `unpriced` have an
    action whose cost is not on record. None is held back: fewer than five, and not the reader's own.
    """

    offered: int
    actions: int | None
    cost: float | None
    unpriced: int | None


@dataclass(frozen=True)
class Compared:
    """One scenario over a group: by level 2 … 5 the counts P × months of those who newly reach it, and
    every target's progress.
    """

    newly: Mapping[int, Counts]
    targets: Sequence[Progress]

    def counts(self, level: int) -> list[Count]:
        """Who has newly reached a level by each coming month."""
        return by_month(self.newly[level])

    def more(self, other: Compared, level: int) -> list[Count]:
        """How many more than in another scenario, path by path."""
        return by_month(self.newly[level] - other.newly[level])


def with_result(portfolio: Portfolio, found: Result, basis: Basis) -> Portfolio:
    """The portfolio as it would be in a scenario, by one basis; by the other it stays."""
    rows = np.array([portfolio.place[name] for name in found.enterprise_ids], dtype=np.int64)
    return portfolio.changed(rows, {basis: found.firsts[basis]})


def compared(
    portfolio: Portfolio, basis: Basis, members: Mask, targets: Sequence[tuple[Target, Mask]]
) -> Compared:
    """Count the members (R booleans) of a portfolio, changed by a scenario or not.

    `targets` come with whom each is about (R booleans), of whom the members are counted.
    """
    level = portfolio.level(basis)
    newly = {
        step: portfolio.counts(basis, step, members & (level > 0) & (portfolio.first(basis, step) == 0))
        for step in STEPS
    }
    return Compared(newly, [progress(portfolio, own, basis, members & among) for own, among in targets])


def spending(found: Result, chosen: Mask, share: float, *, own: bool) -> Spending:
    """What a programme asks of some of those whom a scenario touches (n booleans).

    A sum over fewer than five enterprises would tell one's plans to somebody who does not see them (`own`
    says that the reader does).
    """
    offered = chosen & (found.actions > 0)
    count = int(offered.sum())
    if not (own or count >= FEWEST or count == 0):
        return Spending(count, None, None, None)
    cost, unpriced = share * float(found.cost[offered].sum()), int((offered & ~found.cost_known).sum())
    return Spending(count, int(found.actions[offered].sum()), cost, unpriced)
