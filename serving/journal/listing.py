"""Reading the journal: which entries somebody may see, filtered, the newest first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from features.improvement.keeping import ACTIONS
from features.journal import CHANGES, Change, load
from features.self_assessment.keeping import TABLE as ASSESSMENTS

if TYPE_CHECKING:
    from serving.access import Person
    from serving.web.reading import Row

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
    """What to look for; None: whatever there is. `since` and `until` are days, both included."""

    kind: str | None = None
    who: str | None = None
    subject: str | None = None
    enterprise: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None


@dataclass(frozen=True)
class Sight:
    """What somebody may see: everything, or of these enterprises the numbers (grades) or the details."""

    everything: bool
    numbers: frozenset[str] = frozenset()
    details: frozenset[str] = frozenset()


def sight(person: Person, enterprises: Iterable[Row]) -> Sight:
    """Return what of the journal a person may see."""
    from serving.access import Role

    if person.has(Role.ADMIN) or person.scope.everything:
        return Sight(everything=True)
    rows = list(enterprises)
    numbers = frozenset(str(row["enterprise_id"]) for row in rows if person.sees_numbers(row))
    details = frozenset(str(row["enterprise_id"]) for row in rows if person.sees_details(row))
    return Sight(everything=False, numbers=numbers, details=details)


def listed(
    connection: sa.Connection, wanted: Wanted, seen: Sight, limit: int, offset: int = 0
) -> list[Change]:
    """Return up to `limit` entries, the newest first."""
    query = sa.select(CHANGES).where(*_terms(connection, wanted, seen))
    rows = connection.execute(query.order_by(CHANGES.c.seq.desc()).limit(limit).offset(offset))
    return [load(row) for row in rows]


def count(connection: sa.Connection, wanted: Wanted, seen: Sight) -> int:
    """Return how many there are."""
    query = sa.select(sa.func.count()).select_from(CHANGES).where(*_terms(connection, wanted, seen))
    return int(connection.execute(query).scalar_one())


def kind_of(subject: str) -> str:
    """Return the kind of a subject: `SA-0001` is an assessment, `user:li` a user."""
    found = next((kind for kind, start in KINDS.items() if subject.startswith(start)), None)
    return found or subject.partition(":")[0]


def _terms(connection: sa.Connection, wanted: Wanted, seen: Sight) -> list[sa.ColumnElement[bool]]:
    told = CHANGES.c
    terms = [told.subject == wanted.subject] if wanted.subject is not None else []
    if wanted.kind is not None:
        terms.append(_of_kind(wanted.kind))
    if wanted.who is not None:
        terms.append(told.who == wanted.who)
    if wanted.since is not None:
        terms.append(told.at >= wanted.since)
    if wanted.until is not None:
        terms.append(told.at < f"{wanted.until}U")  # `T` of a time of that day sorts before
    if wanted.before is not None:
        terms.append(told.seq < wanted.before)
    if wanted.enterprise is not None:
        terms.append(_of_enterprises(connection, {wanted.enterprise}, {wanted.enterprise}))
    if not seen.everything:
        terms.append(
            sa.or_(
                *map(_of_kind, FOR_EVERYBODY),
                _of_enterprises(connection, seen.numbers, seen.details),
            )
        )
    return terms


def _of_kind(kind: str) -> sa.ColumnElement[bool]:
    return CHANGES.c.subject.startswith(KINDS.get(kind, f"{kind}:"), autoescape=True)


def _of_enterprises(
    connection: sa.Connection, numbers: Collection[str], details: Collection[str]
) -> sa.ColumnElement[bool]:
    """Grades of those whose numbers, actions and assessments of those whose details are seen."""
    grades = _texts(connection, [f"grade:{name}" for name in numbers])
    whose = _texts(connection, list(details))
    action = sa.literal("action:").concat(ACTIONS.c.id)
    return sa.or_(
        CHANGES.c.subject.in_(grades),
        CHANGES.c.subject.in_(sa.select(action).where(ACTIONS.c.enterprise_id.in_(whose))),
        CHANGES.c.subject.in_(sa.select(ASSESSMENTS.c.id).where(ASSESSMENTS.c.enterprise_id.in_(whose))),
    )


def _texts(connection: sa.Connection, texts: list[str]) -> sa.Select[tuple[str]]:
    """Return texts as a subquery with one parameter: a province has more than a statement may have."""
    each = sa.func.json_array_elements_text if _is_postgresql(connection) else sa.func.json_each
    given = sa.cast(json.dumps(texts), sa.JSON) if _is_postgresql(connection) else json.dumps(texts)
    return sa.select(each(given).table_valued(sa.column("value", sa.String)).c.value)


def _is_postgresql(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"
