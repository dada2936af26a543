"""Uploads worked on: looked at, then imported; in a request if small, as a job if large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from features.store.importing import Progress, silent
from serving.records.bringing import OnConflict, bring, look, publish_soon
from serving.records.outcome import Outcome
from serving.records.shaping import Shaping
from serving.records.uploads import State, Upload, Uploads

if TYPE_CHECKING:
    from features.settings import Settings
    from serving.jobs.kinds import Import
    from serving.jobs.task import Task

AT_ONCE = 4 << 20
"""Bytes of text up to which a request does the work itself, in about a second."""
PACKED = (".gz", ".parquet", ".xlsx")
UNPACKS = 8
"""Times that packed records usually grow."""


def weight(upload: Upload) -> int:
    """Return about how many bytes of text an upload holds."""
    return sum(size * (UNPACKS if name.lower().endswith(PACKED) else 1) for name, size in upload.files)


def look_at(settings: Settings, uploads: Uploads, upload: Upload, progress: Progress = silent) -> None:
    """Check an upload, and keep what was found."""
    folder = uploads.folder(upload.id)
    paths = [folder / name for name, _ in upload.files]
    found = look(settings, paths, upload.permit, Shaping(folder), progress)
    uploads.move(upload.id, State.ARRIVED, State.CHECKED, outcome=found.model_dump())


def import_upload(
    settings: Settings,
    engine: sa.Engine,
    upload: Upload,
    on_conflict: OnConflict,
    progress: Progress = silent,
) -> Outcome:
    """Import an upload that stands at `importing`, once: its end is part of the import's transaction.

    A refusal puts it back to `checked`, with what was found.
    """
    uploads = Uploads(engine, settings)
    folder = uploads.folder(upload.id)
    paths = [folder / name for name, _ in upload.files]

    def kept(connection: sa.Connection, outcome: Outcome) -> None:
        uploads.imported(connection, upload.id, outcome.model_dump())

    try:
        outcome = bring(
            settings, paths, upload.who, upload.permit, Shaping(folder), on_conflict, progress, kept
        )
    except BaseException:
        uploads.move(upload.id, State.IMPORTING, State.CHECKED)
        raise
    if not outcome.written:
        found = look(settings, paths, upload.permit, Shaping(folder))
        uploads.move(upload.id, State.IMPORTING, State.CHECKED, outcome=found.model_dump())
        return outcome
    uploads.remove_files(upload.id)
    publish_soon(engine, upload.who, outcome)
    return outcome


def work(task: Task, arguments: Import) -> dict[str, Any]:
    """Do the job `import`: check an upload or import it."""
    from serving.jobs.task import JobRefused

    uploads = Uploads(task.engine, task.settings)
    upload = uploads.find(arguments.upload)
    if upload is None or upload.state is State.GONE:
        raise JobRefused("the files are not there any more: upload them again")
    if upload.state is State.IMPORTED:  # begun again after its end
        return _short(upload.outcome or {})

    def tell(done: float, total: float, what: str) -> None:
        task.tell(what, int(done), int(total))

    if arguments.step == "check":
        look_at(task.settings, uploads, upload, tell)
        return _short((uploads.find(upload.id) or upload).outcome or {})
    outcome = import_upload(task.settings, task.engine, upload, arguments.on_conflict, tell)
    if not outcome.written:
        raise JobRefused("nothing was imported: faults or conflicts were found", _short(outcome.model_dump()))
    return _short(outcome.model_dump())


def _short(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return what a list of jobs needs; the upload keeps the whole."""
    names = ("import_id", "tables", "fault_count", "conflict_count")
    return {name: outcome[name] for name in names if name in outcome}
