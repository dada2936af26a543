"""Plans that were kept for an enterprise's page: one file each, the latest; written whole or not at all.

Planning takes seconds and the effect model in memory, so that no request computes one.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.settings import Settings
    from models.plans.rows import PlanRow

FOLDER = "plans"


def keep(settings: Settings, plan: PlanRow) -> PlanRow:
    """Keep a plan in place of the enterprise's former one; returns it with the time (UTC, ISO 8601)."""
    dated = plan.model_copy(update={"made_at": datetime.now(UTC).isoformat(timespec="seconds")})
    file = _file(settings, plan.goal.enterprise_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(dated.model_dump_json(by_alias=True), encoding="utf-8")
    draft.replace(file)
    return dated


def kept(settings: Settings, enterprise_id: str) -> dict[str, Any] | None:
    """The enterprise's latest plan as plain JSON; None where none was kept."""
    try:
        found: dict[str, Any] = json.loads(_file(settings, enterprise_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def _file(settings: Settings, enterprise_id: str) -> Path:
    """Ids may hold any character, a file's name may not."""
    name = hashlib.sha256(enterprise_id.encode()).hexdigest()[:32]
    return Path(settings.home) / FOLDER / f"{name}.json"
