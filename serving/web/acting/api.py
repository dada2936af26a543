"""`/api/v1/actions`: improvement actions, read and written."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from serving.access import Role
from serving.web.acting.deeds import Acting, Deeds
from serving.web.acting.schemas import (
    Acceptance,
    ActionChange,
    ActionMove,
    ActionWhole,
    Amendment,
    ImprovementAction,
    State,
)
from serving.web.asking import Details, needs
from serving.web.problems import RESPONSES
from serving.web.schemas import Page
from serving.web.stale import STALE, IfMatch

if TYPE_CHECKING:
    from features.improvement import Action, Promise

WRITERS = needs(Role.ENGINEER)
api = APIRouter(prefix="/api/v1", tags=["improvement"], responses=RESPONSES)
Id = Annotated[
    str,
    Path(
        min_length=1, max_length=200, pattern=r"^[^\x00]+$", description="Id of the action, such as `AC-0001`"
    ),
]


@api.get("/actions")
def actions(
    acting: Acting,
    enterprise: Annotated[str | None, Query(max_length=200)] = None,
    status: Annotated[State | None, Query(description="Only those in this state")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[ImprovementAction]:
    """List the actions of the enterprises whose details you may see, by start."""
    found = [one for one in acting.seen(enterprise) if status is None or one.status.value == status]
    shown = found[offset : offset + limit]
    promises = acting.promises(enterprise) if shown else {}
    items = [_told(acting, one, promises.get(one.action_id)) for one in shown]
    return Page(items=items, total=len(found), limit=limit, offset=offset)


@api.get("/actions/{action_id:path}")
def action(acting: Acting, response: Response, action_id: Id) -> ActionWhole:
    """Return one action with its history. Its `ETag` may be sent back as `If-Match` when it is changed."""
    return _whole(acting, response, acting.find(action_id))


@api.post(
    "/enterprises/{enterprise_id:path}/actions", status_code=201, dependencies=[WRITERS], responses=STALE
)
def accept_recommendation(acting: Acting, response: Response, row: Details, wish: Acceptance) -> ActionWhole:
    """Accept a published recommendation: it becomes a planned action, and its promise is kept for good.

    Accepting the same one again returns the action that it became.
    """
    made = acting.accept(row["enterprise_id"], wish.rank, wish.title, wish.start, wish.outlook)
    return _whole(acting, response, made)


@api.post("/actions/{action_id:path}/moves", dependencies=[WRITERS], responses=STALE)
def move_action(
    acting: Acting, response: Response, action_id: Id, step: ActionMove, if_match: IfMatch = None
) -> ActionWhole:
    """Move an action on: planned → doing → checking → done, back from checking to doing, or dropped."""
    seen = _seen(acting, action_id, step.version, if_match)
    return _whole(acting, response, acting.move(action_id, step.to, step.on, seen))


@api.patch("/actions/{action_id:path}", dependencies=[WRITERS], responses=STALE)
def amend_action(
    acting: Acting, response: Response, action_id: Id, wish: Amendment, if_match: IfMatch = None
) -> ActionWhole:
    """Put an action's title right, or state what the change cost."""
    seen = _seen(acting, action_id, wish.version, if_match)
    return _whole(acting, response, acting.amend(action_id, wish.title, wish.cost, seen))


def _seen(acting: Deeds, action_id: str, version: str | None, if_match: str | None) -> str | None:
    """Return the version that the asker has seen; HTTP 412 where a tag is not the present one."""
    if if_match is None or if_match.strip() == "*":
        return version
    present = acting.find(action_id).tag
    if present not in {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}:
        raise HTTPException(412, f"the action is at version {present}: read it again, then act")
    return version or present


def _whole(acting: Deeds, response: Response, action: Action) -> ActionWhole:
    promise = acting.promises(action.enterprise_id).get(action.action_id)
    told = _told(acting, action, promise).model_dump()
    history = [
        ActionChange(
            version=one.version,
            act=one.action,
            field=one.field,
            old=one.old,
            new=one.new,
            who=one.who,
            at=one.at,
        )
        for one in acting.register.history(action.action_id)
    ]
    response.headers["etag"] = f'"{action.tag}"'
    response.headers["cache-control"] = "private, no-cache"
    return ActionWhole(**told, history=history)


def _told(acting: Deeds, action: Action, promise: Promise | None) -> ImprovementAction:
    from features.improvement.action import ALLOWED

    verdict = acting.verdicts().get(action.action_id)
    return ImprovementAction.model_validate(
        asdict(action)
        | {
            "status": action.status.value,
            "version": action.tag,
            "may": [state.value for state in ALLOWED[action.status]],
            "promised": dict(promise.row) if promise else None,
            "promised_on": promise.given_on if promise else None,
            "verdict": verdict["verdict"] if verdict else None,
        }
    )
