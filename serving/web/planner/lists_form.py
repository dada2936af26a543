"""Own lists of the board by form: pasted or from a file, kept and taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.access import Role
from serving.web.asking import Asker, needs
from serving.web.html import message
from serving.web.planner.asked import BoardQuery
from serving.web.planner.lists import ids_in, register, written
from serving.web.planner.lists_api import ListWish, unused
from serving.web.planner.refusals import refused

pages = APIRouter(include_in_schema=False, dependencies=[needs(Role.PLANNER)])
PATH = "/board"
LARGEST = 60_000
"""Bytes of a file of ids, below what any form may send."""


@pages.post(f"{PATH}/lists")
async def keep_board_list(
    request: Request,
    person: Asker,
    name: Annotated[str, Form(max_length=100)] = "",
    ids: Annotated[str, Form(max_length=LARGEST)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a list of one's own, and look at it."""
    try:
        text = (await file.read(LARGEST)).decode("utf-8-sig") if file is not None else ""
        wish = ListWish(name=name.strip(), enterprise_ids=ids_in(f"{ids}\n{text}"))
    except (ValidationError, UnicodeDecodeError):
        return message(request, "board.list.refused", 422)
    with refused():
        kept = register(request).add(written(wish.name, wish.enterprise_ids), person.name)
    return RedirectResponse(BoardQuery(list=kept.id).url(PATH), 303)


@pages.post(f"{PATH}/lists/{{list_id}}/take-back")
def take_back_board_list(
    request: Request, person: Asker, list_id: str, version: Annotated[int, Form(ge=1)]
) -> Response:
    """Take a list of one's own back."""
    with refused():
        unused(request, list_id)
        register(request).remove(list_id, version, person.name, any_owner=person.has(Role.ADMIN))
    return RedirectResponse(PATH, 303)
