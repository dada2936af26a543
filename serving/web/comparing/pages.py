"""The page of comparisons: like enterprises, what leaders do otherwise, published figures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from models.portfolio import NoPortfolioError
from models.portfolio.benchmarks import benchmarks
from models.practices import NoPracticesError, own_rates
from serving.access import Person, Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, Details, needs
from serving.web.comparing.answers import comparison
from serving.web.comparing.asked import ComparisonQuery, detailed, practices_of
from serving.web.comparing.context_views import context_view
from serving.web.comparing.views import PATH, choices, groups_view, offered, practices_view, standings_view
from serving.web.html import language_of, message, render
from serving.web.language import Language
from serving.web.planner.desk import Desk, desk_of
from serving.web.planner.schemas import BenchmarkStanding
from serving.web.planner.standings import standings
from serving.web.reading import Reading

pages = APIRouter(include_in_schema=False)


@pages.get(PATH, dependencies=[needs(Role.PLANNER)])
def comparison_page(
    request: Request, library: Library, person: Asker, wished: Annotated[ComparisonQuery, Query()]
) -> Response:
    """Show how groups lie, where one enterprise stands among them, and published figures."""
    t = language_of(request)
    try:
        desk = desk_of(request, library, person)
    except NoPortfolioError:
        return _nothing(request, t)
    return render(request, "planner/comparison.html", _context(t, library, person, desk, wished))


@pages.get("/comparisons/{enterprise_id:path}")
def own_comparison(request: Request, library: Library, person: Asker, row: Details) -> Response:
    """Show one enterprise's place, and what leaders do otherwise, to whoever sees its records."""
    t, enterprise_id = language_of(request), str(row["enterprise_id"])
    try:
        desk = desk_of(request, library, person)
    except NoPortfolioError:
        return _nothing(request, t)
    places = standings(desk, enterprise_id)
    found = _enterprise(t, library, person, desk, enterprise_id, places)
    return render(request, "planner/own_comparison.html", {"enterprise": found})


def _nothing(request: Request, t: Language) -> Response:
    steps = [{"text": t(f"board.step.{name}"), "command": f"zhuoyue {name}"} for name in ("train", "publish")]
    return message(request, "board.none", steps=steps)


def _context(
    t: Language, library: Reading, person: Person, desk: Desk, wished: ComparisonQuery
) -> dict[str, Any]:
    places = standings(desk, wished.enterprise) if _seen(desk, wished.enterprise) else []
    mine = next((one for one in places if one.indicator == wished.indicator), None)
    found = benchmarks(
        desk.groups(wished.indicator),
        [wished.division] if wished.division else [],
        wished.size,
        wished.region,
    )
    mask = detailed(desk, library, person)
    return {
        "here": "board",
        "query": wished,
        "choices": choices(t, desk, wished),
        "offered": offered(desk),
        "groups": groups_view(t, found, wished, mine),
        "enterprise": _enterprise(t, library, person, desk, wished.enterprise, places),
        "context": context_view(
            t, wished.region, own_rates(desk.portfolio.folder, desk.portfolio, mask, wished.region)
        ),
    }


def _seen(desk: Desk, enterprise_id: str) -> bool:
    row = desk.portfolio.place.get(enterprise_id)
    return row is not None and bool(desk.seen[row])


def _enterprise(
    t: Language,
    library: Reading,
    person: Person,
    desk: Desk,
    enterprise_id: str,
    places: list[BenchmarkStanding],
) -> dict[str, Any] | None:
    """The chosen enterprise; one that may not be seen is as unknown as one that is not there."""
    if not enterprise_id:
        return None
    if not _seen(desk, enterprise_id):
        return {
            "id": enterprise_id,
            "name": "",
            "standings": [],
            "practices": None,
            "why": "comparing.unknown",
        }
    row = desk.portfolio.place[enterprise_id]
    told, why = None, "practice.numbers_only"
    if detailed(desk, library, person)[row]:
        told, why = _practices(t, library, person, desk, enterprise_id)
    name = str(desk.portfolio.text("name")[row]) or enterprise_id
    return {
        "id": enterprise_id,
        "name": name,
        "standings": standings_view(t, places),
        "practices": told,
        "why": why,
    }


def _practices(
    t: Language, library: Reading, person: Person, desk: Desk, enterprise_id: str
) -> tuple[dict[str, Any] | None, str]:
    try:
        practices = practices_of(desk, library)
    except NoPracticesError:
        return None, "practice.not_published"
    found = comparison(practices, enterprise_id, detailed(desk, library, person))
    if not found.items:
        return None, "practice.too_few"
    return practices_view(t, found, library.parameters().get(enterprise_id, {})), ""
