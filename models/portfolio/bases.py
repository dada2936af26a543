"""The two readings of a level that planners look at side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Basis = Literal["grade", "performance"]
BASES: tuple[Basis, ...] = ("grade", "performance")
"""The whole official grade, and its performance dimension alone: what would count if management kept pace."""


def levels_of(answer: Mapping[str, Any]) -> dict[Basis, int]:
    """Levels of an official answer (`Grade.to_dict()`); 0 where something needed was not supplied."""
    return {"grade": answer["level"] or 0, "performance": answer["dimensions"]["performance"] or 0}
