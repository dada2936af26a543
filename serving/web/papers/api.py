"""`/api/v1/briefing` and `/api/v1/planning-workbook`: files of a group, made from what was published."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from serving.access import Person, Role
from serving.reports.media import MEDIA_TYPES
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.declarations import a_turn, disposition
from serving.web.openapi import file_of
from serving.web.papers.making import Code, briefing_of, workbook_of
from serving.web.planner.asked import Filter
from serving.web.planner.desk import AtDesk, Desk
from serving.web.planner.refusals import MORE
from serving.web.planner.targets import every, register
from serving.web.problems import RESPONSES
from serving.web.reading import Reading

PLANNERS = needs(Role.PLANNER)
api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["planning"])
Kind = Literal["docx", "pdf"]
BUSY: dict[int | str, dict[str, Any]] = {503: RESPONSES[503]} if 503 in RESPONSES else {}


class BriefingQuery(Filter):
    """A group, and in which language and kind of file it is told."""

    lang: Code = Field(default="zh", description="language of the briefing")
    kind: Kind = Field(default="docx", description="kind of file")


REFUSALS: dict[int | str, dict[str, Any]] = {403: MORE[403], **BUSY}


@api.get(
    "/briefing",
    dependencies=[PLANNERS],
    response_class=Response,
    responses={200: file_of("docx", "pdf"), **REFUSALS},
)
def briefing_file(
    request: Request,
    library: Library,
    person: Asker,
    desk: AtDesk,
    wished: Annotated[BriefingQuery, Query()],
) -> Response:
    """Send the two-page briefing of a group: standing, targets, where help works, risks, what to decide.

    Its figures are those of the enterprises whose numbers you may see; the workbook of the same group holds
    every one of them.
    """
    from serving.reports.writing import printed

    group = Filter(**wished.model_dump(include=set(Filter.model_fields)))
    wanted, details = every(desk, register(request)), sees_details(library, person, desk, group)
    with a_turn():
        document = briefing_of(desk, group, wanted, wished.lang, details=details)
        content = printed(document, f".{wished.kind}")
    name = f"{document.parts[0].title}_{document.name}_{document.day[:7]}.{wished.kind}"
    return _sent(content, wished.kind, name, "briefing")


@api.get(
    "/planning-workbook",
    dependencies=[PLANNERS],
    response_class=Response,
    responses={200: file_of("xlsx"), **REFUSALS},
)
def workbook_file(
    request: Request, library: Library, person: Asker, desk: AtDesk, wished: Annotated[Filter, Query()]
) -> Response:
    """Send the planning workbook of a group: levels, forecast by month, targets with the paths that their
    probabilities are counted from, enterprises, benchmarks, context; formulas where a reader would check.
    """
    from serving.web.scenarios.desk import result_of, seen

    wanted, details = every(desk, register(request)), sees_details(library, person, desk, wished)
    scenarios = [(own, result_of(request, library, own)) for own in seen(request, library, person)]
    with a_turn():
        content = workbook_of(desk, wished, wanted, scenarios, details=details)
    return _sent(content, "xlsx", f"规划工作簿_{desk.as_of}.xlsx", "planning")


def sees_details(library: Reading, person: Person, desk: Desk, wished: Filter) -> bool:
    """Say whether a reader may see actions and costs of every enterprise of a group."""
    rows, members = library.enterprises(), desk.portfolio.enterprise_ids[desk.members(wished)]
    return all(person.sees_details(rows[str(name)]) for name in members if str(name) in rows)


def _sent(content: bytes, kind: str, name: str, plain: str) -> Response:
    headers = {"content-disposition": disposition(name, kind, plain), "cache-control": "no-cache"}
    return Response(content, media_type=MEDIA_TYPES[f".{kind}"], headers=headers)
