"""`zhuoyue serve`: the API and the pages."""

from __future__ import annotations

from typing import Annotated

import typer

LOCAL = "127.0.0.1"
THIS_MACHINE = (LOCAL, "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Add `serve` to the command line."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the network.")] = LOCAL,
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8000,
    open_: Annotated[
        bool, typer.Option("--open", help="Nobody signs in; only on this machine's own address.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="Processes that answer requests; one is right for one core.", min=1, max=64)
    ] = 1,
    jobs: Annotated[
        int,
        typer.Option(
            help="How many jobs run at once beside it; 0 leaves them to `zhuoyue work`.", min=0, max=64
        ),
    ] = 2,
) -> None:
    """Serve the API (/api/v1, /docs) and the pages until Ctrl-C."""
    if open_ and host not in THIS_MACHINE:
        raise typer.BadParameter(f"--open lets in whoever comes: it goes with {LOCAL}, not with {host}")
    from features.settings import Settings
    from serving.web.running.server import run

    run(Settings(), host, port, workers=workers, open_to_all=open_, jobs=jobs)
