"""`zhuoyue plan`: where help works: the cheapest set of enterprises and actions for a target."""

from __future__ import annotations

import typer


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
