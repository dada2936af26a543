"""`zhuoyue work`: do the jobs that wait, on this machine or on another one beside the server."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

AtOnce = Annotated[int, typer.Option("--jobs", min=1, max=64, help="How many jobs run at once.")]


def register(app: typer.Typer) -> None:
    """Add `work` to the command line."""
    app.command("work")(work)


def work(
    jobs: AtOnce = 2,
    lifeline: Annotated[
        bool, typer.Option("--lifeline", hidden=True, help="End when standard input does.")
    ] = False,
    lease: Annotated[
        float,
        typer.Option(
            min=1.0, max=3600.0, help="Seconds after which the jobs of a lost worker are begun anew."
        ),
    ] = 15.0,
) -> None:
    """Do jobs (imports, trainings, reports) and deliver warnings until Ctrl-C; what runs is queued again.

    `zhuoyue serve` starts one of its own. Several on one PostgreSQL share the work, on one host or on many
    that share the home folder.
    """
    import signal

    from features.settings import Settings
    from serving.jobs.foreman import Foreman
    from serving.warnings import deliver_until
    from serving.web.watching import logs

    logs.configure()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    if lifeline:
        threading.Thread(target=_follow, args=(stopping,), daemon=True).start()
    else:
        typer.echo(f"Zhuoyue does jobs, up to {jobs} at once. Ctrl-C stops it.", err=True)
    settings = Settings()
    foreman = Foreman(settings, jobs, lease)
    delivering = threading.Thread(target=deliver_until, args=(settings, stopping), name="deliver")
    delivering.start()
    foreman.run(stopping)
    delivering.join()


def _follow(stopping: threading.Event) -> None:
    import os
    from contextlib import suppress

    with suppress(OSError):
        while os.read(0, 1):
            pass
    stopping.set()
