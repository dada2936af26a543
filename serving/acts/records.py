"""Jobs that bring records into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.store import ImportRefused, Store
from serving.jobs import enqueue, kinds
from serving.jobs.task import JobRefused

if TYPE_CHECKING:
    from serving.jobs.task import Task

SHOWN = 500
"""Faults that are kept with a refused import."""


def bring(task: Task, arguments: kinds.Import) -> dict[str, Any]:
    """Take uploaded files into the store, whole or not at all; then the outlook is computed anew."""
    paths = [task.settings.home / path for path in arguments.paths]

    def tell(done: float, total: float | None, what: str) -> None:
        task.tell(what, int(done), int(total or 0))

    try:
        with Store.open(task.settings) as store:
            report = store.import_paths(paths, arguments.on_conflict, tell, task.job.who)
    except ImportRefused as refused:
        faults = [vars(fault) for fault in refused.faults[:SHOWN]]
        raise JobRefused(str(refused), {"faults": faults, "total": refused.total}) from refused
    publishing = enqueue(task.engine, "publish", {}, task.job.who).id
    tables = [vars(row) for row in report.tables]
    return {"tables": tables, "notes": list(report.notes), "publishing": publishing}
