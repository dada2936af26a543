"""`zhuoyue journal verify`: the chain itself, and all that it tells of against what stands there now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from features import journal
from features.documents.kinds import KINDS
from features.documents.register import faults as document_faults
from features.documents.register import rows_of
from features.improvement import keeping as actions
from features.journal import CHANGES
from features.self_assessment import keeping as assessments
from features.self_assessment.opening import PREFIX
from features.store import ledger
from features.store.database import open_database, snapshot
from features.store.files import sha256

if TYPE_CHECKING:
    from features.settings import Settings


class Finding(NamedTuple):
    """What one part of the check came to: how many things were looked at, and what is wrong."""

    part: str
    checked: int
    faults: tuple[str, ...] = ()


class Check(NamedTuple):
    """The whole check; `head` is the hash to note elsewhere."""

    entries: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> list[str]:
        """Everything that is wrong."""
        return [fault for finding in self.findings for fault in finding.faults]


def check(settings: Settings, known: str | None = None, *, files: bool = True) -> Check:
    """Check everything as it stands at one moment, while others write.

    `known` is a hash that was noted before and must still stand in the chain. Without `files` the record
    files are not read, only looked for: they may be many gigabytes.
    """
    engine = open_database(settings)
    try:
        with snapshot(engine) as connection:
            verdict = journal.verify(connection, known)
            findings = (
                Finding("chain", verdict.rows, verdict.faults),
                _assessments(connection),
                _actions(connection),
                _documents(connection),
                _imports(connection),
                _record_files(connection, settings.records, files=files),
                _publications(connection, Path(settings.home)),
                _served_model(connection, settings),
            )
    finally:
        engine.dispose()
    return Check(verdict.rows, verdict.head, findings)


def _assessments(connection: sa.Connection) -> Finding:
    rows = connection.execute(sa.select(assessments.TABLE)).all()
    faults = [fault for row in rows for fault in assessments.replayed(connection, row)]
    gone = journal.subjects(connection, PREFIX) - {row.id for row in rows}
    return Finding("self-assessments", len(rows), (*faults, *_missing(gone)))


def _actions(connection: sa.Connection) -> Finding:
    rows = connection.execute(sa.select(actions.ACTIONS)).all()
    faults = [fault for row in rows for fault in actions.replayed(connection, row)]
    gone = journal.subjects(connection, actions.SUBJECT) - {actions.SUBJECT + row.id for row in rows}
    return Finding("actions", len(rows), (*faults, *_missing(gone)))


def _documents(connection: sa.Connection) -> Finding:
    """What planners keep: targets, scenarios, lists."""
    counts = (sa.select(sa.func.count()).select_from(rows_of(kind)) for kind in KINDS)
    kept = sum(connection.execute(query).scalar_one() for query in counts)
    faults = [fault for kind in KINDS for fault in document_faults(connection, kind)]
    return Finding("planners' documents", kept, tuple(faults))


def _missing(names: set[str]) -> list[str]:
    return [f"{name} is missing; its changes are there" for name in sorted(names)]


def _imports(connection: sa.Connection) -> Finding:
    """Hold the ledger against what was journalled; imports older than the first journalled one were not."""
    told = {
        int(subject.removeprefix(ledger.SUBJECT)): [tuple(file) for file in files]
        for subject, files in _facts(connection, ledger.SUBJECT, "files")
    }
    first = min(told, default=None)
    query = sa.select(ledger.imports.c.id).order_by(ledger.imports.c.id)
    known = [number for number in connection.execute(query).scalars() if first and number >= first]
    faults = [
        f"import {number} is in the ledger and not in the journal" for number in known if number not in told
    ]
    faults += [
        f"import {number} is in the journal and not in the ledger" for number in told.keys() - set(known)
    ]
    stored = _files_by_import(connection)
    for number in sorted(told.keys() & set(known)):
        if sorted(told[number]) != sorted(stored.get(number, [])):
            faults.append(f"import {number}: the ledger names other files than were journalled")
    return Finding("imports", len(known), tuple(faults))


def _files_by_import(connection: sa.Connection) -> dict[int, list[tuple[str, str, int]]]:
    found: dict[int, list[tuple[str, str, int]]] = {}
    columns = ledger.files.c
    for number, *file in connection.execute(
        sa.select(columns.import_id, columns.path, columns.sha256, columns.rows)
    ):
        found.setdefault(number, []).append((file[0], file[1], file[2]))
    return found


def _record_files(connection: sa.Connection, records: Path, *, files: bool) -> Finding:
    rows = connection.execute(sa.select(ledger.files.c.path, ledger.files.c.sha256)).all()
    faults = []
    for path, digest in rows:
        if not (records / path).is_file():
            faults.append(f"records/{path} is missing")
        elif files and sha256(records / path) != digest:
            faults.append(f"records/{path} is not what was imported")
    return Finding("record files" if files else "record files (not read)", len(rows), tuple(faults))


def _publications(connection: sa.Connection, home: Path) -> Finding:
    """Hash what is left of the outlooks that were journalled: older ones are cleared away by and by."""
    faults, checked = [], 0
    for subject, files in _facts(connection, "outlook:", "files"):
        folder = home / "outlook" / subject.removeprefix("outlook:")
        if not folder.is_dir():
            continue
        for name, digest in files.items():
            checked += 1
            if not (folder / name).is_file():
                faults.append(f"{subject}: {name} is missing")
            elif sha256(folder / name) != digest:
                faults.append(f"{subject}: {name} is not what was published")
    return Finding("publications", checked, tuple(faults))


def _served_model(connection: sa.Connection, settings: Settings) -> Finding:
    """The served model is the one that was promoted last, where any promotion was journalled."""
    from models.training.champion import pointer

    query = (
        sa.select(CHANGES.c.subject)
        .where(
            CHANGES.c.subject.startswith("model:", autoescape=True),
            CHANGES.c.action.in_(("promote", "force")),
        )
        .order_by(CHANGES.c.seq.desc())
        .limit(1)
    )
    last = connection.execute(query).scalar()
    served = pointer(settings).get("version")
    if last is None:
        return Finding("served model", 0)
    wrong = last != f"model:{served}"
    said = f"model {served} is served, the last one promoted is {last.removeprefix('model:')}"
    return Finding("served model", 1, (said,) if wrong else ())


def _facts(connection: sa.Connection, prefix: str, field: str) -> Iterator[tuple[str, Any]]:
    query = sa.select(CHANGES.c.subject, CHANGES.c.new).where(
        CHANGES.c.subject.startswith(prefix, autoescape=True), CHANGES.c.field == field
    )
    for subject, new in connection.execute(query.order_by(CHANGES.c.seq)):
        yield subject, json.loads(new)
