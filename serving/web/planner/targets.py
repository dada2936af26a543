"""Targets of all three sources together: the document's, the records', and those that planners keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from models.portfolio import Target, progress
from serving.web.planner.answers import told
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.schemas import TargetProgress

if TYPE_CHECKING:
    from features.targets.register import KeptTarget, Register


def register(request: Request) -> Register:
    """Return the targets in the state database."""
    from features.targets.register import Register

    return Register(request.app.state.database.engine)


def of_kept(kept: KeptTarget) -> Target:
    """Return a kept target as it is counted."""
    return Target(id=kept.id, source="kept", **kept.document)


def everyone(desk: Desk, kept: Register, wished: Filter) -> list[TargetProgress]:
    """Return every target's progress within a group: kept ones first, then the records', the document's."""
    mine = [shown(desk, own, wished) for own in kept.all()]
    return mine + [counted(desk, target, wished) for target in desk.targets()]


def shown(desk: Desk, kept: KeptTarget, wished: Filter) -> TargetProgress:
    """Return a kept target's progress, with its version and owner."""
    found = progress(desk.portfolio, of_kept(kept), wished.basis, desk.members(wished))
    return told(found, wished.basis, version=kept.version, owner=kept.owner)


def counted(desk: Desk, target: Target, wished: Filter) -> TargetProgress:
    """Return the progress of a target of the records or the document."""
    return told(progress(desk.portfolio, target, wished.basis, desk.members(wished)), wished.basis)
