"""The process of one job: `python -m serving.acts ID ATTEMPT LEASE`, begun by a foreman.

Its settings come by the environment. Its standard input is a line to the foreman: when that ends, so does
this process, whatever it was doing. A second thread renews the lease and carries progress and the wish to
cancel; a job that does not heed it within some seconds is ended by force. Everything that jobs write is
written whole or not at all, so no end at any moment leaves a half.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

from serving.jobs import leasing
from serving.jobs.job import Job, State
from serving.jobs.kinds import KINDS
from serving.jobs.task import JobRefused, Task

if TYPE_CHECKING:
    import sqlalchemy as sa

BEAT_SECONDS = 1.0
GRACE_SECONDS = 5.0
"""How long a job may go on after it was told to stop."""
STEPPED_BACK = 5
"""Readers go before jobs: whoever waits for a page waits now, whoever waits for a training will."""
ORPHANED, LOST, FORCED = 70, 71, 72
"""Exit codes: the foreman is gone; the lease is; it had to be ended by force."""


class Stopped(BaseException):
    """Raised in the middle of the work when the process is told to stop; not to be caught with errors."""


def main() -> None:
    """Run the job named on the command line."""
    from features.settings import Settings
    from features.store.database import open_database
    from serving.jobs.register import find

    threading.Thread(target=_follow_foreman, name="lifeline", daemon=True).start()
    os.nice(STEPPED_BACK)
    job_id, attempt, lease = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    settings = Settings()
    engine = open_database(settings, pooled=True)
    job = find(engine, job_id)
    if job.state is State.RUNNING and job.attempt == attempt:
        Work(Task(job, settings, engine), lease).do()


class Work:
    """One attempt at a job, with its heart."""

    def __init__(self, task: Task, lease: float) -> None:
        """Do `task`, renewing its lease of that many seconds."""
        self._task, self._lease = task, lease
        self._over = threading.Event()
        self._cancelling = False

    def do(self) -> None:
        """Run the job and write how it ended."""
        engine, job = self._task.engine, self._task.job
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the foreman says what to do
        heart = threading.Thread(target=self._keep_alive, name="heart", daemon=True)
        heart.start()
        try:
            result, error, state = self._attempted()
            self._over.set()
        except Stopped:
            self._over.set()
            if not self._cancelling:
                leasing.give_back(engine, job)
                return
            result, error, state = None, None, State.CANCELLED
        heart.join()
        leasing.end(engine, job, state, result, error)

    def _attempted(self) -> tuple[dict[str, Any] | None, str | None, State]:
        job = self._task.job
        kind = KINDS[job.kind]
        module, _, name = kind.run.partition(":")
        try:
            run = getattr(import_module(module), name)
            return run(self._task, kind.arguments.model_validate(job.arguments)), None, State.DONE
        except JobRefused as refused:
            kept = None if refused.result is None else dict(refused.result)
            return kept, str(refused), State.FAILED
        except Exception as error:
            return None, in_words(job, error), State.FAILED

    def _stop(self, _signal: int, _frame: object) -> None:
        if not self._over.is_set():
            raise Stopped

    def _keep_alive(self) -> None:
        renewed = monotonic()
        while not self._over.is_set():
            try:
                wish = leasing.beat(self._task.engine, self._task.job, self._task.progress, self._lease)
                renewed = monotonic()
            except _database_errors():
                wish = None if monotonic() - renewed > self._lease else False
            if wish is None and not self._over.is_set():
                os._exit(LOST)  # somebody else may have begun: stop at once, whatever is going on
            if wish:
                self._cancel()
                return
            self._over.wait(min(BEAT_SECONDS, self._lease / 4))

    def _cancel(self) -> None:
        self._cancelling = True
        os.kill(os.getpid(), signal.SIGTERM)
        if not self._over.wait(GRACE_SECONDS):
            leasing.end(self._task.engine, self._task.job, State.CANCELLED)
            os._exit(FORCED)


def in_words(job: Job, error: Exception) -> str:
    """Return what a person is told of an error; where it happened goes into the log."""
    import structlog

    from serving.main import message_for

    structlog.get_logger("zhuoyue.jobs").warning(
        "job failed", job=job.id, kind=job.kind, exc_info=None if _said(error) else error, error=str(error)
    )
    return message_for(error).removeprefix("zhuoyue: ")[:4000]


def _said(error: Exception) -> bool:
    """Our own errors speak for themselves."""
    return type(error).__module__.partition(".")[0] in {"qm_rules", "features", "models", "serving"}


def _database_errors() -> type[sa.exc.SQLAlchemyError]:
    import sqlalchemy as sa

    return sa.exc.SQLAlchemyError


def _follow_foreman() -> NoReturn:
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 1):
            pass
    os._exit(ORPHANED)
