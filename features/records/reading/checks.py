"""The checks of a table as SQL conditions, counted in one pass; rows are looked up only where one fails."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from features.records import sql
from features.records.columns import Column, Table, Type
from features.records.reading import uscc
from features.records.reading.faults import Fault, Faults, shown
from features.records.reading.raw import ROW, Cell, Raw

LONGEST_ID = 200
FIRST_YEAR, LAST_YEAR = 1900, 2199
WARNED_BLANKS = {("parameters", "kind"): "parameters without `kind` count as context: never recommended"}


@dataclass(frozen=True)
class Check:
    """A condition that a row must not meet; it reads `"NAME"` (the value) and `"given.NAME"` (as written)."""

    column: str
    bad: str
    allowed: str


def checks_of(table: Table, present: dict[str, bool]) -> Iterator[Check]:
    """Yield the checks for the columns that are `present` (True where the file keeps the type itself)."""
    for column in table.columns:
        if column.name in present:
            yield from _column_checks(column, present[column.name])
    for rule in table.rules:
        if rule.column in present or rule.column == "lsl":
            yield Check(rule.column, f"NOT ({rule.condition})", rule.allowed)
    if "uscc" in present:
        yield Check("uscc", f"NOT {uscc.valid_sql('uscc')}", uscc.ALLOWED)


def _column_checks(column: Column, exact: bool) -> Iterator[Check]:
    value, given = sql.name(column.name), sql.name(f"given.{column.name}")
    if column.required:
        yield Check(column.name, f"{given} IS NULL", column.allowed)
    if not exact:
        yield Check(column.name, f"{given} IS NOT NULL AND {value} IS NULL", column.allowed)
    limits = " OR ".join(_limits(column, value))
    if limits:
        yield Check(column.name, limits, column.allowed)


def _limits(column: Column, value: str) -> Iterator[str]:
    if column.values:
        yield f"{value} NOT IN ({', '.join(sql.literal(item) for item in column.values)})"
    if column.low is not None:
        yield f"{value} {'<=' if column.above_low else '<'} {column.low:g}"
    if column.high is not None:
        yield f"{value} > {column.high:g}"
    if column.type is Type.NUMBER:
        yield f"NOT isfinite({value})"
    if column.type is Type.ID:
        yield f"length({value}) > {LONGEST_ID} OR contains({value}, chr(0))"
    if column.type in {Type.TIME, Type.DATE}:
        yield f"{value} < DATE '{FIRST_YEAR}-01-01' OR {value} >= DATE '{LAST_YEAR + 1}-01-01'"


def check(
    raw: Raw, connection: duckdb.DuckDBPyConnection, faults: Faults, notes: list[str]
) -> tuple[Raw, int]:
    """Check every row of `raw` and add what is wrong to `faults`.

    Returns `raw`, spared of tidying texts that turned out to be tidy, and the number of rows.
    """
    checks = list(checks_of(raw.table, {name: cell.exact for name, cell in raw.cells.items()}))
    blanks = [column.name for column in raw.table.columns if (raw.table.name, column.name) in WARNED_BLANKS]
    counts = [f"count_if({item.bad})" for item in checks] + [
        f"count_if({_blank(raw, name)})" for name in blanks
    ]
    texts = [name for name, cell in raw.cells.items() if cell.exact and cell.bare]
    counts += [f"count_if({sql.name(f'bare.{name}')} IS DISTINCT FROM {sql.name(name)})" for name in texts]
    row = connection.execute(f"SELECT {', '.join(['count(*)', *counts])} FROM {_rows(raw)}").fetchall()[0]
    for item, bad in zip(checks, row[1:], strict=False):
        if bad:
            faults.extend(_listed(raw, item, connection, faults.room), bad)
    for name, blank in zip(blanks, row[1 + len(checks) :], strict=False):
        if blank:
            notes.append(f"{raw.label}: {blank} {WARNED_BLANKS[raw.table.name, name]}")
    tidy = {name for name, untidy in zip(texts, row[len(row) - len(texts) :], strict=True) if not untidy}
    bare = {name: Cell(str(cell.bare), str(cell.bare)) for name, cell in raw.cells.items() if name in tidy}
    return replace(raw, cells={**raw.cells, **bare}), int(row[0])


def _blank(raw: Raw, name: str) -> str:
    return f"{sql.name(f'given.{name}')} IS NULL" if name in raw.cells else "true"


def _rows(raw: Raw) -> str:
    """Return the rows with each present column twice: typed, and as it was given; absent ones are null."""
    parts = [ROW]
    for column in raw.table.columns:
        cell = raw.cells.get(column.name)
        parts.append(f"{cell.value if cell else raw.filled(column)} AS {sql.name(column.name)}")
        if cell:
            parts.append(f"{cell.given} AS {sql.name(f'given.{column.name}')}")
            parts.append(f"{cell.bare or 'NULL'} AS {sql.name(f'bare.{column.name}')}")
    return f"(SELECT {', '.join(parts)} FROM {raw.relation})"


def _listed(raw: Raw, item: Check, connection: duckdb.DuckDBPyConnection, room: int) -> list[Fault]:
    given = f"CAST({sql.name(f'given.{item.column}')} AS VARCHAR)" if item.column in raw.cells else "NULL"
    rows = connection.execute(
        f"SELECT {ROW}, {given} FROM {_rows(raw)} WHERE {item.bad} ORDER BY {ROW} LIMIT {room}"
    ).fetchall()
    lines = raw.lines([row for row, _ in rows]) if rows else {}
    return [
        Fault(raw.table.name, raw.label, lines[row], item.column, shown(found), item.allowed, row)
        for row, found in rows
    ]
