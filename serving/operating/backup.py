"""`zhuoyue backup`: everything in one file, consistent while others write.

The champion is copied under its lock and the outlook whole, then the database is read as it stood at one
moment, then the record files that its ledger names. Record files never change and are never taken away, so
what the ledger of that moment names is there, whatever is imported meanwhile.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from features import journal
from features.store import ledger
from features.store.database import open_as_it_is, snapshot
from serving.operating.archive import Writer, written
from serving.operating.refusals import BackupError
from serving.operating.tables import VERSION_TABLE, lines, reflected

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.settings import Settings

HOME, DATABASE, RECORDS = "home", "database", "records"
"""Folders in a back-up."""
LEFT_OUT = frozenset({"records", "outlook", "state.db", "state.db-wal", "state.db-shm", "spill"})
"""Of the home folder: what is copied another way, and what only the running programs need."""
SQLITE = b"SQLite format 3\0"


class Backup(NamedTuple):
    """What was written; `head` is the end of the journal's chain at that moment."""

    file: str
    bytes: int
    files: int
    rows: int
    entries: int
    head: str


def backup(
    settings: Settings, file: Path, progress: Callable[[str, int, int], None] = lambda *_: None
) -> Backup:
    """Write a back-up to `file`, which must not exist, and read it again; raises BackupError."""
    if file.exists():
        raise BackupError(f"{file}: is there already; name another file")
    engine = open_as_it_is(settings)
    try:
        with written(file) as archive, tempfile.TemporaryDirectory(dir=settings.home) as scratch:
            progress("home folder", 0, 3)
            _home(settings, archive, Path(scratch))
            progress("database", 1, 3)
            with snapshot(engine) as connection:
                rows = _database(connection, archive, Path(scratch))
                files = connection.execute(sa.select(ledger.files.c.path, ledger.files.c.sha256)).all()
                entries, head = journal.head(connection)
                facts = _facts(connection, engine.dialect.name, rows, head)
            for done, (path, digest) in enumerate(files):
                progress("record files", done, len(files))
                if archive.add(f"{RECORDS}/{path}", settings.records / path) != digest:
                    raise BackupError(f"records/{path} is not what was imported; `zhuoyue journal verify`")
            archive.finish(facts)
    finally:
        engine.dispose()
    return Backup(str(file), file.stat().st_size, len(archive.members), sum(rows.values()), entries, head)


def _facts(connection: sa.Connection, dialect: str, rows: dict[str, int], head: str) -> dict[str, Any]:
    revision = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one()  # noqa: S608
    return {
        "zhuoyue": version("zhuoyue"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": dialect,
        "revision": revision,
        "rows": rows,
        "journal_head": head,
    }


def _database(connection: sa.Connection, archive: Writer, scratch: Path) -> dict[str, int]:
    counted = {}
    for table in reflected(connection):
        draft = scratch / "table"
        with draft.open("wb") as out:
            counted[table.name] = sum(1 for line in lines(connection, table) if out.write(line)) - 1
        archive.add(f"{DATABASE}/{table.name}.jsonl", draft)
    return counted


def _home(settings: Settings, archive: Writer, scratch: Path) -> None:
    """Copy what lies beside the records: models, the current outlook, plans, MLflow's own database, keys."""
    from models.training.champion import alone

    home = Path(settings.home)
    with alone(settings):
        for path in _kept(home, scratch):
            _add(archive, home, path, scratch)
        _outlook(home, archive, scratch)


def _outlook(home: Path, archive: Writer, scratch: Path) -> None:
    """Copy the published outlook; the pointer once, because another may be published meanwhile."""
    pointer, copy = home / "outlook" / "current.json", scratch / "pointer"
    if not pointer.exists():
        return
    shutil.copyfile(pointer, copy)
    archive.add(f"{HOME}/outlook/{pointer.name}", copy)
    folder = pointer.parent / json.loads(copy.read_text(encoding="utf-8"))["folder"]
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            archive.add(f"{HOME}/{path.relative_to(home).as_posix()}", path)


def _kept(home: Path, scratch: Path) -> Iterator[Path]:
    for entry in sorted(home.iterdir()):
        if entry.name in LEFT_OUT or entry == scratch:
            continue
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        yield from (
            path
            for path in found
            if path.is_file() and not path.is_symlink() and not path.name.endswith((".lock", "-wal", "-shm"))
        )


def _add(archive: Writer, home: Path, path: Path, scratch: Path) -> None:
    """Add a file that somebody may be writing to: a copy of it; one that is gone by now is left out."""
    copy = scratch / "copy"
    try:
        with path.open("rb") as file:
            database = file.read(len(SQLITE)) == SQLITE
        if database:
            _copy_database(path, copy)
        else:
            shutil.copyfile(path, copy)
    except FileNotFoundError:
        return
    archive.add(f"{HOME}/{path.relative_to(home).as_posix()}", copy)
    copy.unlink()


def _copy_database(path: Path, copy: Path) -> None:
    """Copy an SQLite file as it stands at one moment, while others write."""
    source, target = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
