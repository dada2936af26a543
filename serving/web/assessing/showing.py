"""The pages of self-assessments: the list, and one with its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import Request, Response

from features.self_assessment.describing import changed, summary, whole
from serving.access import Person
from serving.web.assessing.offered import begin_view, writing_view
from serving.web.html import language_of, render
from serving.web.reading import Reading
from serving.web.refusal_words import refusal_texts
from serving.web.views.assessments import assessment_view, list_view

if TYPE_CHECKING:
    from serving.web.assessing.deeds import Deeds

PER_PAGE = 50


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
    whose = whose_of(acting.person, enterprise)
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


def whose_of(person: Person, enterprise: str | None) -> str | frozenset[str] | None:
    """Return whose assessments the asker may see, of those asked for."""
    if enterprise is not None:
        return enterprise if person.sees_details({"enterprise_id": enterprise}) else frozenset()
    return None if person.has() or person.scope.everything else person.scope.enterprises


def _page(enterprise: str | None, page: int) -> str:
    asked = {"enterprise": enterprise} if enterprise else {}
    return f"/assessments?{urlencode({**asked, 'page': page})}"
