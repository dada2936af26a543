"""Progress on standard error, so that standard output stays an answer that programs can read.

Libraries never print; they take a callback `progress(done, total, description)` and a command hands them
`bar.update`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

QUIET_SECONDS = 2.0
"""Where nobody watches a terminal, work shorter than this says nothing."""


class Bar:
    """A progress bar that wakes up only when it is worth showing."""

    def __init__(
        self, description: str, total: float | None, *, quiet: bool = False, patience: float = 0.0
    ) -> None:
        """Show `description` after `patience` seconds; `total` None means that the end is not known."""
        self._description, self._total, self._done = description, total, 0.0
        self._quiet, self._shown_from = quiet, monotonic() + patience
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def update(
        self, done: float | None = None, total: float | None = None, description: str | None = None
    ) -> None:
        """Say how far the work is; None leaves that part as it was."""
        self._done = self._done if done is None else done
        self._total = self._total if total is None else total
        self._description = description or self._description
        if not self._quiet and monotonic() >= self._shown_from:
            self._show()

    def _show(self) -> None:
        if self._progress is None:
            self._progress = _new_progress()
            self._task = self._progress.add_task(self._description, total=self._total)
            self._progress.start()
        assert self._task is not None  # noqa: S101 - set together with the progress
        self._progress.update(
            self._task, completed=self._done, total=self._total, description=self._description
        )

    def close(self) -> None:
        """Leave the last state on the screen and give the terminal back."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


@contextmanager
def bar(description: str, total: float | None = None) -> Iterator[Bar]:
    """Yield a `Bar` on standard error, closed at the end whatever happens.

    On a terminal it shows at once, elsewhere (a log file) only after two seconds; `ZHUOYUE_QUIET` silences
    it.
    """
    watched = sys.stderr.isatty()
    quiet = bool(os.environ.get("ZHUOYUE_QUIET"))
    shown = Bar(description, total, quiet=quiet, patience=0.0 if watched else QUIET_SECONDS)
    shown.update()
    try:
        yield shown
    finally:
        shown.close()


def _new_progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=False)
