"""The kinds of documents that people keep in the state database; loads no database.

`zhuoyue journal verify` holds all of them against the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
"""What JSON can say."""


@dataclass(frozen=True)
class Kind:
    """A kind of document: how the journal calls it, the table that holds it, and how many are taken."""

    name: str
    table: str
    most: int

    @property
    def subject(self) -> str:
        """How the journal's subjects of this kind begin."""
        return f"{self.name}:"


@dataclass(frozen=True)
class Kept:
    """A document as it is kept: `version` 1, 2, …; `owner` made it."""

    id: str
    version: int
    owner: str
    document: Document


TARGETS = Kind("target", "targets", 500)
SCENARIOS = Kind("scenario", "scenarios", 200)
LISTS = Kind("list", "lists", 200)
KINDS = (TARGETS, SCENARIOS, LISTS)
