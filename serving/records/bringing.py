"""An import on somebody's behalf: whose rows may come, what came of it, and what happens next."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa
import structlog

from features.store import ImportRefused, Store
from features.store.importing import Progress, silent
from features.store.permits import Permit
from serving.access import Person, Role
from serving.records.outcome import Look, Outcome
from serving.records.shaping import Shaping

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import ImportReport

OnConflict = Literal["report", "replace"]
Kept = Callable[[sa.Connection, Outcome], None]
"""Called in the transaction that makes the import happen."""
TEMPORARY = "arriving"
LEFT_SECONDS = 24 * 3600
"""A temporary folder that is older belongs to nobody any more."""


def permit_of(person: Person) -> Permit:
    """Return whose records the person may bring; only an administrator brings reviews by others."""
    administrator = Role.ADMIN in person.roles
    everybody = administrator or person.scope.everything
    return Permit(None if everybody else frozenset(person.scope.enterprises), reviews=administrator)


@contextmanager
def folder_in(settings: Settings) -> Iterator[Path]:
    """Yield an empty folder on the disk of the records; it goes with what is in it."""
    root = settings.home / TEMPORARY
    root.mkdir(parents=True, exist_ok=True)
    for left in root.iterdir():  # by a process that was killed
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time() - LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=root) as name:
        yield Path(name).absolute()


def look(
    settings: Settings,
    paths: Sequence[Path],
    permit: Permit,
    shaping: Shaping,
    progress: Progress = silent,
) -> Look:
    """Say what `bring` would do; nothing is written."""
    with folder_in(settings) as folder, Store.open(settings) as store:
        return shaping.looked(store.check_paths(paths, folder, progress, permit))


def bring(
    settings: Settings,
    paths: Sequence[Path],
    who: str,
    permit: Permit,
    shaping: Shaping,
    on_conflict: OnConflict = "report",
    progress: Progress = silent,
    kept: Kept | None = None,
) -> Outcome:
    """Import whole or not at all; a refusal is an outcome that is not `written`.

    `kept` is called within the transaction, or in one of its own if there was nothing to write.
    """

    def committed(connection: sa.Connection, _number: int, report: ImportReport) -> None:
        if kept is not None:
            kept(connection, shaping.written(report))

    with Store.open(settings) as store:
        try:
            report = store.import_paths(paths, on_conflict, progress, who, permit=permit, committed=committed)
        except ImportRefused as refused:
            return shaping.refused(refused)
        outcome = shaping.written(report)
        if report.import_id is None and kept is not None:
            with store.engine.begin() as connection:
                kept(connection, outcome)
        return outcome


def publish_soon(engine: sa.Engine, who: str, outcome: Outcome) -> None:
    """Have the outlook computed anew, if records have changed; several imports are one computation."""
    if outcome.written and outcome.changed:
        from serving.jobs import enqueue
        from serving.jobs.refusals import TooManyJobsError

        try:
            enqueue(engine, "publish", {}, who)
        except TooManyJobsError:  # the records are in; whoever publishes next takes them along
            structlog.get_logger("zhuoyue.records").warning("not published after an import", who=who)
