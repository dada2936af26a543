"""What a briefing of a group says, gathered from the published portfolio by whole-array counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from features.periods import to_label
from models.portfolio import Portfolio, progress
from models.portfolio.bases import Basis
from models.results import LEVELS
from serving.reports.briefing.facts import Briefing, Goal, Group, LevelRow, Offer, Point, Standing
from serving.web.papers.movers import reach, regions, risks
from serving.web.planner.answers import PROVINCE, curve, reached_by
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.moves import levels_at, moved

if TYPE_CHECKING:
    from serving.web.planner.targets import Wanted

Mask = NDArray[np.bool_]
YEAR = 12
EVEN = 0.5
"""Share of the paths by which a count is as likely as not."""


def gathered(
    desk: Desk, wished: Filter, wanted: Sequence[Wanted], offers: tuple[Offer, ...] = ()
) -> Briefing:
    """Return the facts of a group; `wanted` are all targets, with whom each is about."""
    portfolio, basis, members = desk.portfolio, wished.basis, desk.members(wished)
    return Briefing(
        group=_group(desk, wished, members),
        basis=basis,
        as_of=to_label(portfolio.today, "month"),
        months=portfolio.months,
        paths=portfolio.paths,
        model_version=portfolio.model_version,
        outlook=Path(portfolio.folder).name,
        unforecast=int((members & ~portfolio.forecast).sum()),
        standing=standing(portfolio, basis, members),
        regions=regions(portfolio, basis, members),
        goals=tuple(_goal(portfolio, own, basis, members) for own in wanted),
        reach=reach(portfolio, basis, members),
        risks=risks(portfolio, basis, members),
        offers=offers,
    )


def _group(desk: Desk, wished: Filter, members: Mask) -> Group:
    provinces = np.unique(desk.portfolio.text("region_code")[members].astype(f"<U{PROVINCE}"))
    named = desk.listed(wished.list).name if wished.list else ""
    place = str(provinces[0]) if len(provinces) == 1 else ""
    return Group(wished.region, wished.industry, wished.size, wished.chain, named, place)


def standing(portfolio: Portfolio, basis: Basis, members: Mask) -> Standing:
    """Return official levels today, twelve months before, and the last month's moves."""
    now = portfolio.level(basis)
    then = levels_at(portfolio, basis, portfolio.today - YEAR)
    rose, fell = moved(portfolio, basis, members)
    known = members & (then > 0) & (now > 0)
    return Standing(
        enterprises=int(members.sum()),
        graded=int((members & (now > 0)).sum()),
        known_then=int(known.sum()),
        levels=tuple(_level(portfolio, basis, level, members, then, known) for level in reversed(LEVELS)),
        above_known={level: int((known & (now >= level)).sum()) for level in LEVELS},
        rose=len(rose),
        fell=len(fell),
    )


def _level(
    portfolio: Portfolio, basis: Basis, level: int, members: Mask, then: NDArray[np.int8], known: Mask
) -> LevelRow:
    now = portfolio.level(basis)
    newly = np.zeros(len(portfolio), dtype=np.bool_)
    if level > LEVELS[0]:
        since = portfolio.since(basis)
        had = (since > 0) & (since <= portfolio.today - YEAR)
        newly = had & (portfolio.first(basis, level) > portfolio.today - YEAR)
    return LevelRow(
        level=level,
        here=int((members & (now == level)).sum()),
        above=int((members & (now >= level)).sum()),
        above_then=int((known & (then >= level)).sum()),
        newly=int((members & newly).sum()),
    )


def reaching(portfolio: Portfolio, basis: Basis, level: int) -> Mask:
    """R booleans: who has a level and was never at this one or above."""
    return np.asarray((portfolio.level(basis) > 0) & (portfolio.first(basis, level) == 0))


def _goal(portfolio: Portfolio, own: Wanted, basis: Basis, members: Mask) -> Goal:
    found = progress(portfolio, own.target, basis, members & own.among)
    low, high = found.range
    target = own.target
    return Goal(
        name=target.name,
        level_id=target.level_id,
        level=target.level,
        baseline=target.baseline,
        by=target.by,
        wanted=target.count,
        national=target.source == "document",
        achieved=found.achieved,
        decided=found.decided,
        beyond=found.beyond,
        expected=found.expected,
        low=low,
        high=high,
        sure=reached_by(found),
        likely=reached_by(found, EVEN),
        probability=found.probability,
        pace=_pace(portfolio, own, basis, members),
        curve=tuple(
            Point(month=m.month, count=m.count, low=m.low, high=m.high, forecast=m.forecast)
            for m in curve(found)
        ),
    )


def _pace(portfolio: Portfolio, own: Wanted, basis: Basis, members: Mask) -> tuple[float, int, int] | None:
    if basis == "performance" or own.target.level is None:
        return None
    found = progress(portfolio, own.target, "performance", members & own.among)
    return None if found.decided else (found.expected, *found.range)
