"""`zhuoyue plan`: what if: saved, computed, compared."""

from __future__ import annotations

import typer


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
