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

    @classmethod
    def of(cls, paths: Counts) -> Count:
        """Of counts on P paths."""
        low, high = np.quantile(paths, RANGE, method="inverted_cdf")
        return cls(float(paths.mean()), int(low), int(high))


@dataclass(frozen=True)
class Spending:
    """What a programme asks of the members that it is offered to: `offered` of them have actions to begin,
    `actions` together; `cost` is CNY a year expected at the programme's take-up, None where it is held back
    (fewer than five, and not the reader's own) or none is on record. `unpriced` have an action whose cost is
    not on record.
    """

    offered: int
    actions: int
    cost: float | None
    unpriced: int


@dataclass(frozen=True)
class Compared:
    """One scenario over a group: by level 2 … 5 the counts P × months of those who newly reach it, every
    target's progress, and what its programme asks.
    """

    newly: Mapping[int, Counts]
    targets: Sequence[Progress]
    spending: Spending | None

    def count(self, level: int, ahead: int) -> Count:
        """Who has newly reached a level so many months ahead (from 1)."""
        return Count.of(self.newly[level][:, ahead - 1])

    def more(self, other: Compared, level: int, ahead: int) -> Count:
        """How many more than in another scenario, path by path."""
        return Count.of(self.newly[level][:, ahead - 1] - other.newly[level][:, ahead - 1])


def with_result(portfolio: Portfolio, found: Result) -> Portfolio:
    """The portfolio as it would be in a scenario."""
    rows = np.array([portfolio.place[name] for name in found.enterprise_ids], dtype=np.int64)
    return portfolio.changed(rows, found.firsts)


def compared(
    portfolio: Portfolio,
    basis: Basis,
    members: Mask,
    targets: Sequence[Target],
    spending: Spending | None = None,
) -> Compared:
    """Count the members (R booleans) of a portfolio, changed by a scenario or not."""
    level = portfolio.level(basis)
    newly = {
        step: portfolio.counts(basis, step, members & (level > 0) & (portfolio.first(basis, step) == 0))
        for step in STEPS
    }
    return Compared(newly, [progress(portfolio, own, basis, members) for own in targets], spending)


def spending(found: Result, chosen: Mask, share: float, *, own: bool) -> Spending:
    """What a programme asks of some of those whom a scenario touches (n booleans).

    A sum over fewer than five enterprises would tell one's plans to somebody who does not see them (`own`
    says that the reader does).
    """
    offered = chosen & (found.actions > 0)
    count = int(offered.sum())
    told = own or count >= FEWEST or count == 0
    return Spending(
        count,
        int(found.actions[offered].sum()),
        share * float(found.cost[offered].sum()) if told else None,
        int((offered & ~found.cost_known).sum()) if told else 0,
    )
