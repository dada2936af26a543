"""A goal read against one enterprise: months ahead, management items month by month, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from features.periods import PeriodError, to_index, to_label
from models.attainment.known import MONTHS
from models.attainment.levels import Levels
from models.plans.grounds import Grounds, PlanError
from models.plans.rows import Assumed, Goal
from models.plans.schedule import Capacity
from models.plans.search import Target
from models.results import LEVELS


@dataclass(frozen=True)
class Asked:
    """What a goal means for one enterprise: the target, the capacity, and the management items' levels."""

    goal: Goal
    origin: int
    target: Target
    capacity: Capacity
    items: Mapping[str, int | Levels | None]

    def period(self, ahead: int) -> str:
        """Label of a month ahead (0: the next)."""
        return to_label(self.origin + 1 + ahead, "month")


def read(goal: Goal, grounds: Grounds) -> Asked:
    """Read a goal. Raises PlanError for a month beyond the forecasts, or what does not exist."""
    row = grounds.row(goal.enterprise_id)
    origin = int(grounds.chosen_by.sample.origin[row])
    if goal.level not in LEVELS[1:]:
        raise PlanError(f"level: found {goal.level}; allowed: 2 to 5")
    if not 0.0 < goal.probability < 1.0:
        raise PlanError(f"probability: found {goal.probability:g}; allowed: above 0 and below 1")
    if goal.budget is not None and not goal.budget >= 0.0:
        raise PlanError(f"budget: found {goal.budget:g}; allowed: CNY a year, zero or more")
    if goal.at_once is not None and goal.at_once < 1:
        raise PlanError(f"at once: found {goal.at_once}; allowed: one action or more")
    month = _ahead("by", goal.by, origin)
    first = 0 if goal.start is None else _ahead("start", goal.start, origin)
    if first > month:
        raise PlanError(
            f"start: found {goal.start}; allowed: up to {goal.by}, the month to reach the level by"
        )
    items = dict(grounds.state(goal.enterprise_id).items)
    for assumed in goal.assumed:
        items[assumed.item] = _assumed(assumed, items, origin)  # type: ignore[assignment]
    target = Target(goal.level, month, goal.scope, goal.measure)
    return Asked(goal, origin, target, Capacity(first, goal.at_once), items)


def _ahead(name: str, period: str, origin: int) -> int:
    """Months ahead of a month, 0 the first."""
    ahead = _month(name, period) - origin - 1
    if 0 <= ahead < MONTHS:
        return ahead
    last, ends = to_label(origin, "month"), [to_label(origin + h, "month") for h in (1, MONTHS)]
    raise PlanError(
        f"{name}: found {period}; allowed: {ends[0]} to {ends[1]}. Records end in {last} and forecasts go "
        f"{MONTHS} months further: nobody has measured how well later ones come true. Ask for {ends[1]}, and "
        "again when later records are in"
    )


def _month(name: str, period: str) -> int:
    try:
        index = to_index(period)
        if to_label(index, "month") == period:
            return index
    except (PeriodError, ValueError):
        pass
    raise PlanError(f"{name}: found {period!r}; allowed: a month, YYYY-MM")


def _assumed(assumed: Assumed, items: Mapping[str, object], origin: int) -> Levels:
    """Twelve levels of an item: as assessed until the month of the assumption."""
    if assumed.item not in items:
        raise PlanError(f"assume: found {assumed.item!r}; allowed: {', '.join(items)}")
    if assumed.level not in LEVELS:
        raise PlanError(f"assume: found level {assumed.level} of {assumed.item}; allowed: 1 to 5")
    before = items[assumed.item]
    months = origin + 1 + np.arange(MONTHS)
    # What was never assessed cannot hold a grade back before it is assessed either.
    held = np.full(MONTHS, assumed.level if before is None else before, dtype=np.int8)
    return np.where(months >= _month("assume", assumed.since), np.int8(assumed.level), held)
