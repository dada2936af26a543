"""`zhuoyue plan`: benchmarks, what leaders do otherwise, and published context figures."""

from __future__ import annotations

import typer


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
