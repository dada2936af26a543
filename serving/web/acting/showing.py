"""The board of one enterprise as it is now, and the verdicts published last."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request, Response

from models.verdicts import Verdicts
from serving.web.acting.board import writing_view
from serving.web.html import language_of, render
from serving.web.reading import Reading, Row
from serving.web.refusal_words import refusal_texts
from serving.web.views.improvement import board_view

if TYPE_CHECKING:
    from features.settings import Settings
    from serving.web.acting.deeds import Deeds


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
