"""What the papers say of help: the cheapest choice for the target that is hardest to meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from models.portfolio import Target, progress
from serving.reports.briefing.facts import Offer
from serving.reports.planning.facts import Helped
from serving.web.planner.answers import SURE, reached_by
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk

if TYPE_CHECKING:
    from models.assistance.rows import Assistance, Choice
    from models.portfolio.firsts import Mask
    from serving.web.planner.targets import Wanted

SECONDS = 4.0
"""Of the search for a choice: a paper waits for it."""
FEWEST = 5
"""Enterprises below which costs are not told to somebody who sees numbers only."""
LEVEL = "assurance"
"""Level of the count that is raised by one where no target of one's own is set."""


@dataclass(frozen=True)
class Help:
    """An offer, and the enterprises of it."""

    offer: Offer
    helped: tuple[Helped, ...]


def help_for(desk: Desk, wished: Filter, wanted: Sequence[Wanted], *, details: bool) -> Help | None:
    """Return the cheapest choice for the hardest open target of the group's own; for the sure count and one
    more where there is none. None where nobody has a trustworthy action, or it may not be told.
    """
    members = desk.members(wished)
    asked = _hardest(desk, wished, wanted, members)
    if asked is None:
        return None
    target, among = asked
    key = ("help", wished.basis, target, np.packbits(among).tobytes())  # a list may have changed meanwhile
    found: Assistance | None = desk.once(key, partial(_asked, desk, wished, target, among))
    if found is None or not found.best.enterprises:
        return None
    if not details and found.best.enterprises < FEWEST:
        return None
    return Help(_offer(found, target), tuple(_helped(found.best, details=details)))


def _hardest(
    desk: Desk, wished: Filter, wanted: Iterable[Wanted], members: Mask
) -> tuple[Target, Mask] | None:
    """Return the least likely of the group's own targets that are open, and whom it is about."""
    basis, found, own_set, last = wished.basis, [], False, None
    for own in wanted:
        if own.target.level is None:
            continue
        if own.target.source == "document":
            last = own if own.target.level_id == LEVEL and not _past(desk, own.target) else last
            continue
        own_set = True
        state = progress(desk.portfolio, own.target, basis, members & own.among)
        if not state.decided and (state.probability or 0.0) < SURE:
            found.append((state.probability or 0.0, own.target.id, own))
    if found:
        own = min(found)[2]
        return own.target, members & own.among
    if own_set or last is None:
        return None
    return _one_more(desk, last.target, basis, members), members


def _past(desk: Desk, target: Target) -> bool:
    return target.by <= desk.as_of


def _one_more(desk: Desk, target: Target, basis: str, members: Mask) -> Target:
    state = progress(desk.portfolio, target, basis, members)  # type: ignore[arg-type]
    return Target("one-more", target.level_id, target.baseline, target.by, reached_by(state) + 1)


def _asked(desk: Desk, wished: Filter, target: Target, among: Mask) -> Assistance | None:
    from models.assistance.answering import assist
    from models.assistance.case import AssistanceError, Case, Question
    from models.assistance.options import NoOptionsError, Options

    try:
        options = Options.load(desk.portfolio.folder)
        return assist(Case(Question(target, wished.basis, SURE), desk.portfolio, options, among), SECONDS)
    except (NoOptionsError, AssistanceError):
        return None


def _offer(found: Assistance, target: Target) -> Offer:
    best = found.best
    return Offer(
        level=found.level,
        by=target.by,
        wanted=target.count,
        enterprises=best.enterprises,
        actions=sum(own.action_count for own in best.helped),
        cost=best.cost if best.cost_known else None,
        before=found.before,
        after=best.probability,
        weak=best.weak,
    )


def _helped(best: Choice, *, details: bool) -> Iterable[Helped]:
    for own in best.helped:
        actions = [
            f"{act.parameter_name or act.parameter_id}: {act.from_:.4g} → {act.to:.4g}" for act in own.actions
        ]
        yield Helped(
            id=own.enterprise_id,
            name=own.name,
            level=own.level,
            before=own.before,
            after=own.after,
            weak=own.weak,
            count=own.action_count,
            actions="；".join(actions) if details else "",
            cost=own.cost if details and own.cost_known else None,
            months=own.months,
        )
