"""The PDCA board of an enterprise: its actions by state, promise beside outcome, the score on top. Read-only.

Nothing is estimated here: verdicts and scores are those published last.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from models.verdicts import Verdicts
from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.html import language_of, render
from serving.web.views.improvement import board_view, line_view

if TYPE_CHECKING:
    from features.improvement import Action, Promise
    from features.settings import Settings
    from serving.web.language import Language

router = APIRouter(include_in_schema=False)


@router.get("/improvement/{enterprise_id:path}")
def board(request: Request, library: Library, row: Details) -> Response:
    """Show the board."""
    enterprise_id = str(row["enterprise_id"])
    settings = request.app.state.settings
    actions, promises = library.once(("improvement", enterprise_id), lambda: _kept(settings, enterprise_id))
    view = board_view(
        language_of(request),
        row,
        actions,
        promises,
        published(settings),
        library.parameters().get(enterprise_id, {}),
        stale=published(settings).fingerprint not in ("", library.state().fingerprint),
    )
    return render(request, "improvement.html", view)


def _kept(settings: Settings, enterprise_id: str) -> tuple[list[Action], dict[str, Promise]]:
    from features.improvement import Register, recorded

    with Register.open(settings) as register:
        return recorded(settings, enterprise_id), register.promises(enterprise_id)


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
