"""`/api/v1/targets`: read, set, change and take back targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Path, Query, Request, Response

from serving.access import Role
from serving.web.asking import Asker, needs
from serving.web.planner.asked import Filter, Many
from serving.web.planner.desk import AtDesk, Desk
from serving.web.planner.refusals import MORE, refused
from serving.web.planner.schemas import TargetProgress, TargetWish
from serving.web.planner.targets import counted, everyone, register, shown
from serving.web.problems import RESPONSES
from serving.web.schemas import Page

if TYPE_CHECKING:
    from features.documents.kinds import Kept

PLANNERS = needs(Role.PLANNER)
api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["planning"])
TargetId = Annotated[str, Path(min_length=1, max_length=300, description="Id of the target")]
IfMatch = Annotated[
    str | None,
    Header(
        pattern=r'^"?[0-9]{1,9}"?$', description='Version that was read, as `"3"`; without it any is replaced'
    ),
]


@api.get("/targets", dependencies=[PLANNERS], responses={403: MORE[403]})
def targets(request: Request, desk: AtDesk, wished: Annotated[Many, Query()]) -> Page[TargetProgress]:
    """List all targets with what is achieved, expected and likely, counted over those whom you may see."""
    found = everyone(desk, register(request), wished)
    chosen = found[wished.offset : wished.offset + wished.limit]
    return Page(items=chosen, total=len(found), limit=wished.limit, offset=wished.offset)


@api.post("/targets", status_code=201, dependencies=[PLANNERS], responses={c: MORE[c] for c in (403, 409)})
def set_target(
    request: Request, response: Response, desk: AtDesk, person: Asker, wish: TargetWish
) -> TargetProgress:
    """Set a target of your own; the answer says how it stands."""
    document = checked(wish, desk)
    with refused():
        kept = register(request).add(document, person.name)
    response.headers["location"] = f"/api/v1/targets/{kept.id}"
    return _answer(response, desk, kept)


@api.get("/targets/{target_id}", dependencies=[PLANNERS], responses={403: MORE[403]})
def target(
    request: Request,
    response: Response,
    desk: AtDesk,
    target_id: TargetId,
    wished: Annotated[Filter, Query()],
) -> TargetProgress:
    """Return one target with its curve, month by month; the ETag of a kept one is its version."""
    for own in desk.targets():
        if own.id == target_id:
            return counted(desk, own, wished)
    with refused():
        kept = register(request).get(target_id)
    return _answer(response, desk, kept, wished)


@api.put("/targets/{target_id}", dependencies=[PLANNERS], responses={c: MORE[c] for c in (403, 412)})
def change_target(
    request: Request,
    response: Response,
    desk: AtDesk,
    person: Asker,
    target_id: TargetId,
    wish: TargetWish,
    if_match: IfMatch = None,
) -> TargetProgress:
    """Put other words in place of a target of your own."""
    document = checked(wish, desk)
    with refused():
        kept = register(request).change(
            target_id, version_of(if_match), document, person.name, any_owner=person.has(Role.ADMIN)
        )
    return _answer(response, desk, kept)


@api.delete(
    "/targets/{target_id}",
    status_code=204,
    dependencies=[PLANNERS],
    responses={c: MORE[c] for c in (403, 412)},
)
def take_back_target(request: Request, person: Asker, target_id: TargetId, if_match: IfMatch = None) -> None:
    """Take a target of your own back; the journal keeps what it said."""
    with refused():
        register(request).remove(
            target_id, version_of(if_match), person.name, any_owner=person.has(Role.ADMIN)
        )


def checked(wish: TargetWish, desk: Desk) -> dict[str, Any]:
    """Return what is kept of a wish; 422 where it ends before it begins, 404 for a list that is not kept."""
    if wish.by <= wish.baseline:
        raise HTTPException(422, f"by: found {wish.by}; allowed: a month after the baseline {wish.baseline}")
    if wish.list_id:
        desk.listed(wish.list_id)
    return wish.model_dump()


def version_of(if_match: str | None) -> int | None:
    """Return the version that a reader names."""
    return int(if_match.strip('"')) if if_match else None


def _answer(response: Response, desk: Desk, kept: Kept, wished: Filter | None = None) -> TargetProgress:
    response.headers["etag"] = f'"{kept.version}"'
    return shown(desk, kept, wished or Filter())
