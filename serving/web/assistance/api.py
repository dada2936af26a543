"""`/api/v1/assistance`: where help works for a target, who lacks one thing only, who may fall back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from models.assistance.rows import Assistance, Falling, OneShort
from serving.access import Person, Role
from serving.web.api import tagged
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.assistance.answers import AssistanceError, Helping, NoOptionsError, options_of
from serving.web.assistance.asked import AssistanceQuery, FallingQuery, OneShortQuery
from serving.web.comparing.asked import detailed
from serving.web.planner.desk import AtDesk, Desk
from serving.web.planner.refusals import MORE
from serving.web.planner.targets import every, register
from serving.web.problems import RESPONSES
from serving.web.reading import Reading
from serving.web.schemas import Page

api = APIRouter(
    prefix="/api/v1/assistance",
    dependencies=[Depends(tagged), needs(Role.PLANNER)],
    responses=RESPONSES | {403: MORE[403]},
    tags=["planning"],
)


def helping_of(request: Request, library: Reading, person: Person, desk: Desk) -> Helping:
    """Return what answers rest on for a person; raises NoOptionsError."""
    options = library.once("assistance", lambda: options_of(desk))
    return Helping(desk, options, every(desk, register(request)), detailed(desk, library, person))


def published_helping(request: Request, library: Library, person: Asker, desk: AtDesk) -> Helping:
    """As `helping_of`, for programs: 404 while nothing was published."""
    try:
        return helping_of(request, library, person, desk)
    except NoOptionsError as error:
        raise HTTPException(404, "no options have been published yet; `zhuoyue publish` does it") from error


AtHand = Annotated[Helping, Depends(published_helping)]


@api.get("")
def assistance(helping: AtHand, wished: Annotated[AssistanceQuery, Query()]) -> Assistance:
    """Find whom to help so that a target is likely enough: the cheapest set, or the most probable one.

    Counted are the enterprises whose numbers you may see; actions are named where you may read them.
    """
    with refused():
        return helping.answer(wished)


@api.get("/one-short")
def assistance_one_short(helping: AtHand, wished: Annotated[OneShortQuery, Query()]) -> Page[OneShort]:
    """List the enterprises that lack one indicator, or one management item, for a level."""
    found = helping.one_short(wished, wished.level)
    chosen = found[wished.offset : wished.offset + wished.limit]
    return Page(items=chosen, total=len(found), limit=wished.limit, offset=wished.offset)


@api.get("/falling")
def assistance_falling(helping: AtHand, wished: Annotated[FallingQuery, Query()]) -> Page[Falling]:
    """List the enterprises that may stand lower in six months, and what would hold them."""
    found = helping.falling(wished, wished.least)
    chosen = found[wished.offset : wished.offset + wished.limit]
    return Page(items=chosen, total=len(found), limit=wished.limit, offset=wished.offset)


@contextmanager
def refused() -> Iterator[None]:
    """Turn a question that cannot be answered into 422."""
    try:
        yield
    except AssistanceError as error:
        raise HTTPException(422, str(error)) from error
