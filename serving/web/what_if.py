"""What if levers stood elsewhere: a page that answers as they are moved, and the same as `/api/v1`.

A question changes nothing, so that the page asks by address: an answer can be kept as a bookmark and sent on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from models.what_if.rows import Lever, Move, WhatIfRow
from serving.web import schemas
from serving.web.asked_for import EnterpriseId, Library
from serving.web.asking import Details
from serving.web.html import language_of, message, render
from serving.web.pages import heading
from serving.web.problems import RESPONSES
from serving.web.reading import Reading
from serving.web.views.what_if import Asked, page_view

if TYPE_CHECKING:
    from models.what_if.kept import Kept, Plant

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", responses=RESPONSES)
MOST_MOVES = 60
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
LEVER = "to."
"""What the name of a lever's field begins with."""
NOT_KEPT = (
    "nothing is kept to answer a what-if of {id!r}: train or publish; its records need a complete month"
)


class Question(BaseModel):
    """Moves made together in one month and held; a lever that is not named is left alone."""

    model_config = ConfigDict(extra="forbid")

    moves: list[Move] = Field(
        max_length=MOST_MOVES, examples=[[{"parameter_id": "furnace_temp", "to": 842.5}]]
    )
    start: str | None = Field(
        default=None, pattern=MONTH, description="Month in which all moves are made; by default the next one"
    )


@api.get("/enterprises/{enterprise_id:path}/levers", tags=["advice"])
def levers(
    request: Request,
    library: Library,
    row: Details,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[Lever]:
    """List the levers: where each stands, how far it may go, whether its effect is believed."""
    from models.what_if.answering import levers_of

    found = levers_of(_known(request, library, row["enterprise_id"]))
    return schemas.Page(items=found[offset : offset + limit], total=len(found), limit=limit, offset=offset)


@api.post("/enterprises/{enterprise_id:path}/what-if", tags=["advice"])
def what_if(request: Request, library: Library, row: Details, question: Question) -> WhatIfRow:
    """Say what moves do together: indicators and money with intervals, probabilities of levels by month.

    Computed on the spot by the effects, paths and rules of plans. Moves whose effect cannot be believed are
    named in `refused` and not counted. It changes nothing, and no official grade.
    """
    return _answered(_known(request, library, row["enterprise_id"]), question.moves, question.start)


@pages.get("/what-if/{enterprise_id:path}")
def page(
    request: Request,
    library: Library,
    row: Details,
    enterprise_id: EnterpriseId,
    start: Annotated[str, Query(max_length=7)] = "",
    part: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show levers and the answer to where they are put; `part=answer` is the answer alone, for the script."""
    t = language_of(request)
    plant = _plant(request, library, enterprise_id)
    if plant is None:
        return message(request, "whatif.none", steps=[])
    moves, faults = _moves(plant, request.query_params)
    try:
        answer = _answered(plant, moves, start or None)
    except HTTPException:
        start, answer = "", _answered(plant, moves, None)
    from models.what_if.answering import levers_of

    asked = Asked(levers_of(plant), {move.parameter_id: move.to for move in moves}, start, faults)
    advice = library.outlook("recommendations", enterprise_id)
    view = page_view(t, row, asked, answer, library.parameters().get(enterprise_id, {}), advice)
    heads = heading(t, row)
    template = "what_if/answer.html" if part == "answer" else "what_if/page.html"
    return render(request, template, {"e": heads, "id": enterprise_id, **view, "here": ""})


def _answered(plant: Plant, moves: list[Move], start: str | None) -> WhatIfRow:
    from models.what_if.answering import WhatIfError
    from models.what_if.answering import what_if as answer

    try:
        return answer(plant, moves, start)
    except WhatIfError as error:
        raise HTTPException(422, str(error)) from None


def _known(request: Request, library: Reading, enterprise_id: str) -> Plant:
    plant = _plant(request, library, enterprise_id)
    if plant is None:
        raise HTTPException(404, NOT_KEPT.format(id=enterprise_id))
    return plant


def _plant(request: Request, library: Reading, enterprise_id: str) -> Plant | None:
    """Return the plant as it was kept at publication; None where it was not."""
    kept = library.once("what_if", partial(_open, request.app.state.settings))
    try:
        return kept.plant(enterprise_id) if kept else None
    except KeyError:
        return None


def _open(settings: Any) -> Kept | None:  # noqa: ANN401 - the application's settings
    from models.outlook import NoOutlookError, Outlook
    from models.what_if.kept import Kept

    try:
        return Kept(Outlook.load(settings).folder)
    except (NoOutlookError, FileNotFoundError):
        return None


def _moves(plant: Plant, asked: Mapping[str, str]) -> tuple[list[Move], list[str]]:
    """Return the moves of a form, and the levers whose field is no number; other fields are ignored."""
    moves, faults = [], []
    for name in plant.levers:
        text = asked.get(LEVER + name, "").strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            continue
        try:
            moves.append(Move(parameter_id=name, to=float(text)))
        except ValueError:
            faults.append(name)
    return moves, faults
