"""The forms of the PDCA boards, and the board over all enterprises that somebody may see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from starlette.responses import RedirectResponse

from serving.access import Role
from serving.web.acting.board import everybodys_view
from serving.web.acting.deeds import Acting
from serving.web.acting.showing import board_page
from serving.web.asked_for import Library
from serving.web.asking import Asker, Details, needs
from serving.web.html import language_of, render

WRITERS = needs(Role.ENGINEER)
pages = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]
Seen = Annotated[str, Form(max_length=40)]
SAID = (404, 409, 422)
"""Refusals that a person can put right on the board."""


@pages.get("/actions")
def actions_board(
    request: Request,
    acting: Acting,
    library: Library,
    state: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show every action that somebody may see."""
    view = everybodys_view(language_of(request), acting, library.parameters(), state, q, page)
    return render(request, "acting/everybody.html", {**view, "here": "actions"})


@pages.post("/actions/verdicts", dependencies=[WRITERS])
def ask_for_verdicts(request: Request, person: Asker) -> Response:
    """Have finished actions judged anew, as a job."""
    from serving.jobs import enqueue

    job = enqueue(request.app.state.database.engine, "verdicts", {}, person.name)
    return RedirectResponse(f"/jobs/{job.id}", 303)


@pages.post("/improvement/{enterprise_id:path}/accept", dependencies=[WRITERS])
def accept_on_board(
    request: Request,
    library: Library,
    row: Details,
    acting: Acting,
    rank: Annotated[int, Form(ge=1, le=100)],
    outlook: Annotated[str, Form(max_length=100)] = "",
    start: Text = "",
) -> Response:
    """Accept a recommendation from its card."""
    name = str(row["enterprise_id"])
    try:
        made = acting.accept(name, rank, None, _day(start), outlook or None)
    except HTTPException as refused:
        return _refused(request, acting, library, row, refused)
    return _back(name, made.action_id)


@pages.post("/improvement/{enterprise_id:path}/move", dependencies=[WRITERS])
def move_on_board(
    request: Request,
    library: Library,
    row: Details,
    acting: Acting,
    action: Text,
    to: Text,
    version: Seen,
    on: Text = "",
) -> Response:
    """Move an action from its card."""
    try:
        _own(acting, row, action)
        acting.move(action, to, _day(on), version)
    except HTTPException as refused:
        return _refused(request, acting, library, row, refused)
    return _back(str(row["enterprise_id"]), action)


@pages.post("/improvement/{enterprise_id:path}/amend", dependencies=[WRITERS])
def amend_on_board(
    request: Request,
    library: Library,
    row: Details,
    acting: Acting,
    action: Text,
    version: Seen,
    title: Text = "",
    cost: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Put title or cost right from the action's card."""
    try:
        _own(acting, row, action)
        acting.amend(action, title or None, _amount(cost), version)
    except HTTPException as refused:
        return _refused(request, acting, library, row, refused)
    return _back(str(row["enterprise_id"]), action)


def _own(acting: Acting, row: Details, action_id: str) -> None:
    """Refuse an action of another enterprise than that of the address."""
    if acting.find(action_id).enterprise_id != row["enterprise_id"]:
        raise HTTPException(404, f"no action {action_id[:60]!r}")


def _refused(
    request: Request, acting: Acting, library: Library, row: Details, refused: HTTPException
) -> Response:
    """Show the board as it is now, with what was refused and why on top."""
    if refused.status_code not in SAID:
        raise refused
    return board_page(request, library, row, acting, refused=str(refused.detail), status=refused.status_code)


def _back(enterprise_id: str, action_id: str) -> Response:
    return RedirectResponse(f"/improvement/{quote(enterprise_id, safe='')}#{quote(action_id, safe='')}", 303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(422, f"on: found {text[:40]!r}; allowed: a day, YYYY-MM-DD") from None


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "").replace("\N{FULLWIDTH COMMA}", "").strip()
    try:
        return Decimal(plain) if plain else None
    except InvalidOperation:
        raise HTTPException(422, f"cost: found {text[:40]!r}; allowed: CNY, such as 12000") from None
