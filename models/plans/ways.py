"""Ways to a level: everything at once, or the level below first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.attainment.known import MONTHS, Index
from models.plans import programme
from models.plans.actions import Action
from models.plans.asked import Asked
from models.plans.schedule import Capacity, lasting, starts_of
from models.plans.search import (
    EXACT,
    Chosen,
    Target,
    Tried,
    affordable,
    priority,
    tried,
)
from models.plans.trial import Trial

MOST_CHECKED = 8
"""Sets that meet the goal where they were chosen, checked on fresh paths before the last of them is taken."""


@dataclass(frozen=True)
class Search:
    """One enterprise's question: trials to choose by and to check by, its actions and when they may begin."""

    asked: Asked
    chosen_by: Trial
    checked_by: Trial
    actions: Sequence[Action]
    order: Sequence[int]

    @classmethod
    def of(cls, asked: Asked, chosen_by: Trial, checked_by: Trial, actions: Sequence[Action]) -> Search:
        """Set it up; the actions that do most begin first."""
        found = cls(asked, chosen_by, checked_by, actions, range(len(actions)))
        if asked.goal.at_once is None or len(actions) < 2:
            return found
        single = replace(asked.capacity, at_once=None)
        order = priority(chosen_by, asked.target, len(actions), lambda chosen: found.starts(chosen, single))
        return replace(found, order=order)

    @property
    def costs(self) -> list[float]:
        """CNY a year by action."""
        return [action.cost for action in self.actions]

    @property
    def months(self) -> Index:
        """Months that each action is under way."""
        return lasting(self.chosen_by.effects.arrival)

    def starts(self, chosen: Chosen, capacity: Capacity | None = None) -> Index:
        """First months of a set."""
        return starts_of(chosen, self.months, capacity or self.asked.capacity, self.order)

    def sets(self, target: Target, wanted: float) -> Tried:
        """Sets tried for a target: all that can be paid, or those that the programme proposes."""
        budget = self.asked.goal.budget
        if len(self.actions) > EXACT:
            return programme.proposed(self.chosen_by, target, wanted, self.costs, budget, self.starts)
        return tried(self.chosen_by, target, affordable(self.costs, budget), self.costs, self.starts)

    def checked(self, target: Target, starts: Index) -> float:
        """Probability of a target on paths that nobody has chosen by."""
        return float(target.probability(self.checked_by, starts[None])[0])


@dataclass(frozen=True)
class Found:
    """A set with its months; probabilities on the paths it was chosen by, and on others."""

    chosen: Chosen
    starts: Index
    in_sample: float
    probability: float
    meets: bool


def direct(search: Search, among: Tried, wanted: float) -> Found:
    """The cheapest set that also holds on fresh paths; the most probable one where none does."""
    meeting = among.meeting(wanted)[:MOST_CHECKED]
    found = [_found(search, search.asked.target, among, i, wanted) for i in meeting[:1]]
    for i in meeting[1:]:
        if found[-1].meets:
            break
        found.append(_found(search, search.asked.target, among, i, wanted))
    if found and found[-1].meets:
        return found[-1]
    found.append(_found(search, search.asked.target, among, among.best(), wanted))
    return max(found, key=lambda one: one.probability)


def _found(search: Search, target: Target, among: Tried, i: int, wanted: float) -> Found:
    chosen = among.sets[i]
    starts = search.starts(chosen)
    probability = search.checked(target, starts)
    return Found(chosen, starts, float(among.probability[i]), probability, probability >= wanted)


@dataclass(frozen=True)
class Stepwise:
    """The level below by `first_month` with the actions `first`, then the rest of `whole`."""

    first: Chosen
    first_month: int
    first_probability: float
    whole: Found


def stepwise(search: Search, now: int, wanted: float) -> Stepwise | None:
    """First the level below the goal, half way; then the goal, with what more it takes, begun after that.

    None where there is no level between, or no time for two steps.
    """
    target, capacity = search.asked.target, search.asked.capacity
    middle = capacity.first + (target.month - capacity.first) // 2
    if now >= target.level - 1 or middle <= capacity.first or not search.actions:
        return None
    below = replace(target, level=target.level - 1, month=middle)
    among = search.sets(below, wanted)
    meeting = among.meeting(wanted)
    first = among.sets[meeting[0] if meeting else among.best()]
    early = search.starts(first)
    later = replace(capacity, first=middle + 1)
    busy = [int(early[a] + search.months[a]) for a in first]

    def starts(chosen: Chosen) -> Index:
        rest = tuple(a for a in chosen if a not in first)
        return np.minimum(early, starts_of(rest, search.months, later, search.order, busy))

    sets = affordable(search.costs, search.asked.goal.budget, first)
    if len(search.actions) - len(first) > EXACT or not sets:
        return None
    more = tried(search.chosen_by, target, sets, search.costs, starts)
    meeting = more.meeting(wanted)
    i = meeting[0] if meeting else more.best()
    chosen = more.sets[i]
    probability = search.checked(target, starts(chosen))
    whole = Found(chosen, starts(chosen), float(more.probability[i]), probability, probability >= wanted)
    return Stepwise(first, middle, search.checked(below, early), whole)


def in_time(starts: Index) -> Chosen:
    """Actions that begin before the forecasts end."""
    return tuple(int(a) for a in np.flatnonzero(starts < MONTHS))
