"""Self-assessments, as pages and as `/api/v1`: those of the enterprises whose details the asker may see.

What writes them is in `assessing`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from features.self_assessment.describing import changed, summary, whole
from serving.web import schemas
from serving.web.asked_for import Library
from serving.web.assessing.deeds import Assessing
from serving.web.assessing.showing import assessment_view_page, list_page, whose_of
from serving.web.problems import RESPONSES

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


@api.get("/assessments")
def assessments(
    acting: Assessing,
    enterprise: Of = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> schemas.Page[schemas.AssessmentLine]:
    """List the self-assessments, the newest first."""
    whose, found = whose_of(acting.person, enterprise), acting.register
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
