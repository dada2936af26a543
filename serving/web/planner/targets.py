"""Targets of all three sources together: the document's, the records', and those that planners keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from models.portfolio import Target, progress
from serving.web.planner.answers import told
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.schemas import TargetProgress

if TYPE_CHECKING:
    from features.documents.kinds import Kept
    from features.documents.register import Register
    from models.portfolio.firsts import Mask

LIST = "list_id"


def register(request: Request) -> Register:
    """Return the targets in the state database."""
    from features.documents.kinds import TARGETS
    from features.documents.register import Register

    return Register(request.app.state.database.engine, TARGETS)


@dataclass(frozen=True)
class Wanted:
    """A target, and whom it is about of those whom the asker sees (R booleans); a kept one has an owner, a
    version, and perhaps a list of its own (`list_id`) instead of a group that codes describe.
    """

    target: Target
    among: Mask
    version: int | None = None
    owner: str | None = None
    list_id: str = ""


def of_kept(kept: Kept) -> Target:
    """Return a kept target as it is counted; its list is kept apart (`of_list`)."""
    told = {name: value for name, value in kept.document.items() if name != LIST}
    return Target(id=kept.id, source="kept", **told)


def of_list(kept: Kept) -> str:
    """Return the id of the list that a kept target is about; empty: of no list."""
    return str(kept.document.get(LIST, ""))


def every(desk: Desk, kept: Register) -> list[Wanted]:
    """Return all targets: kept ones first, then the records', the document's."""
    mine = [wanted(desk, own) for own in kept.all()]
    return mine + [Wanted(target, desk.seen) for target in desk.targets()]


def wanted(desk: Desk, kept: Kept) -> Wanted:
    """Return a kept target with whom it is about; 404 where its list has gone."""
    list_id = of_list(kept)
    among = desk.among(desk.listed(list_id)) if list_id else desk.seen
    return Wanted(of_kept(kept), among, kept.version, kept.owner, list_id)


def everyone(desk: Desk, kept: Register, wished: Filter) -> list[TargetProgress]:
    """Return every target's progress within a group, in the order of `every`."""
    return [of_wanted(desk, own, wished) for own in every(desk, kept)]


def of_wanted(desk: Desk, own: Wanted, wished: Filter) -> TargetProgress:
    """Return a target's progress within a group."""
    found = progress(desk.portfolio, own.target, wished.basis, desk.members(wished) & own.among)
    answer = told(found, wished.basis, version=own.version, owner=own.owner)
    return answer.model_copy(update={"list_id": own.list_id})


def shown(desk: Desk, kept: Kept, wished: Filter) -> TargetProgress:
    """Return a kept target's progress, with its version and owner."""
    return of_wanted(desk, wanted(desk, kept), wished)


def counted(desk: Desk, target: Target, wished: Filter) -> TargetProgress:
    """Return the progress of a target of the records or the document."""
    return of_wanted(desk, Wanted(target, desk.seen), wished)
