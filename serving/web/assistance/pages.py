"""The page of where help works."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from models.portfolio import NoPortfolioError
from serving.access import Person, Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.assistance.answers import AssistanceError, Helping, NoOptionsError
from serving.web.assistance.api import helping_of
from serving.web.assistance.asked import PATH, AssistanceQuery
from serving.web.assistance.list_views import fall_row, short_row
from serving.web.assistance.views import answer_view, form_view, readings
from serving.web.html import language_of, message, render
from serving.web.language import Language
from serving.web.planner.asked import BoardQuery
from serving.web.planner.desk import desk_of
from serving.web.planner.views import choices
from serving.web.reading import Reading
from serving.web.views.words import level_name

pages = APIRouter(include_in_schema=False, dependencies=[needs(Role.PLANNER)])
LISTED = 10
GROUP = ("region", "industry", "size", "chain", "list")
LIKELY = 0.1
"""Who falls with less than this is not listed."""


@pages.get(PATH)
def assistance_page(
    request: Request, library: Library, person: Asker, wished: Annotated[AssistanceQuery, Query()]
) -> Response:
    """Show whom to help for a target, what it costs, who lacks one thing only, and who may fall back."""
    t = language_of(request)
    try:
        return render(request, "planner/assistance.html", _context(request, t, library, person, wished))
    except (NoPortfolioError, NoOptionsError):
        steps = [
            {"text": t(f"board.step.{name}"), "command": f"zhuoyue {name}"} for name in ("train", "publish")
        ]
        return message(request, "board.none", steps=steps)
    except AssistanceError:
        return message(request, "assistance.refused", 422)


def _context(
    request: Request, t: Language, library: Reading, person: Person, wished: AssistanceQuery
) -> dict[str, Any]:
    desk = desk_of(request, library, person)
    helping = helping_of(request, library, person, desk)
    found = helping.answer(wished)
    group = BoardQuery(**{name: getattr(wished, name) for name in ("basis", *GROUP)})
    return {
        "here": "board",
        "query": wished,
        "readings": readings(t, wished),
        "about": t(f"board.basis.{wished.basis}.about"),
        "choices": [one for one in choices(t, desk, group) if one["name"] in GROUP],
        "form": form_view(t, helping.targets, found, wished),
        "answer": answer_view(t, found),
        **_lists(t, helping, wished, found.level),
    }


def _lists(t: Language, helping: Helping, wished: AssistanceQuery, level: int) -> dict[str, Any]:
    short, falling = helping.one_short(wished, level), helping.falling(wished, LIKELY)
    return {
        "short": [short_row(t, one) for one in short[:LISTED]],
        "short_count": t("assistance.short.count", count=t.number(len(short)), level=level_name(t, level)),
        "falling": [fall_row(t, one) for one in falling[:LISTED]],
        "falling_count": t("assistance.fall.count", count=t.number(len(falling)), least=t.percent(LIKELY, 0)),
        "months": ("3", "6", "12"),
    }
