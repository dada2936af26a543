"""`zhuoyue restore`: a back-up into an empty home and an empty database, checked before and after.

The database may be of the other kind: what SQLite held goes into PostgreSQL, and the other way round.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from features.store.database import HEAD, open_database, open_empty, revision_of
from serving.operating.archive import MANIFEST, manifest, members
from serving.operating.backup import DATABASE, HOME, RECORDS
from serving.operating.refusals import BackupError, RestoreRefusedError
from serving.operating.tables import fill, reflected

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.settings import Settings
    from serving.journal.checking import Check

STAGING = ".restoring"


class Restored(NamedTuple):
    """What was restored, and what the check of the journal said of it."""

    made_at: str
    files: int
    rows: int
    check: Check


def restore(
    settings: Settings, file: Path, progress: Callable[[str, int, int], None] = lambda *_: None
) -> Restored:
    """Restore `file`; raises BackupError for one that is damaged, RestoreRefusedError where something is."""
    from serving.journal.checking import check

    progress("reading the back-up", 0, 3)
    facts = manifest(file)
    _refuse(settings, facts)
    home = Path(settings.home)
    staging = home / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    progress("files", 1, 3)
    _extract(file, staging)
    progress("database", 2, 3)
    rows = _database(settings.model_copy(update={"home": staging / HOME}), staging / DATABASE, facts)
    _settle(staging, home)
    done = check(settings, facts["journal_head"])
    return Restored(facts["made_at"], len(facts["members"]), rows, done)


def _refuse(settings: Settings, facts: dict[str, Any]) -> None:
    if facts["revision"] > HEAD:
        said = f"the back-up is of revision {facts['revision']}, this Zhuoyue knows {HEAD}"
        raise RestoreRefusedError(f"{said}: install the newer one")
    home = Path(settings.home)
    if home.exists() and any(entry.name != STAGING for entry in home.iterdir()):
        raise RestoreRefusedError(f"{home} is not empty; name an empty folder with ZHUOYUE_HOME")
    if settings.database_url is not None and revision_of(settings) is not None:
        raise RestoreRefusedError("the database holds a Zhuoyue already; name an empty one")


def _extract(file: Path, staging: Path) -> None:
    for name, content in members(file):
        place = staging / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
    (staging / MANIFEST).unlink()


def _database(settings: Settings, folder: Path, facts: dict[str, Any]) -> int:
    """Fill the tables as they were at the back-up's revision, in one transaction, then migrate them."""
    engine = open_empty(settings, facts["revision"])
    with engine.begin() as connection:
        tables = reflected(connection)
        if {table.name for table in tables} != facts["rows"].keys():
            raise BackupError("the back-up names other tables than its revision has")
        counted = {}
        for table in reversed(tables):
            connection.execute(table.delete())
        for table in tables:
            with (folder / f"{table.name}.jsonl").open("rb") as rows:
                counted[table.name] = fill(connection, table, rows)
        if counted != facts["rows"]:
            raise BackupError("the database did not take every row of the back-up")
    engine.dispose()
    open_database(settings).dispose()
    return sum(counted.values())


def _settle(staging: Path, home: Path) -> None:
    """Move everything to its place; the staging folder goes last."""
    if (staging / RECORDS).exists():
        (staging / RECORDS).rename(home / RECORDS)
    for entry in list((staging / HOME).iterdir()):
        entry.rename(home / entry.name)
    shutil.rmtree(staging)
