"""Self-assessments, as pages and as `/api/v1`: those of the enterprises whose details the asker may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from features.self_assessment import UnknownAssessmentError
from features.self_assessment.describing import changed, summary, whole
from serving.access import Person
from serving.web import schemas
from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.html import language_of, message, render
from serving.web.problems import RESPONSES
from serving.web.views.assessments import assessment_view, list_view

if TYPE_CHECKING:
    from features.self_assessment import Register
    from features.self_assessment.assessment import Assessment

PER_PAGE = 50
pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["self-assessment"], responses=RESPONSES)


def register(request: Request) -> Iterator[Register]:
    """Open the register for one request; the state database is loaded at the first."""
    from features.self_assessment import Register

    with Register.open(request.app.state.settings) as opened:
        yield opened


Assessments = Annotated[Any, Depends(register)]
Id = Annotated[str, Path(max_length=32, description="Id of the assessment, such as `SA-0001`")]
Of = Annotated[str | None, Query(max_length=200, description="Only assessments of this enterprise")]


@pages.get("/assessments")
def assessments_page(
    request: Request,
    found: Assessments,
    library: Library,
    person: Asker,
    enterprise: Of = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """List the self-assessments, the newest first."""
    enterprise = enterprise or None
    whose = _whose(person, enterprise)
    total = found.count(whose)
    rows = found.all(whose, PER_PAGE, (page - 1) * PER_PAGE)
    view = list_view(language_of(request), map(summary, rows), library.enterprises(), enterprise)
    last = max(1, -(-total // PER_PAGE))
    around = {
        "at": page,
        "count": last,
        "before": _page(enterprise, page - 1) if page > 1 else None,
        "after": _page(enterprise, page + 1) if page < last else None,
    }
    return render(request, "assessments.html", {**view, "pages": around, "here": "assessments"})


@pages.get("/assessments/{assessment_id}")
def assessment_page(
    request: Request, found: Assessments, library: Library, person: Asker, assessment_id: Id
) -> Response:
    """Show one self-assessment: the chosen level among the quoted wordings, why, evidence, history."""
    try:
        assessment, history = _seen(found, person, assessment_id), found.history(assessment_id)
    except UnknownAssessmentError:
        return message(request, "missing", 404)
    row = library.enterprises().get(assessment.enterprise_id, {})
    view = assessment_view(language_of(request), whole(assessment), map(changed, history), row)
    return render(request, "assessment.html", {**view, "here": "assessments"})


@api.get("/assessments")
def assessments(
    found: Assessments,
    person: Asker,
    enterprise: Of = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[schemas.AssessmentLine]:
    """List the self-assessments, the newest first."""
    whose = _whose(person, enterprise)
    items = [schemas.AssessmentLine(**summary(one)) for one in found.all(whose, limit, offset)]
    return schemas.Page(items=items, total=found.count(whose), limit=limit, offset=offset)


@api.get("/assessments/{assessment_id}")
def assessment(found: Assessments, person: Asker, assessment_id: Id) -> schemas.SelfAssessment:
    """Return one self-assessment with every change that was made to it."""
    try:
        answer: dict[str, Any] = whole(_seen(found, person, assessment_id))
        history = [schemas.AssessmentChange(**changed(one)) for one in found.history(assessment_id)]
    except UnknownAssessmentError:
        raise HTTPException(404, f"no assessment {assessment_id!r}") from None
    return schemas.SelfAssessment(**answer, history=history)


def _whose(person: Person, enterprise: str | None) -> str | frozenset[str] | None:
    """Return whose assessments the asker may see, of those asked for."""
    if enterprise is not None:
        return enterprise if person.sees_details({"enterprise_id": enterprise}) else frozenset()
    return None if person.has() or person.scope.everything else person.scope.enterprises


def _seen(found: Register, person: Person, assessment_id: str) -> Assessment:
    """Return one assessment; one that may not be seen is as unknown as one not there."""
    assessment = found.get(assessment_id)
    if not person.sees_details({"enterprise_id": assessment.enterprise_id}):
        raise UnknownAssessmentError(assessment_id)
    return assessment


def _page(enterprise: str | None, page: int) -> str:
    asked = {"enterprise": enterprise} if enterprise else {}
    return f"/assessments?{urlencode({**asked, 'page': page})}"
