"""Part of a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.outlook import Publication


def keep_practices(made: Publication) -> None:
    """Write what is compared with like enterprises."""
