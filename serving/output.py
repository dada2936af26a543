"""Answers on standard output: a table for people, JSON for programs.

Every command offers `--format` with the type `FormatOption` and hands its rows to `emit`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from rich.text import Text


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    json = "json"
    jsonl = "jsonl"


FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="Default: a table when a person looks, else json.", show_default=False),
]
"""Type of the parameter `fmt: FormatOption = None` of a command."""

Row = object
"""A mapping, a dataclass or a pydantic model."""

Plain = dict[str, Any] | list[Any] | str | int | float | bool | None
"""What JSON can say."""


def emit(
    rows: Iterable[Row] | Mapping[str, Any],
    fmt: str | None = None,
    columns: Iterable[str] | None = None,
    title: str | None = None,
) -> None:
    """Print `rows` in `fmt` (`table`, `json`, `jsonl`; None: table on a terminal, else json).

    `json` is one array, or one object when `rows` is a mapping; `jsonl` one object a line. Text stays UTF-8,
    a Decimal becomes a string (money stays exact), dates ISO 8601, NaN and infinities null. `columns` names
    what the table shows and in which order (default: the keys of the first row).
    """
    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    single = isinstance(rows, Mapping)
    items = [rows] if isinstance(rows, Mapping) else rows
    if chosen is Format.table:
        print_table(items, columns, title)
        return
    texts = (to_json(row) for row in items)
    lines = _array(texts) if chosen is Format.json and not single else (f"{text}\n" for text in texts)
    for line in lines:
        sys.stdout.write(line)
    sys.stdout.flush()


def to_json(value: object) -> str:
    """Return `value` as strict JSON on one line, keys in their own order."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def plain(value: object) -> Plain:
    """Return `value` made of dicts, lists, strings, numbers, booleans and None only."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return _plain_object(value)


def _plain_object(value: object) -> Plain:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return plain(value.item()) if hasattr(value, "item") else str(value)


def _array(texts: Iterable[str]) -> Iterator[str]:
    """Yield a JSON array with a row a line: readable, and never held in memory as a whole."""
    separator = "["
    for text in texts:
        yield f"{separator}{text}"
        separator = ",\n "
    yield "[]\n" if separator == "[" else "]\n"


def print_table(rows: Iterable[Row], columns: Iterable[str] | None = None, title: str | None = None) -> None:
    """Print `rows` as a table: numbers to the right, nothing wider than the terminal."""
    from rich.console import Console
    from rich.table import Table

    iterator = (cast("dict[str, Any]", plain(row)) for row in rows)
    first = next(iterator, None)
    if first is None:
        Console().print("(no rows)")
        return
    names = list(columns) if columns is not None else list(first)
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in names:
        number = isinstance(first.get(name), int | float) and not isinstance(first.get(name), bool)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in chain([first], iterator):
        table.add_row(*(cell(row.get(name)) for name in names))
    Console(markup=False).print(table)


def cell(value: Plain) -> Text:
    """Return one table cell: a dash for nothing, six significant digits, nested values in short.

    It is rich text without markup, because records may hold brackets.
    """
    from rich.text import Text

    if value is None:
        return Text("–", style="dim")
    if isinstance(value, float):
        return Text(f"{value:.6g}")
    if isinstance(value, Mapping):
        return Text(", ".join(f"{key} {cell(item)}" for key, item in value.items()))
    if isinstance(value, list):
        return Text(", ".join(str(cell(item)) for item in value))
    return Text(str(value))
