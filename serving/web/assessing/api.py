"""`/api/v1/assessments`: what writes. `by` is always whoever signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Response

from features.self_assessment.describing import changed, whole
from serving.access import Role
from serving.web import schemas
from serving.web.asking import needs
from serving.web.assessing.deeds import Assessing, Deeds
from serving.web.assessing.schemas import (
    Beginning,
    GivenAnswer,
    GivenDeclaration,
    GivenReview,
    Withdrawal,
)
from serving.web.problems import RESPONSES
from serving.web.stale import STALE, IfMatch

if TYPE_CHECKING:
    from features.self_assessment import Assessment

WRITERS, REVIEWERS = needs(Role.ENGINEER), needs(Role.ASSESSOR)
api = APIRouter(prefix="/api/v1", tags=["self-assessment"], responses=RESPONSES | STALE)
Id = Annotated[
    str, Path(max_length=32, pattern=r"^[\x21-\x7e]+$", description="Id of the assessment, such as `SA-0001`")
]
Item = Annotated[str, Path(max_length=40, description="Management item", examples=["qms"])]


@api.post("/assessments", status_code=201, dependencies=[WRITERS])
def begin_assessment(acting: Assessing, response: Response, wish: Beginning) -> schemas.SelfAssessment:
    """Begin a draft; an enterprise has one draft at a time."""
    return _told(acting, response, acting.begin(wish.enterprise_id, wish.as_of))


@api.put("/assessments/{assessment_id}/answers/{item}", dependencies=[WRITERS])
def give_answer(
    acting: Assessing,
    response: Response,
    assessment_id: Id,
    item: Item,
    answer: GivenAnswer,
    if_match: IfMatch = None,
) -> schemas.SelfAssessment:
    """Answer an item of a draft. Without a version only what is unanswered or your own may be changed."""
    from features.self_assessment import Answer, Link

    given = Answer(answer.level, answer.why, tuple(Link(one.title, one.link) for one in answer.evidence))

    def act(version: int | None) -> Assessment:
        return acting.answer(assessment_id, {item: given}, version)

    return _told(acting, response, _matched(act, answer.version, if_match))


@api.post("/assessments/{assessment_id}/declaration", dependencies=[WRITERS])
def declare_assessment(
    acting: Assessing,
    response: Response,
    assessment_id: Id,
    wish: GivenDeclaration,
    if_match: IfMatch = None,
) -> schemas.SelfAssessment:
    """Declare a draft, all nine items answered, in your name; from then on its levels count."""

    def act(version: int | None) -> Assessment:
        return acting.declare(assessment_id, wish.role, wish.on, version)

    return _told(acting, response, _matched(act, wish.version, if_match))


@api.post("/assessments/{assessment_id}/review", dependencies=[REVIEWERS])
def review_assessment(
    acting: Assessing, response: Response, assessment_id: Id, wish: GivenReview, if_match: IfMatch = None
) -> schemas.SelfAssessment:
    """Review a declared one as a third party (role assessor): who answered, declared or is of it cannot."""
    from features.self_assessment import Finding

    differing = {item: Finding(one.level, one.reason) for item, one in wish.findings.items()}

    def act(version: int | None) -> Assessment:
        return acting.review(assessment_id, wish.organisation, wish.on, differing, version)

    return _told(acting, response, _matched(act, wish.version, if_match))


@api.post("/assessments/{assessment_id}/withdrawal", dependencies=[WRITERS])
def withdraw_assessment(
    acting: Assessing, response: Response, assessment_id: Id, wish: Withdrawal, if_match: IfMatch = None
) -> schemas.SelfAssessment:
    """Give up a draft; it stays to be seen."""

    def act(version: int | None) -> Assessment:
        return acting.withdraw(assessment_id, version)

    return _told(acting, response, _matched(act, wish.version, if_match))


def _matched(
    act: Callable[[int | None], Assessment], version: int | None, if_match: str | None
) -> Assessment:
    """Act on the version that was seen; HTTP 412 where a tag is not the present one."""
    if if_match is None or if_match.strip() == "*":
        return act(version)
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isdecimal() or len(tag) > 9 or version not in (None, int(tag)):
        raise HTTPException(412, f"If-Match: found {if_match!r:.60}; allowed: the ETag of the assessment")
    try:
        return act(int(tag))
    except HTTPException as error:
        if error.status_code != 409:
            raise
        raise HTTPException(412, error.detail) from None


def _told(acting: Deeds, response: Response, assessment: Assessment) -> schemas.SelfAssessment:
    history = [schemas.AssessmentChange(**changed(one)) for one in acting.register.history(assessment.id)]
    response.headers["etag"] = f'"{assessment.version}"'
    response.headers["cache-control"] = "private, no-cache"
    answer: dict[str, Any] = whole(assessment)
    return schemas.SelfAssessment(**answer, history=history)
