"""Part of a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.outlook import Publication


def keep_assistance(made: Publication) -> None:
    """Write the options of every enterprise: what its actions would do on the joint paths."""
