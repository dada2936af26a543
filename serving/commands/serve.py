"""`zhuoyue serve`: the API and the pages."""

from __future__ import annotations

from typing import Annotated

import typer

LOCAL = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add `serve` to the command line."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the network.")] = LOCAL,
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8000,
) -> None:
    """Serve the API (/api/v1, /docs) and the pages until Ctrl-C."""
    from features.settings import Settings
    from serving.web.server import run

    run(Settings(), host, port)
