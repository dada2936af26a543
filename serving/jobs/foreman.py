"""The worker: one small process that takes jobs and runs each in a process of its own.

Idle it holds nothing heavy; what a job loads goes when the job ends, also what leaks. It survives whatever a
job does to its process, and when it dies itself its jobs die with it and are begun again by whoever comes.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from features.store.database import open_database
from serving.jobs import leasing
from serving.jobs.environment import environment_of
from serving.jobs.job import Job
from serving.jobs.sweeping import sweep

if TYPE_CHECKING:
    from features.settings import Settings

LOOK_SECONDS = 0.5
STOP_SECONDS = 6.0
SWEEP_SECONDS = 3600.0
LATER_SECONDS = 5.0
"""Until the database is asked again after it could not be."""


@dataclass
class Hand:
    """A job and the process that does it."""

    job: Job
    process: subprocess.Popen[bytes]


class Foreman:
    """Takes jobs and runs up to `at_once` of them."""

    def __init__(self, settings: Settings, at_once: int = 2, lease: float = leasing.LEASE_SECONDS) -> None:
        """Open the state database; raises StateDatabaseError."""
        self._settings, self._at_once, self._lease = settings, at_once, lease
        self._engine = open_database(settings, pooled=True)
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._hands: list[Hand] = []
        self._next_rescue = self._next_sweep = 0.0
        self._log = structlog.get_logger("zhuoyue.jobs")

    def run(self, stopping: threading.Event) -> None:
        """Work until `stopping`; then jobs that run are stopped and put back into the queue."""
        pause = LOOK_SECONDS
        while not stopping.wait(pause):
            try:
                self._round()
                pause = LOOK_SECONDS
            except sa.exc.SQLAlchemyError as error:
                self._log.warning("the state database cannot be used", error=str(error).partition("\n")[0])
                pause = LATER_SECONDS
        self._stop()

    def _round(self) -> None:
        """Look after those that run, rescue what others left, take what there is to do."""
        for hand in [hand for hand in self._hands if hand.process.poll() is not None]:
            leasing.bury(self._engine, hand.job)  # changes nothing if the process has said how it ended
            self._let_go(hand)
        if monotonic() >= self._next_rescue:
            self._next_rescue = monotonic() + self._lease / 3
            for job in leasing.expired(self._engine):
                leasing.bury(self._engine, job, expired=True)
        while len(self._hands) < self._at_once:
            taken = leasing.take(self._engine, self._name, self._lease)
            if taken is None:
                break
            self._hands.append(Hand(taken, self._begun(taken)))
        if monotonic() >= self._next_sweep:
            self._next_sweep = monotonic() + SWEEP_SECONDS
            sweep(self._engine, self._settings)

    def _begun(self, job: Job) -> subprocess.Popen[bytes]:
        self._log.info("job begins", job=job.id, kind=job.kind, attempt=job.attempt)
        return subprocess.Popen(  # noqa: S603 - our own module; what is variable is a number and an id of ours
            [sys.executable, "-m", "serving.acts", job.id, str(job.attempt), str(self._lease)],
            stdin=subprocess.PIPE,
            env=environment_of(self._settings),
        )

    def _stop(self) -> None:
        for hand in self._hands:
            hand.process.terminate()  # it gives its job back itself, if it can
        until = monotonic() + STOP_SECONDS
        for hand in list(self._hands):
            try:
                hand.process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                hand.process.kill()
                hand.process.wait()
            try:
                leasing.give_back(self._engine, hand.job)
            except sa.exc.SQLAlchemyError:  # its lease runs out, then somebody takes it
                self._log.warning("a job could not be given back", job=hand.job.id)
            self._let_go(hand)
        self._engine.dispose()

    def _let_go(self, hand: Hand) -> None:
        assert hand.process.stdin is not None  # noqa: S101 - it was opened as a pipe
        hand.process.stdin.close()
        self._hands.remove(hand)
