"""Self-assessments, as pages and as `/api/v1`: those of the enterprises whose details the asker may see.

What writes them is in `assessing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from features.self_assessment.describing import changed, summary, whole
from serving.access import Person
from serving.web import schemas
from serving.web.asked_for import Library
from serving.web.assessing.deeds import Assessing, Deeds
from serving.web.assessing.offered import begin_view, writing_view
from serving.web.html import language_of, render
from serving.web.problems import RESPONSES
from serving.web.reading import Reading
from serving.web.refusal_words import refusal_texts
from serving.web.views.assessments import assessment_view, list_view

PER_PAGE = 50
pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["self-assessment"], responses=RESPONSES)


Id = Annotated[
    str, Path(max_length=32, pattern=r"^[\x21-\x7e]+$", description="Id of the assessment, such as `SA-0001`")
]
Of = Annotated[
    str | None,
    Query(max_length=200, pattern=r"^[^\x00]*$", description="Only assessments of this enterprise"),
]


@pages.get("/assessments")
def assessments_page(
    request: Request,
    acting: Assessing,
    library: Library,
    enterprise: Of = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """List the self-assessments, the newest first."""
    return list_page(request, library, acting, enterprise, page)


def list_page(
    request: Request,
    library: Reading,
    acting: Deeds,
    enterprise: str | None = None,
    page: int = 1,
    refused: str = "",
    status: int = 200,
) -> Response:
    """Return the list; `refused` says why no draft was begun."""
    t, enterprise, found = language_of(request), enterprise or None, acting.register
    whose = _whose(acting.person, enterprise)
    total = found.count(whose)
    rows = found.all(whose, PER_PAGE, (page - 1) * PER_PAGE)
    view = list_view(t, map(summary, rows), library.enterprises(), enterprise)
    last = max(1, -(-total // PER_PAGE))
    around = {
        "at": page,
        "count": last,
        "before": _page(enterprise, page - 1) if page > 1 else None,
        "after": _page(enterprise, page + 1) if page < last else None,
    }
    more = {"pages": around, "here": "assessments", "refused": refusal_texts(t, refused)}
    begin = begin_view(library.enterprises(), acting.person, enterprise)
    return render(request, "assessments.html", {**view, **more, "begin": begin}, status)


@pages.get("/assessments/{assessment_id}")
def assessment_page(
    request: Request,
    acting: Assessing,
    library: Library,
    assessment_id: Id,
    saved: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Show one self-assessment: the chosen level among the quoted wordings, why, evidence, history."""
    return assessment_view_page(request, library, acting, assessment_id, saved=bool(saved))


def assessment_view_page(
    request: Request,
    library: Reading,
    acting: Deeds,
    assessment_id: str,
    filled: Mapping[str, Mapping[str, str]] | None = None,
    reviewed: Mapping[str, str] | None = None,
    refused: str = "",
    status: int = 200,
    *,
    saved: bool = False,
) -> Response:
    """Return its page; `filled` and `reviewed` are forms that were refused, as they were filled in."""
    t, assessment = language_of(request), acting.find(assessment_id)
    history = acting.register.history(assessment_id)
    row = library.enterprises().get(assessment.enterprise_id, {})
    view = assessment_view(t, whole(assessment), map(changed, history), row)
    writing = writing_view(assessment, acting.person, filled, reviewed)
    more = {"refused": refusal_texts(t, refused), "saved": saved, "here": "assessments"}
    return render(request, "assessment.html", {**view, **writing, **more}, status)


@api.get("/assessments")
def assessments(
    acting: Assessing,
    enterprise: Of = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[schemas.AssessmentLine]:
    """List the self-assessments, the newest first."""
    whose, found = _whose(acting.person, enterprise), acting.register
    items = [schemas.AssessmentLine(**summary(one)) for one in found.all(whose, limit, offset)]
    return schemas.Page(items=items, total=found.count(whose), limit=limit, offset=offset)


@api.get("/assessments/{assessment_id}")
def assessment(acting: Assessing, response: Response, assessment_id: Id) -> schemas.SelfAssessment:
    """Return one self-assessment with every change that was made to it. Its `ETag` is its version."""
    found = acting.find(assessment_id)
    history = [schemas.AssessmentChange(**changed(one)) for one in acting.register.history(assessment_id)]
    response.headers["etag"] = f'"{found.version}"'
    response.headers["cache-control"] = "private, no-cache"
    answer: dict[str, Any] = whole(found)
    return schemas.SelfAssessment(**answer, history=history)


def _whose(person: Person, enterprise: str | None) -> str | frozenset[str] | None:
    """Return whose assessments the asker may see, of those asked for."""
    if enterprise is not None:
        return enterprise if person.sees_details({"enterprise_id": enterprise}) else frozenset()
    return None if person.has() or person.scope.everything else person.scope.enterprises


def _page(enterprise: str | None, page: int) -> str:
    asked = {"enterprise": enterprise} if enterprise else {}
    return f"/assessments?{urlencode({**asked, 'page': page})}"
