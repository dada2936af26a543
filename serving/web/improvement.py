"""The PDCA board of an enterprise: its actions by state, promise beside outcome, the score on top.

Nothing is estimated here: verdicts and scores are those published last. What writes is in `acting`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from models.verdicts import Verdicts
from serving.web.acting.board import writing_view
from serving.web.acting.deeds import Acting, Deeds
from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.html import language_of, render
from serving.web.reading import Reading, Row
from serving.web.refusal_words import refusal_texts
from serving.web.views.improvement import board_view, line_view

if TYPE_CHECKING:
    from features.settings import Settings
    from serving.web.language import Language

router = APIRouter(include_in_schema=False)


@router.get("/improvement/{enterprise_id:path}")
def board(request: Request, library: Library, row: Details, acting: Acting) -> Response:
    """Show the board."""
    return board_page(request, library, row, acting)


def board_page(
    request: Request, library: Reading, row: Row, acting: Deeds, refused: str = "", status: int = 200
) -> Response:
    """Return the board as it is now; `refused` says why what was just asked for was not done."""
    t, enterprise_id, settings = language_of(request), str(row["enterprise_id"]), request.app.state.settings
    actions, parameters = acting.seen(enterprise_id), library.parameters().get(enterprise_id, {})
    promises = acting.promises(enterprise_id)
    view = board_view(
        t,
        row,
        actions,
        promises,
        published(settings),
        parameters,
        stale=published(settings).fingerprint not in ("", library.state().fingerprint),
    )
    writing = writing_view(t, library, enterprise_id, actions, acting.person)
    return render(
        request,
        "improvement.html",
        {
            **view,
            **writing,
            "waiting": bool(promises),
            "refused": refusal_texts(t, refused),
            "here": "actions",
        },
        status,
    )


def published(settings: Settings) -> Verdicts:
    """Return the verdicts published last, read once per file."""
    path = Path(settings.home) / "verdicts.json"
    return _read(settings.home, path.stat().st_mtime_ns) if path.exists() else Verdicts()


@lru_cache(maxsize=4)
def _read(home: Path, _changed: int) -> Verdicts:
    from features.settings import Settings

    return Verdicts.load(Settings(home=home))


def improvement_line(t: Language, settings: Settings, enterprise_id: str) -> dict[str, Any]:
    """Return what the enterprise's own page says: how promises fared, and where the board is."""
    return line_view(t, enterprise_id, published(settings))
