"""Reading the journal: which entries somebody may see, filtered, the newest first."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from features.improvement.keeping import ACTIONS
from features.journal import CHANGES, Change, load
from features.self_assessment.keeping import TABLE as ASSESSMENTS
from serving.journal.wanted import CHINA, FOR_EVERYBODY, KINDS, Sight, Wanted


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


def _terms(connection: sa.Connection, wanted: Wanted, seen: Sight) -> list[sa.ColumnElement[bool]]:
    told = CHANGES.c
    terms = [told.subject == wanted.subject] if wanted.subject is not None else []
    if wanted.kind is not None:
        terms.append(_of_kind(wanted.kind))
    if wanted.who is not None:
        terms.append(told.who == wanted.who)
    if wanted.since is not None:
        terms.append(told.at >= _begins(wanted.since))
    if wanted.until is not None:
        terms.append(told.at < _begins(wanted.until + timedelta(days=1)))
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


def _begins(day: date) -> str:
    """Return when a day begins, as entries write their time."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC).isoformat(timespec="seconds")


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
    given = sa.cast(texts, sa.JSON) if _is_postgresql(connection) else json.dumps(texts)
    return sa.select(each(given).table_valued(sa.column("value", sa.String)).c.value)


def _is_postgresql(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"
