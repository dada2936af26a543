"""The process that keeps the others running: it starts them, starts them again when they die, and stops them.

It answers no request itself, so nothing that a request does can bring it down. The port is its own: while a
worker is started anew, connections wait in the port's queue and are not refused.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import NamedTuple

import structlog

LOOK_SECONDS = 0.2
QUICK_SECONDS = 5.0
"""Who lives shorter than this has not really started."""
GIVE_UP_AFTER = 5
"""Quick ends in a row of one child after which all of it is stopped: starting again does not help."""
LONGEST_WAIT_SECONDS = 10.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: nothing may be after a fork


class WorkerFailedError(Exception):
    """A child ends as soon as it is started; the log above says why."""

    exit_code = 1


class Child(NamedTuple):
    """A process to keep running; `descriptors` are the open files that it inherits."""

    name: str
    command: tuple[str, ...]
    descriptors: tuple[int, ...] = ()


class Supervisor:
    """Runs children until it is told to stop by SIGTERM or SIGINT; use it in the main thread."""

    def __init__(
        self,
        children: Sequence[Child],
        environment: Mapping[str, str] | None = None,
        grace: float = 15.0,
        first: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare.

        `environment` is added to that of the children, `grace` seconds are theirs to end; `first` is called
        before they are asked to.
        """
        self._first = first
        self._posts = [_Post(child, {**os.environ, **(environment or {})}) for child in children]
        self._grace = grace
        self._stopping = threading.Event()

    def run(self) -> None:
        """Keep all children running; returns when they have ended; raises WorkerFailedError."""
        before = {name: signal.signal(name, self._stop) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stopping.is_set():
                for post in self._posts:
                    post.keep()
                self._stopping.wait(LOOK_SECONDS)
        finally:
            self._end()
            for name, handler in before.items():
                signal.signal(name, handler)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _end(self) -> None:
        self._first()
        for post in self._posts:
            post.end()
        last = time.monotonic() + self._grace
        for post in self._posts:
            post.wait(max(0.0, last - time.monotonic()))


class _Post:
    """One child's place: who stands there now, and how often the last ones fell at once."""

    def __init__(self, child: Child, environment: Mapping[str, str]) -> None:
        self._child, self._environment = child, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._not_before = 0.0
        self._quick = 0

    def keep(self) -> None:
        """Start the child if it is not running and its time has come."""
        if self._process is not None and (code := self._process.poll()) is not None:
            self._forget(self._process.pid)
            self._process = None
            self._fell(code)
        if self._process is None and time.monotonic() >= self._not_before:
            self._begin()

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            _log().warning("killed: did not end in time", child=self._child.name, pid=self._process.pid)
            self._process.kill()
            self._process.wait()

    def _begin(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            self._child.command,
            env=dict(self._environment),
            pass_fds=self._child.descriptors,
            preexec_fn=_die_with_parent,
        )
        self._began = time.monotonic()

    def _forget(self, pid: int) -> None:
        if folder := self._environment.get("PROMETHEUS_MULTIPROC_DIR"):
            from serving.web.watching.metrics import forget_dead

            forget_dead(pid, folder)

    def _fell(self, code: int) -> None:
        lived = time.monotonic() - self._began
        self._quick = self._quick + 1 if lived < QUICK_SECONDS else 0
        wait = min(LONGEST_WAIT_SECONDS, 0.25 * 2**self._quick) if self._quick else 0.0
        self._not_before = time.monotonic() + wait
        facts = {"child": self._child.name, "code": code, "lived": round(lived, 1), "again_in": wait}
        _log().error("a process ended and is started again", **facts)
        if self._quick >= GIVE_UP_AFTER:
            raise WorkerFailedError(
                f"the process {self._child.name!r} ended {self._quick} times at its start, the last time "
                f"with {code}; what it wrote above says why"
            )


def _die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the supervisor is gone, however it went (Linux; elsewhere nothing)."""
    if _LIBC is not None:
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _log() -> structlog.typing.FilteringBoundLogger:
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger("zhuoyue.serve")
    return log
