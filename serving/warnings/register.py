"""The register of warnings: raises what is new, keeps what goes on, resolves what is gone; takes notes.

One look is one transaction: warnings, their journal and everything that must be sent about them are written
together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from features import journal
from serving.warnings.addressing import Reader, address
from serving.warnings.finding import Finding, Look
from serving.warnings.keeping import LOOKS, WARNINGS, Warned, inserted, text_of, warned

MACHINE: Final = "zhuoyue"
COOL_DOWN_DAYS: Final = 30
"""A warning that comes back within so many days is the same one and is said again only if it got worse."""
LONGEST_NOTE: Final = 2000


class Outcome(NamedTuple):
    """What a look changed, by number; `addressed` counts what goes out because of it."""

    raised: int
    returned: int
    going_on: int
    resolved: int
    addressed: int


class UnknownWarningError(LookupError):
    """No warning has that number."""


class StaleVersionError(ValueError):
    """Somebody changed it in between."""


class NotOpenError(ValueError):
    """A warning that has resolved itself cannot be acknowledged."""


def reconcile(
    engine: sa.Engine, looks: Sequence[Look], readers: Sequence[Reader], digest_hour: int = 0
) -> Outcome:
    """Bring the register in line with what was found, and address what is to be said to `readers`."""
    at = journal.now()
    with engine.begin() as connection:
        journal.queue(connection)
        counts = [_settle(connection, look, at) for look in looks]
        addressed = address(connection, readers, at, digest_hour)
    raised, returned, going_on, resolved = map(sum, zip((0, 0, 0, 0), *counts, strict=True))
    return Outcome(raised, returned, going_on, resolved, addressed)


def _settle(connection: sa.Connection, look: Look, at: str) -> tuple[int, int, int, int]:
    query = sa.select(WARNINGS).where(WARNINGS.c.kind == look.kind, WARNINGS.c.open)
    known = {row.identity: warned(row) for row in connection.execute(query)}
    found = _worst(look.findings)
    raised = returned = 0
    for identity, finding in found.items():
        if identity in known:
            _go_on(connection, known[identity], finding, at)
        elif finding.raises:
            back = _came_back(connection, finding, at)
            raised, returned = raised + (not back), returned + back
    gone = [one for name, one in known.items() if name not in found and look.covers(one.enterprise_id)]
    for one in gone:
        _resolve(connection, one, at)
    _note_look(connection, look, at)
    return raised, returned, len(known) - len(gone), len(gone)


def _worst(findings: Iterable[Finding]) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for one in findings:
        if one.identity not in found or one.weight > found[one.identity].weight:
            found[one.identity] = one
    return found


def _go_on(connection: sa.Connection, one: Warned, finding: Finding, at: str) -> None:
    values = _content(finding) | {"seen_at": at}
    connection.execute(sa.update(WARNINGS).where(WARNINGS.c.id == one.id).values(values))


def _came_back(connection: sa.Connection, finding: Finding, at: str) -> bool:
    """Open the warning of the same identity once more, or a new one; say whether it came back."""
    since = (datetime.fromisoformat(at) - timedelta(days=COOL_DOWN_DAYS)).isoformat(timespec="seconds")
    mine = (WARNINGS.c.identity == finding.identity) & (WARNINGS.c.resolved_at >= since)
    last = connection.execute(sa.select(sa.func.max(WARNINGS.c.id)).where(mine)).scalar()
    values = _content(finding) | {"seen_at": at, "open": True}
    if last is not None:
        again = values | {"resolved_at": None, "version": WARNINGS.c.version + 1}
        connection.execute(sa.update(WARNINGS).where(WARNINGS.c.id == last).values(again))
        _tell_journal(connection, last, "return", finding, at)
        return True
    new = values | {
        "identity": finding.identity,
        "kind": finding.kind,
        "enterprise_id": finding.enterprise_id,
        "raised_at": at,
        "version": 1,
    }
    number = inserted(connection, WARNINGS, new)
    _tell_journal(connection, number, "raise", finding, at)
    return False


def _content(finding: Finding) -> dict[str, Any]:
    return {"period": finding.period, "weight": finding.weight, "facts": text_of(dict(finding.facts))}


def _resolve(connection: sa.Connection, one: Warned, at: str) -> None:
    values = {"open": False, "resolved_at": at, "version": one.version + 1}
    connection.execute(sa.update(WARNINGS).where(WARNINGS.c.id == one.id).values(values))
    facts = {"resolved_at": at}
    journal.append(connection, journal.event(f"warning:{one.id}", "resolve", MACHINE, facts))


def _tell_journal(connection: sa.Connection, number: int, act: str, finding: Finding, at: str) -> None:
    facts = asdict(finding) | {"facts": dict(finding.facts), "at": at}
    facts.pop("raises")
    journal.append(connection, journal.event(f"warning:{number}", act, MACHINE, facts))


def _note_look(connection: sa.Connection, look: Look, at: str) -> None:
    values = {"at": at, "facts": text_of(dict(look.facts))}
    changed = connection.execute(sa.update(LOOKS).where(LOOKS.c.kind == look.kind).values(values))
    if not changed.rowcount:
        connection.execute(sa.insert(LOOKS).values(kind=look.kind, **values))


def looks(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    """Return, by kind, when it was looked at last (`at`) and what was examined."""
    with engine.connect() as connection:
        rows = connection.execute(sa.select(LOOKS)).all()
    return {row.kind: {"at": row.at, **json.loads(row.facts)} for row in rows}


def every(engine: sa.Engine, *, resolved_since: str | None = None) -> list[Warned]:
    """Return the open warnings, and those resolved since then; the newest first."""
    wanted: sa.ColumnElement[bool] = WARNINGS.c.open
    if resolved_since is not None:
        wanted = wanted | (WARNINGS.c.resolved_at >= resolved_since)
    query = sa.select(WARNINGS).where(wanted).order_by(WARNINGS.c.raised_at.desc(), WARNINGS.c.id.desc())
    with engine.connect() as connection:
        return [warned(row) for row in connection.execute(query)]


def find(engine: sa.Engine, number: int) -> Warned:
    """Return one warning; raises UnknownWarningError."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(WARNINGS).where(WARNINGS.c.id == number)).one_or_none()
    if row is None:
        raise UnknownWarningError(f"warning: found {number}; there is none of that number")
    return warned(row)


def acknowledge(
    engine: sa.Engine, number: int, who: str, note: str = "", version: int | None = None
) -> Warned:
    """Note that somebody has seen it; it is not said again unless it gets worse.

    Raises:
        UnknownWarningError, NotOpenError, StaleVersionError (`version` is not the present one).
    """
    at = journal.now()
    with engine.begin() as connection:
        journal.queue(connection)
        row = connection.execute(sa.select(WARNINGS).where(WARNINGS.c.id == number)).one_or_none()
        if row is None:
            raise UnknownWarningError(f"warning: found {number}; there is none of that number")
        if version is not None and version != row.version:
            raise StaleVersionError(f"warning {number}: found version {version}; it is {row.version} now")
        if not row.open:
            raise NotOpenError(f"warning {number} has resolved itself; there is nothing to acknowledge")
        values: Mapping[str, Any] = {
            "acknowledged_at": at,
            "acknowledged_by": who,
            "note": _storable(note) or None,
            "version": row.version + 1,
        }
        connection.execute(sa.update(WARNINGS).where(WARNINGS.c.id == number).values(values))
        journal.append(connection, journal.event(f"warning:{number}", "acknowledge", who, dict(values)))
    return find(engine, number)


def _storable(note: str) -> str:
    """Return a note as every database takes it: no NUL, no half of a surrogate pair."""
    whole = note.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return whole.strip()[:LONGEST_NOTE]


def recently(days: int = 30) -> str:
    """Return the time so many days ago."""
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
