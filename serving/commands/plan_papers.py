"""`zhuoyue plan`: the briefing and the workbook of a group."""

from __future__ import annotations

import typer


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
