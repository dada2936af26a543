"""Pilots that were agreed on: one file per enterprise, written once.

A kept design is the plan that the result will be judged by, so it is not drawn again: a new one may take its
place only when somebody says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.pilots.rows import PilotDesign

if TYPE_CHECKING:
    from features.settings import Settings

FOLDER = "pilots"


class AlreadyKeptError(ValueError):
    """An enterprise has a pilot on record, and nobody said that it may be replaced."""


def keep(settings: Settings, design: PilotDesign, *, replace: bool = False) -> PilotDesign:
    """Keep a design; returns it with the time (UTC). Raises `AlreadyKeptError` where there is one already."""
    file = _file(settings, design.enterprise_id)
    if file.exists() and not replace:
        raise AlreadyKeptError(
            f"{design.enterprise_id}: a pilot is on record already; --replace gives it up for the new one"
        )
    dated = design.model_copy(update={"made_at": datetime.now(UTC).isoformat(timespec="seconds")})
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(dated.model_dump_json(), encoding="utf-8")
    draft.replace(file)
    return dated


def kept(settings: Settings, enterprise_id: str) -> PilotDesign | None:
    """The enterprise's pilot on record; None where there is none."""
    try:
        text = _file(settings, enterprise_id).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return PilotDesign.model_validate(json.loads(text))


def _file(settings: Settings, enterprise_id: str) -> Path:
    """Ids may hold any character, a file's name may not."""
    name = hashlib.sha256(enterprise_id.encode()).hexdigest()[:32]
    return Path(settings.home) / FOLDER / f"{name}.json"
