"""The PDCA board of an enterprise: its actions by state, promise beside outcome, the score on top.

Nothing is estimated here: verdicts and scores are those published last. What writes is in `acting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from serving.web.acting.deeds import Acting
from serving.web.acting.showing import board_page, published
from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.views.improvement import line_view

if TYPE_CHECKING:
    from features.settings import Settings
    from serving.web.language import Language

router = APIRouter(include_in_schema=False)


@router.get("/improvement/{enterprise_id:path}")
def board(request: Request, library: Library, row: Details, acting: Acting) -> Response:
    """Show the board."""
    return board_page(request, library, row, acting)


def improvement_line(t: Language, settings: Settings, enterprise_id: str) -> dict[str, Any]:
    """Return what the enterprise's own page says: how promises fared, and where the board is."""
    return line_view(t, enterprise_id, published(settings))
