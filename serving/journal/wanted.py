"""What somebody looks for in the journal, and what of it that person may see. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import TYPE_CHECKING, Any

from serving.access import Role

if TYPE_CHECKING:
    from serving.access import Person


CHINA = timezone(timedelta(hours=8))
KINDS = {
    "grade": "grade:",
    "outlook": "outlook:",
    "model": "model:",
    "import": "import:",
    "assessment": "SA-",
    "action": "action:",
}
"""What the journal tells of, and how its subjects begin; every other kind is the word before the colon."""
FOR_EVERYBODY = ("outlook", "model")
"""Kinds that tell nothing of an enterprise: what model is served, what was published."""


@dataclass(frozen=True)
class Wanted:
    """What to look for; None: whatever there is.

    `since` and `until` are days of China Standard Time, both included, as everywhere in the records.
    """

    kind: str | None = None
    who: str | None = None
    subject: str | None = None
    enterprise: str | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Sight:
    """What somebody may see: everything, or of these enterprises the numbers (grades) or the details."""

    everything: bool
    numbers: frozenset[str] = frozenset()
    details: frozenset[str] = frozenset()


def sight(person: Person, enterprises: Iterable[Mapping[str, Any]]) -> Sight:
    """Return what of the journal a person may see."""
    if person.has(Role.ADMIN) or person.scope.everything:
        return Sight(everything=True)
    rows = list(enterprises)
    numbers = frozenset(str(row["enterprise_id"]) for row in rows if person.sees_numbers(row))
    details = frozenset(str(row["enterprise_id"]) for row in rows if person.sees_details(row))
    return Sight(everything=False, numbers=numbers, details=details)


def kind_of(subject: str) -> str:
    """Return the kind of a subject: `SA-0001` is an assessment, `user:li` a user."""
    found = next((kind for kind, start in KINDS.items() if subject.startswith(start)), None)
    return found or subject.partition(":")[0]
