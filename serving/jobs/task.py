"""What the function of a kind is given: who asked, where to work, and how to say how far it is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.jobs.leasing import Progress

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.settings import Settings
    from serving.jobs.job import Job

FOLDER = "jobs"


class JobRefused(Exception):  # noqa: N818 - not a fault of ours: what was asked for cannot be done
    """Ends a job with a reason in words; `result` is kept beside it, such as the faults of an import."""

    exit_code = 1

    def __init__(self, reason: str, result: Mapping[str, Any] | None = None) -> None:
        """Say why."""
        super().__init__(reason)
        self.result = result


class Task:
    """A job being done."""

    def __init__(self, job: Job, settings: Settings, engine: sa.Engine) -> None:
        """Give the function of a kind what it needs; `engine` is the state database."""
        self.job, self.settings, self.engine = job, settings, engine
        self.progress = Progress()

    def tell(self, what: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, and how many steps of how many are behind it."""
        self.progress = Progress(what, int(done), int(total))

    def folder(self) -> Path:
        """Return an empty folder for files that are kept with the job."""
        found = folder_of(self.settings, self.job.id)
        shutil.rmtree(found, ignore_errors=True)  # what an attempt before this one left
        found.mkdir(parents=True)
        return found


def folder_of(settings: Settings, job_id: str) -> Path:
    """Return where a job keeps its files; it is there only if the job made one."""
    return Path(settings.home) / FOLDER / job_id
