"""The ledger: which record files are visible. One transaction in it is what makes an import happen."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from features import journal

metadata = sa.MetaData()
identity = sa.Table("store_identity", metadata, sa.Column("uid", sa.String))
imports = sa.Table("imports", metadata, *(sa.Column(name) for name in ("id", "at", "who", "on_conflict")))
import_tables = sa.Table(
    "import_tables",
    metadata,
    *(sa.Column(name) for name in ("import_id", "table_name", "rows", "new", "same", "conflict")),
)
import_sources = sa.Table(
    "import_sources",
    metadata,
    *(sa.Column(name) for name in ("import_id", "number", "path", "kind", "sha256")),
    sa.Column("rows", sa.JSON),
)
files = sa.Table(
    "files",
    metadata,
    *(sa.Column(name, sa.Integer) for name in ("id", "import_id", "rows", "bytes")),
    *(sa.Column(name, sa.String) for name in ("table_name", "path", "sha256")),
    sa.Column("replaces", sa.Boolean),
    sa.Column("ranges", sa.JSON),
)

SUBJECT = "import:"
"""How the journal calls an import: this and its number."""
Ranges = dict[str, list[str]]
"""Least and greatest value of each key column, as text that sorts like the value."""


@dataclass(frozen=True)
class StoredFile:
    """One immutable record file, `path` under the records folder; `replaces`: newer versions of rows."""

    table_name: str
    path: str
    rows: int
    bytes: int
    sha256: str
    replaces: bool
    ranges: Ranges
    import_id: int = 0


@dataclass(frozen=True)
class SourceEntry:
    """A file that was imported; `rows` by table. The same bytes of the same kind hold the same records."""

    path: str
    kind: str
    sha256: str
    rows: dict[str, int]
    import_id: int = 0


@dataclass(frozen=True)
class TableReport:
    """What an import did to one table: rows = new + same + conflict."""

    table: str
    rows: int
    new: int
    same: int
    conflict: int


@dataclass(frozen=True)
class Snapshot:
    """The ledger at one moment: what a reader sees until it refreshes."""

    uid: str
    last_import: int
    files: tuple[StoredFile, ...]

    def of(self, table: str) -> tuple[StoredFile, ...]:
        """Return the visible files of `table`, oldest first."""
        return self._by_table.get(table, ())

    @cached_property
    def _by_table(self) -> dict[str, tuple[StoredFile, ...]]:
        names = {file.table_name for file in self.files}
        return {name: tuple(file for file in self.files if file.table_name == name) for name in names}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the visible files, in order of table and age."""
        lines = [f"{file.table_name} {file.sha256} {file.rows} {file.replaces:d}" for file in self.files]
        return hashlib.sha256("\n".join(sorted(lines, key=lambda line: line.split()[0])).encode()).hexdigest()


def read(engine: sa.Engine) -> Snapshot:
    """Return the ledger as it stands."""
    with engine.connect() as connection:
        uid = connection.execute(sa.select(identity.c.uid)).scalar_one()
        last = connection.execute(sa.select(sa.func.max(imports.c.id))).scalar()
        names = [column for column in files.c if column.name != "id"]
        rows = connection.execute(sa.select(*names).order_by(files.c.id)).mappings().all()
    return Snapshot(uid, last or 0, tuple(StoredFile(**row) for row in rows))


def last_import(engine: sa.Engine) -> int:
    """Return the number of the last import, 0 before the first: when it moves, records have come."""
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.max(imports.c.id))).scalar() or 0


def known_sources(engine: sa.Engine, digests: Sequence[str]) -> list[SourceEntry]:
    """Return the sources of earlier imports that have one of these digests, newest first."""
    columns = [column for column in import_sources.c if column.name != "number"]
    query = sa.select(*columns).where(import_sources.c.sha256.in_(digests))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(import_sources.c.import_id.desc())).mappings().all()
    return [SourceEntry(**row) for row in rows]


def commit(
    engine: sa.Engine,
    after: Snapshot,
    made: Sequence[StoredFile],
    sources: Sequence[SourceEntry],
    reports: Sequence[TableReport],
    on_conflict: str,
    who: str | None = None,
    also: Callable[[sa.Connection, int], None] | None = None,
) -> int:
    """Make `made` visible in one transaction, which journals it, and return the number of this import.

    `also` writes more in the same transaction.

    The number follows the snapshot's last one and is a primary key: if another importer got through after
    the snapshot was read (two machines, one database), the database refuses the second.
    """
    number, at, who = after.last_import + 1, journal.now(), who or here()
    with engine.begin() as connection:
        journal.queue(connection)
        connection.execute(
            sa.insert(imports), {"id": number, "at": at, "who": who, "on_conflict": on_conflict}
        )
        _insert(connection, import_tables, [{**_fields(row), "import_id": number} for row in reports])
        numbered = [{**_fields(row), "import_id": number, "number": at} for at, row in enumerate(sources)]
        _insert(connection, import_sources, numbered)
        _insert(connection, files, [{**_fields(row), "import_id": number} for row in made])
        facts = {
            "tables": {row.table: [row.rows, row.new, row.same, row.conflict] for row in reports},
            "sources": [[row.path, row.sha256] for row in sources],
            "files": [[row.path, row.sha256, row.rows] for row in made],
            "on_conflict": on_conflict,
        }
        journal.append(connection, journal.event(f"{SUBJECT}{number}", "import", who, facts, at))
        if also is not None:
            also(connection, number)
    return number


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _fields(row: StoredFile | SourceEntry | TableReport) -> dict[str, Any]:
    fields = dict(vars(row))
    if isinstance(row, TableReport):
        fields["table_name"] = fields.pop("table")
    return fields


def here() -> str:
    """Return whom the operating system says this is."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
