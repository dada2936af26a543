"""`zhuoyue plan`: problems and projects of a chain, its proposal and what mending it is worth."""

from __future__ import annotations

import typer


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
