"""`/api/v1/lists`: read, keep, change and take back own lists of enterprises."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from features.documents.kinds import Kept
from serving.access import Role
from serving.web.asking import Asker, needs
from serving.web.planner.desk import AtDesk, Desk
from serving.web.planner.lists import LONGEST_ID, MOST, of_kept, register, written
from serving.web.planner.refusals import MORE, refused
from serving.web.planner.targets import of_list
from serving.web.planner.targets import register as targets_of
from serving.web.planner.targets_api import IfMatch, version_of
from serving.web.problems import RESPONSES
from serving.web.schemas import Page

PLANNERS = needs(Role.PLANNER)
api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["planning"])
ListId = Annotated[str, Path(min_length=1, max_length=300, description="Id of the list")]
EnterpriseName = Annotated[str, Field(min_length=1, max_length=LONGEST_ID)]


class ListWish(BaseModel):
    """A group of one's own: a name, and the ids of its enterprises."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    enterprise_ids: list[EnterpriseName] = Field(min_length=1, max_length=MOST)


class OwnList(BaseModel):
    """A list, told by those of its enterprises that the asker sees."""

    id: str
    version: int
    owner: str
    name: str
    enterprises: int = Field(description="of the list, whom you see")
    others: int = Field(description="ids of the list that are unknown, or not yours to see")
    enterprise_ids: list[str] = Field(description="those that you see")


@api.get("/lists", dependencies=[PLANNERS], responses={403: MORE[403]})
def lists(
    request: Request,
    desk: AtDesk,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[OwnList]:
    """List the lists that planners keep; of each you see the enterprises whose numbers you may see."""
    kept = register(request).all()
    items = [told(desk, own) for own in kept[offset : offset + limit]]
    return Page(items=items, total=len(kept), limit=limit, offset=offset)


@api.post("/lists", status_code=201, dependencies=[PLANNERS], responses={c: MORE[c] for c in (403, 409)})
def keep_list(request: Request, response: Response, desk: AtDesk, person: Asker, wish: ListWish) -> OwnList:
    """Keep a list of your own; its id goes into `list` wherever a group is asked for."""
    with refused():
        kept = register(request).add(written(wish.name, wish.enterprise_ids), person.name)
    response.headers["location"] = f"/api/v1/lists/{kept.id}"
    return _answer(response, desk, kept)


@api.get("/lists/{list_id}", dependencies=[PLANNERS], responses={403: MORE[403]})
def own_list(request: Request, response: Response, desk: AtDesk, list_id: ListId) -> OwnList:
    """Return one list; the ETag is its version."""
    with refused():
        kept = register(request).get(list_id)
    return _answer(response, desk, kept)


@api.put("/lists/{list_id}", dependencies=[PLANNERS], responses={c: MORE[c] for c in (403, 412)})
def change_list(
    request: Request,
    response: Response,
    desk: AtDesk,
    person: Asker,
    list_id: ListId,
    wish: ListWish,
    if_match: IfMatch = None,
) -> OwnList:
    """Put other enterprises, or another name, in place of a list of your own."""
    document = written(wish.name, wish.enterprise_ids)
    with refused():
        kept = register(request).change(
            list_id, version_of(if_match), document, person.name, any_owner=person.has(Role.ADMIN)
        )
    return _answer(response, desk, kept)


@api.delete(
    "/lists/{list_id}",
    status_code=204,
    dependencies=[PLANNERS],
    responses={c: MORE[c] for c in (403, 409, 412)},
)
def take_back_list(request: Request, person: Asker, list_id: ListId, if_match: IfMatch = None) -> None:
    """Take a list of your own back; refused while a target counts its enterprises."""
    with refused():
        unused(request, list_id)
        register(request).remove(list_id, version_of(if_match), person.name, any_owner=person.has(Role.ADMIN))


def unused(request: Request, list_id: str) -> None:
    """Refuse (409) to take a list from under a target."""
    if any(of_list(own) == list_id for own in targets_of(request).all()):
        raise HTTPException(409, f"list {list_id}: a target counts its enterprises; take that back first")


def told(desk: Desk, kept: Kept) -> OwnList:
    """Return a list as its asker sees it."""
    own = of_kept(kept)
    seen = [str(name) for name in desk.portfolio.enterprise_ids[np.flatnonzero(desk.among(own))]]
    return OwnList(
        id=own.id,
        version=own.version,
        owner=own.owner,
        name=own.name,
        enterprises=len(seen),
        others=len(own.enterprise_ids) - len(seen),
        enterprise_ids=seen,
    )


def _answer(response: Response, desk: Desk, kept: Kept) -> OwnList:
    response.headers["etag"] = f'"{kept.version}"'
    return told(desk, kept)
