"""A target's question to a portfolio and its options: who could still be newly added, on which joint paths,
and with which help.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from features.periods import to_index
from models.assistance.options import End, Options
from models.assistance.problem import Gains, Index, Limits, Mask, Problem
from models.portfolio import Portfolio, Progress, Target, progress
from models.portfolio.bases import Basis
from models.portfolio.firsts import Firsts
from models.results import LEVELS


class AssistanceError(ValueError):
    """A question that cannot be answered: found, allowed."""


@dataclass(frozen=True)
class Question:
    """How likely `target` is to be wanted, by which reading, within which limits; help goes to `region` (a
    prefix) only.
    """

    target: Target
    basis: Basis = "performance"
    probability: float = 0.8
    limits: Limits = field(default_factory=Limits)
    region: str = ""


@dataclass(frozen=True)
class Case:
    """A question, and what it is answered from; `among` R booleans: whom the asker may see."""

    asked: Question
    portfolio: Portfolio
    options: Options
    among: Mask | None = None

    def __post_init__(self) -> None:
        target, today = self.asked.target, self.portfolio.today
        if target.level is None:
            raise AssistanceError(
                f"target {target.id!r}: found `standard`; allowed: a level, which paths tell"
            )
        if to_index(target.by) <= today:
            raise AssistanceError(
                f"target {target.id!r}: its month {target.by} is past: nothing helps any more"
            )
        if to_index(target.baseline) >= to_index(target.by):
            raise AssistanceError(f"target {target.id!r}: it ends before its baseline")
        if not 0.0 < self.asked.probability < 1.0:
            raise AssistanceError(f"probability: found {self.asked.probability:g}; allowed: above 0, below 1")

    @property
    def level(self) -> int:
        """The level wanted."""
        return self.asked.target.level or LEVELS[1]

    @cached_property
    def ahead(self) -> int:
        """Months ahead at which the count is read: the target's, or the last that is forecast."""
        return min(to_index(self.asked.target.by) - self.portfolio.today, self.portfolio.months)

    @cached_property
    def progress(self) -> Progress:
        """How the target stands and will go without help."""
        return progress(self.portfolio, self.asked.target, self.asked.basis, self.among)

    @cached_property
    def open(self) -> Mask:
        """R booleans: who could still be newly added."""
        target, basis, own = self.asked.target, self.asked.basis, self.portfolio
        since = own.since(basis)
        found = target.members(own) & (since > 0) & (since <= to_index(target.baseline))
        found &= own.first(basis, self.level) == 0
        return np.asarray(found if self.among is None else found & self.among)

    @cached_property
    def place(self) -> Index:
        """Positions of the options of those who could still be newly added, where help may go."""
        rows = self.open & np.char.startswith(self.portfolio.text("region_code"), self.asked.region)
        names = self.portfolio.enterprise_ids[rows]
        found = [o for name in names for o in self.options.of.get(str(name), ())]
        return np.array(found, dtype=np.int64)

    @cached_property
    def rows(self) -> Index:
        """Rows in the portfolio of the options' enterprises."""
        place = self.portfolio.place
        owners = [place[self.options.rows[o].enterprise_id] for o in self.place]
        return np.array(owners, dtype=np.int64)

    def problem(self, end: End = "likely") -> Problem:
        """The choice in numbers, at either end of the effects."""
        _, owner = np.unique(self.rows, return_inverse=True)
        return Problem(
            self.progress.then,
            self._there(self.helped(end)) - self._there(self.alone),
            self.options.costs[self.place],
            owner.astype(np.int64),
            self.asked.target.count,
        )

    def helped(self, end: End) -> Firsts:
        """O × P first months at the level with each option."""
        return np.asarray(self.options.firsts[self.asked.basis, end][self.level - LEVELS[1]][self.place])

    @cached_property
    def alone(self) -> Firsts:
        """O × P of the options' enterprises without any."""
        return np.asarray(self.portfolio.firsts(self.asked.basis)[self.level - LEVELS[1]][self.rows])

    def _there(self, firsts: Firsts) -> Gains:
        """1 where a path is newly there by the month, and after the baseline if that lies ahead."""
        before = to_index(self.asked.target.baseline) - self.portfolio.today
        return ((firsts <= self.ahead) & (firsts.astype(np.int64) > before)).astype(np.int8)

    def chances(self, firsts: Firsts) -> Index:
        """O chances of being newly there."""
        return np.asarray(self._there(firsts).mean(axis=1))
