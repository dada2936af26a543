"""What a call brings, as a person wrote it: the first rows of every source, and those that are told of."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from features.records.reading.raw import ROW
from features.store.intake import Part

FIRST = 10
"""So many rows are shown in any case."""
MOST_TOLD = 200
"""So many rows more, that faults or conflicts are about."""
LONGEST_CELL = 200


@dataclass(frozen=True)
class PreviewRow:
    """One row: its number (from 0), the line on which a person finds it, its cells as written."""

    number: int
    line: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Preview:
    """Some of the `rows` rows of one source; `columns` are those of the table that the source has."""

    table: str
    source: str
    rows: int
    columns: tuple[str, ...]
    shown: tuple[PreviewRow, ...]


def preview(part: Part, told: Collection[int], connection: duckdb.DuckDBPyConnection) -> Preview:
    """Return the first rows of `part` and those with the numbers `told`, in their order."""
    raw = part.raw
    columns = tuple(name for name in raw.table.names if name in raw.cells)
    cells = ", ".join(f"left(CAST({raw.cells[name].given} AS VARCHAR), {LONGEST_CELL})" for name in columns)
    wanted = ", ".join(str(number) for number in sorted(told)[:MOST_TOLD]) or "-1"
    rows = connection.execute(
        f"SELECT {ROW}, {cells} FROM {raw.relation} WHERE {ROW} IN ({wanted}) OR {ROW} IN "
        f"(SELECT {ROW} FROM {raw.relation} ORDER BY {ROW} LIMIT {FIRST}) ORDER BY {ROW}"
    ).fetchall()
    lines = raw.lines([row[0] for row in rows]) if rows else {}
    shown = tuple(PreviewRow(number, lines[number], tuple(texts)) for number, *texts in rows)
    return Preview(raw.table.name, raw.label, part.rows, columns, shown)
