"""Old jobs go: the journal remembers that they were, their files would only fill the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from serving.jobs.table import JOBS, clock
from serving.jobs.task import FOLDER, folder_of

if TYPE_CHECKING:
    from features.settings import Settings

KEPT_DAYS = 90
"""How long an ended job is listed and its file can be had."""


def sweep(engine: sa.Engine, settings: Settings, days: float = KEPT_DAYS) -> int:
    """Forget jobs that ended longer ago, with their files; returns how many."""
    with engine.connect() as connection:
        old = sa.select(JOBS.c.id).where(JOBS.c.finished_at < clock(connection) - days * 86_400)
        gone = list(connection.execute(old).scalars())
    for start in range(0, len(gone), 500):
        some = gone[start : start + 500]
        with engine.begin() as connection:
            connection.execute(sa.delete(JOBS).where(JOBS.c.id.in_(some)))
        for job_id in some:  # after the row: a row that is seen has its files
            shutil.rmtree(folder_of(settings, job_id), ignore_errors=True)
    _sweep_orphans(engine, Path(settings.home) / FOLDER)
    return len(gone)


def _sweep_orphans(engine: sa.Engine, home: Path) -> None:
    """Remove folders whose row is gone: this process may have died between the two."""
    names = [entry.name for entry in home.iterdir() if entry.is_dir()] if home.is_dir() else []
    with engine.connect() as connection:
        known = set(connection.execute(sa.select(JOBS.c.id)).scalars()) if names else set()
    for name in set(names) - known:
        shutil.rmtree(home / name, ignore_errors=True)
