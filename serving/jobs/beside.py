"""A worker beside a server: started with it, started again if it dies, stopped with it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from serving.jobs.environment import environment_of

if TYPE_CHECKING:
    from features.settings import Settings

PATIENCE_SECONDS = 9.0
SOON_SECONDS, LATE_SECONDS = 1.0, 30.0
"""Before a worker that died is started again: the first time, and at most."""


@contextmanager
def worker_beside(settings: Settings, at_once: int) -> Iterator[None]:
    """Keep a worker running that does up to `at_once` jobs; 0: none here, another host works."""
    if at_once == 0:
        yield
        return
    keeper = _Keeper(settings, at_once)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class _Keeper(threading.Thread):
    """Waits for the worker's end, and starts it again unless that was wanted."""

    def __init__(self, settings: Settings, at_once: int) -> None:
        super().__init__(name="worker", daemon=True)
        self._environment = environment_of(settings)
        self._command = [sys.executable, "-m", "serving", "work", "--jobs", str(at_once), "--lifeline"]
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        pause = SOON_SECONDS
        while (process := self._begun()) is not None:
            since = monotonic()
            process.wait()
            pause = SOON_SECONDS if monotonic() - since > LATE_SECONDS else min(LATE_SECONDS, 2 * pause)
            self._stopping.wait(pause)

    def stop(self) -> None:
        """Ask it to stop; after some seconds it has to."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        self.join()

    def _begun(self) -> subprocess.Popen[bytes] | None:
        """Start a process; its standard input ends with ours, however we end, and then so does it."""
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command, stdin=subprocess.PIPE, env=self._environment
            )
            return self._process
