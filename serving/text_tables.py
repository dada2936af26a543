"""Tables as text: without frames, as wide as the terminal, or as wide as it takes where nobody looks."""

from __future__ import annotations

import sys
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

WIDTH = 160
"""Columns of a table that goes into a file or a pipe."""


def table(*columns: str) -> Table:
    """Return an empty table with these columns."""
    from rich.table import Table

    empty = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        empty.add_column(column, overflow="fold")
    return empty


def rendered(what: RenderableType) -> str:
    """Return it as text, coloured only where a person looks."""
    from rich.console import Console

    out = StringIO()
    look = sys.stdout.isatty()
    console = Console(
        file=out, markup=False, highlight=False, force_terminal=look, width=None if look else WIDTH
    )
    console.print(what)
    return out.getvalue().rstrip("\n")
