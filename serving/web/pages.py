"""The pages: each asks the library, makes a view in the reader's language, and renders one template."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from serving.access import Person
from serving.web.asked_for import Library
from serving.web.asking import Asker, Numbers
from serving.web.assets import FOREVER, SOURCES, asset
from serving.web.html import language_of, message, render
from serving.web.improvement import improvement_line
from serving.web.language import Language
from serving.web.pilots import pilot_context
from serving.web.planner.standings import standing_lines
from serving.web.reading import Graded, Reading, Row
from serving.web.views import outlook as shown
from serving.web.views.actions import (
    action_views,
    next_step,
    no_action_reason,
    together_sentence,
    withheld_views,
)
from serving.web.views.drivers import drivers_view
from serving.web.views.grade import grade_view
from serving.web.views.indicators import indicators_view
from serving.web.views.lines import lines
from serving.web.views.overview import overview_view
from serving.web.views.selecting import Line
from serving.web.views.selecting import Query as View

router = APIRouter(include_in_schema=False)
SECTIONS = ("grade", "indicators", "forecast", "attainment", "drivers", "actions", "pilot")
Text = Annotated[str, Query(max_length=80)]


@router.get("/")
def overview(
    request: Request,
    library: Library,
    person: Asker,
    q: Text = "",
    level: Text = "",
    sort: Text = "name",
    order: Text = "asc",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show the enterprises that the reader may see, or how to begin where there is none."""
    t = language_of(request)
    if not library.enterprises():
        return message(request, "empty", steps=first_steps(t))
    seen = _lines_for(library, person)
    if not seen:
        return message(request, "nobody")
    view = overview_view(t, seen, View(q, level, sort, order, page), library.parameters())
    hint = None
    if not library.state().outlook_id:
        hint = {"text": t("overview.no_outlook"), "command": t("command.train")}
    return render(request, "overview.html", {**view, "hint": hint, "here": "overview"})


def _lines_for(library: Reading, person: Person) -> list[Line]:
    """Return the lines that a person may see; the first action only where the details may be seen."""
    rows, seen = library.enterprises(), []
    for line in lines(library):
        if person.sees_details(rows[line.enterprise_id]):
            seen.append(line)
        elif person.sees_numbers(rows[line.enterprise_id]):
            seen.append(replace(line, action=None, published=False))
    return seen


@router.get("/enterprises/{enterprise_id:path}")
def enterprise(
    request: Request, library: Library, person: Asker, row: Numbers, target: Text = ""
) -> Response:
    """Show one enterprise: all of it, or its numbers only."""
    t, enterprise_id = language_of(request), str(row["enterprise_id"])
    graded = library.grade(enterprise_id, None)
    numbers = {
        "e": heading(t, row),
        "details": person.sees_details(row),
        "sections": SECTIONS if person.sees_details(row) else SECTIONS[:4],
        "grade": grade_view(t, graded.grade, graded.evidence) if graded else None,
        "indicators": indicators_view(t, graded.grade, graded.evidence) if graded else None,
        "standings": standing_lines(request, t, library, person, enterprise_id),
        **_chances_context(t, library, enterprise_id, graded),
    }
    if not person.sees_details(row):
        return render(request, "enterprise.html", numbers)
    details = {
        "assessments_url": f"/assessments?enterprise={quote(enterprise_id, safe='')}",
        "improvement": improvement_line(t, request.app.state.settings, enterprise_id),
        "plan_url": f"/plans/{quote(enterprise_id, safe='')}",
        "what_if_url": f"/what-if/{quote(enterprise_id, safe='')}",
        "charts_url": f"/charts/{quote(enterprise_id, safe='')}",
        "comparison_url": f"/comparisons/{quote(enterprise_id, safe='')}",
        "declaration_url": f"/declarations/{quote(enterprise_id, safe='')}" if graded else "",
        "proposal_url": f"/proposals/{quote(enterprise_id, safe='')}" if graded else "",
        **_advice_context(t, library, enterprise_id, target),
        **pilot_context(t, library, request.app.state.settings, enterprise_id),
    }
    return render(request, "enterprise.html", {**numbers, **details})


def _chances_context(
    t: Language, library: Reading, enterprise_id: str, graded: Graded | None
) -> dict[str, Any]:
    published = bool(library.state().outlook_id)
    forecasts = library.outlook("forecasts", enterprise_id)
    chances = library.outlook("attainment", enterprise_id)
    return {
        "forecasts": shown.forecast_views(t, library.history(enterprise_id), forecasts),
        "forecast_none": t("forecast.none.enterprise" if published else "forecast.none"),
        "attainment": shown.attainment_view(t, chances, graded.grade if graded else None),
        "attainment_none": t("attainment.none"),
    }


def _advice_context(t: Language, library: Reading, enterprise_id: str, target: str) -> dict[str, Any]:
    parameters = library.parameters().get(enterprise_id, {})
    published = bool(library.state().outlook_id)
    advice = library.outlook("recommendations", enterprise_id)
    url = f"/enterprises/{quote(enterprise_id, safe='')}"
    return {
        "drivers": drivers_view(t, library.outlook("drivers", enterprise_id), parameters, target, url),
        "drivers_none": t("drivers.none"),
        "actions": action_views(t, advice, parameters),
        "actions_none": no_action_reason(t, advice, parameters, published=published),
        "actions_next": next_step(t, advice, parameters),
        "actions_together": together_sentence(t, advice),
        "actions_withheld": withheld_views(t, advice, parameters),
    }


def heading(t: Language, row: Row) -> dict[str, Any]:
    """Return the name of an enterprise and the few facts that place it."""
    facts = [t("fact.id", id=row["enterprise_id"])]
    facts += [
        t(f"fact.{name}", code=row[column], name=row[column])
        for name, column in (("industry", "industry_code"), ("region", "region_code"), ("chain", "chain"))
        if row.get(column)
    ]
    if row.get("size"):
        facts.append(t.either(f"fact.size.{row['size']}", str(row["size"])))
    return {"name": row.get("name") or row["enterprise_id"], "facts": facts}


def first_steps(t: Language) -> list[dict[str, str]]:
    """Return the three steps from nothing to advice."""
    return [
        {"text": t(f"empty.step.{name}"), "command": t(f"command.{name}")}
        for name in ("template", "import", "train")
    ]


@router.get("/docs")
def docs(request: Request) -> Response:
    """Show the API reference, from the same origin: it works without internet."""
    return render(request, "docs.html", {"here": "docs"})


@router.get("/assets/{name}")
def assets(request: Request, name: str, v: str = "") -> Response:
    """Send a style sheet, script or icon; an address that names the present version is good for a year."""
    if name not in SOURCES:
        return message(request, "missing", 404)
    file = asset(name)
    headers = {
        "etag": f'"{file.version}"',
        "cache-control": FOREVER if v == file.version else "no-cache",
        "vary": "accept-encoding",
    }
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.content, media_type=file.media_type, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(file.compressed, media_type=file.media_type, headers=headers)
