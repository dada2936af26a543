"""The briefing of a group as a page that prints, with links to its files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from models.portfolio import NoPortfolioError
from serving.access import Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.declarations import a_turn
from serving.web.guard import PAPER_POLICY
from serving.web.html import language_of, message
from serving.web.papers.api import sees_details
from serving.web.papers.making import briefing_of
from serving.web.planner.asked import BoardQuery, Filter
from serving.web.planner.desk import desk_of
from serving.web.planner.targets import every, register

pages = APIRouter(include_in_schema=False, dependencies=[needs(Role.PLANNER)])
PATH = "/board/briefing"


@pages.get(PATH)
def briefing_page(
    request: Request, library: Library, person: Asker, wished: Annotated[Filter, Query()]
) -> Response:
    """Show the briefing as it prints, in the reader's language."""
    from serving.reports.page import to_html

    t = language_of(request)
    try:
        desk = desk_of(request, library, person)
    except NoPortfolioError:
        return message(request, "board.none")
    wanted, details = every(desk, register(request)), sees_details(library, person, desk, wished)
    with a_turn():
        document = briefing_of(desk, wished, wanted, "en" if t.code == "en" else "zh", details=details)
    files = wished.url("/api/v1/briefing", lang=t.code)
    join = "&" if "?" in files else "?"
    links = (
        (".docx", f"{files}{join}kind=docx"),
        (".pdf", f"{files}{join}kind=pdf"),
        (".xlsx", wished.url("/api/v1/planning-workbook")),
    )
    back = BoardQuery(**wished.model_dump()).url("/board")
    other = (t("nav.switch"), wished.url(PATH, lang=t.other))
    headers = {"cache-control": "no-cache", "content-language": t.tag, "vary": "cookie, accept-language"}
    headers["content-security-policy"] = PAPER_POLICY
    return HTMLResponse(to_html(document, links, back, other), headers=headers)
