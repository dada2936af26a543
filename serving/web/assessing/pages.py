"""The forms of self-assessments: begin, answer, declare, review, withdraw; they work without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request, Response
from starlette.responses import RedirectResponse

from features.records.schema import ITEMS
from serving.access import Role
from serving.web.asked_for import Library
from serving.web.asking import needs
from serving.web.assessing.deeds import Assessing, Deeds
from serving.web.assessing.filled import answers, typed
from serving.web.assessing.showing import assessment_view_page, list_page

if TYPE_CHECKING:
    from features.self_assessment import Assessment, Finding

WRITERS, REVIEWERS = needs(Role.ENGINEER), needs(Role.ASSESSOR)
pages = APIRouter(include_in_schema=False)
Id = Annotated[str, Path(max_length=32, pattern=r"^[\x21-\x7e]+$")]
Text = Annotated[str, Form(max_length=200)]
Seen = Annotated[int, Form(ge=1, le=2**31 - 1)]
SAID = (403, 404, 409, 422)


async def fields_of(request: Request) -> dict[str, str]:
    """Return the texts of a form, whatever their names."""
    form = await request.form(max_files=0, max_fields=200, max_part_size=256 * 1024)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(fields_of)]


@pages.post("/assessments", dependencies=[WRITERS])
def begin_on_page(
    request: Request, library: Library, acting: Assessing, enterprise: Text = "", as_of: Text = ""
) -> Response:
    """Begin a draft and show it."""
    try:
        made = acting.begin(enterprise.strip(), as_of)
    except HTTPException as refused:
        return list_page(request, library, acting, refused=str(refused.detail), status=refused.status_code)
    return RedirectResponse(f"/assessments/{made.id}", 303)


@pages.post("/assessments/{assessment_id}/answers", dependencies=[WRITERS])
def answer_on_page(
    request: Request, library: Library, acting: Assessing, assessment_id: Id, fields: Fields
) -> Response:
    """Save the whole questionnaire as it is filled in; nothing typed is lost where it is refused."""
    filled = typed(fields)
    found, faults = answers(filled)

    def act() -> Assessment:
        if faults:
            raise HTTPException(422, "\n".join(faults))
        return acting.fill(assessment_id, found, _version(fields))

    return _done(request, library, acting, assessment_id, act, filled, fields.get("at", ""))


@pages.post("/assessments/{assessment_id}/declare", dependencies=[WRITERS])
def declare_on_page(
    request: Request,
    library: Library,
    acting: Assessing,
    assessment_id: Id,
    version: Seen,
    role: Text = "",
    on: Text = "",
) -> Response:
    """Declare it in the name of whoever signed in."""

    def act() -> Assessment:
        return acting.declare(assessment_id, role.strip(), _day(on), version)

    return _done(request, library, acting, assessment_id, act)


@pages.post("/assessments/{assessment_id}/review", dependencies=[REVIEWERS])
def review_on_page(
    request: Request, library: Library, acting: Assessing, assessment_id: Id, fields: Fields
) -> Response:
    """Review it as a third party."""

    def act() -> Assessment:
        differing = _findings(acting, assessment_id, fields)
        day = _day(fields.get("on", ""))
        organisation = fields.get("organisation", "").strip()
        return acting.review(assessment_id, organisation, day, differing, _version(fields))

    return _done(request, library, acting, assessment_id, act, reviewed=fields)


@pages.post("/assessments/{assessment_id}/withdraw", dependencies=[WRITERS])
def withdraw_on_page(
    request: Request, library: Library, acting: Assessing, assessment_id: Id, version: Seen
) -> Response:
    """Give a draft up."""
    return _done(request, library, acting, assessment_id, lambda: acting.withdraw(assessment_id, version))


def _done(
    request: Request,
    library: Library,
    acting: Deeds,
    assessment_id: str,
    act: Callable[[], Assessment],
    filled: Mapping[str, Mapping[str, str]] | None = None,
    at: str = "",
    reviewed: Mapping[str, str] | None = None,
) -> Response:
    """Act and show what became of it, or the form again as it was filled in, with what is wrong on top."""
    try:
        act()
    except HTTPException as refused:
        acting.find(assessment_id)
        if refused.status_code not in SAID:
            raise
        return assessment_view_page(
            request,
            library,
            acting,
            assessment_id,
            filled=filled,
            reviewed=reviewed,
            refused=str(refused.detail),
            status=refused.status_code,
        )
    anchor = f"#{at}" if at in ITEMS else ""
    return RedirectResponse(f"/assessments/{assessment_id}?saved=yes{anchor}", 303)


def _findings(acting: Deeds, assessment_id: str, fields: Mapping[str, Any]) -> dict[str, Finding]:
    """Return what differs from the declared levels."""
    from features.self_assessment import Finding

    declared, differing = acting.find(assessment_id).levels, {}
    for item in ITEMS:
        level, reason = str(fields.get(f"found.{item}") or ""), str(fields.get(f"reason.{item}") or "")
        reason = reason.replace("\r\n", "\n").strip()
        if level in {"1", "2", "3", "4", "5"} and (int(level) != declared.get(item) or reason):
            differing[item] = Finding(int(level), reason)
    return differing


def _version(fields: Mapping[str, str]) -> int:
    text = fields.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise HTTPException(422, "version: found none; allowed: that of the page")
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(422, f"on: found {text[:40]!r}; allowed: a day, YYYY-MM-DD") from None
