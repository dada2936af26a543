"""Reads a review as it was kept: nothing but JSON, so that the web process loads no model and no MLflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.settings import Settings

FOLDER, FILE = "models", "review.json"


def review_file(settings: Settings) -> Path:
    """Return where the review is kept."""
    return Path(settings.home) / FOLDER / FILE


def read_review(settings: Settings) -> dict[str, Any] | None:
    """Return the latest review, None where there is none yet."""
    try:
        found: dict[str, Any] = json.loads(review_file(settings).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
