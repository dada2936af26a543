"""What every value and every row must fulfil, as SQL conditions over a typed view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from features.records.columns import Column, Table, Type
from features.records.faults import Fault, Faults, shown
from features.records.parsing import quoted, text
from features.records.staged import Staged
from features.records.views import ROW, given, parsed, raw

_ID_LENGTH, _TEXT_LENGTH = 200, 10_000
_YEARS = (1900, 2199)


@dataclass(frozen=True)
class Check:
    """`bad` holds in a row that has a fault in `column`."""

    column: str
    bad: str
    allowed: str


def checks_of(table: Table) -> list[Check]:
    """Return every check of a single row of `table`."""
    found = [check for column in table.columns for check in _of_column(column)]
    rules = [Check(rule.column, f"NOT ({rule.condition})", rule.allowed) for rule in table.rules]
    return [*found, *rules]


def _of_column(column: Column) -> Iterator[Check]:
    name = quoted(column.name)
    if column.required:
        yield Check(column.name, f"NOT {given(column.name)}", f"{column.allowed}; it is required")
    if column.type not in (Type.ID, Type.TEXT):
        wrong = f"{given(column.name)} AND {parsed(column.name)} IS NULL"
        yield Check(column.name, wrong, column.allowed)
    if column.values:
        listed = ", ".join(text(value) for value in column.values)
        yield Check(column.name, f"{name} NOT IN ({listed})", column.allowed)
    yield from _limits(column, name)


def _limits(column: Column, name: str) -> Iterator[Check]:
    if column.type is Type.ID:
        wrong = f"length({name}) > {_ID_LENGTH} OR regexp_matches({name}, '[\\x00-\\x1f\\x7f]')"
        yield Check(column.name, wrong, column.allowed)
    if column.type is Type.TEXT and not column.values:
        yield Check(column.name, f"length({name}) > {_TEXT_LENGTH}", f"text of at most {_TEXT_LENGTH} characters")
    if column.type is Type.NUMBER:
        yield Check(column.name, f"NOT isfinite({name})", "a finite number")
    if column.type in (Type.TIME, Type.DATE):
        first, last = _YEARS
        years = f"year({name}) NOT BETWEEN {first} AND {last}"
        yield Check(column.name, years, f"a year from {first} to {last}")
    if column.low is not None:
        yield Check(column.name, f"{name} {'<=' if column.above_low else '<'} {column.low:g}", column.allowed)
    if column.high is not None:
        yield Check(column.name, f"{name} > {column.high:g}", column.allowed)


def check_rows(
    connection: duckdb.DuckDBPyConnection, view: str, staged: Staged, faults: Faults
) -> None:
    """Add the faults of every row of the typed `view` of `staged`."""
    checks = checks_of(staged.table)
    counts = ", ".join(f"count(*) FILTER (WHERE {check.bad})" for check in checks)
    found = connection.execute(f"SELECT {counts} FROM {view}").fetchone() or ()
    for check, count in zip(checks, found, strict=True):
        if count:
            _list(connection, view, staged, check, int(count), faults)


def _list(
    connection: duckdb.DuckDBPyConnection, view: str, staged: Staged, check: Check, count: int, faults: Faults
) -> None:
    sql = f"SELECT {ROW}, {raw(check.column)} FROM {view} WHERE {check.bad} ORDER BY {ROW} LIMIT {faults.room}"
    found = connection.execute(sql).fetchall()
    add_faults(connection, staged, check.column, check.allowed, [(row, shown(value)) for row, value in found], faults)
    faults.count(count - len(found))


def add_faults(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    column: str | None,
    allowed: str,
    found: Sequence[tuple[int, str]],
    faults: Faults,
) -> None:
    """Add a fault for each (record, found), at the row where a person finds it."""
    if not found:
        return
    rows = staged.rows_of(connection, [record for record, _ in found])
    for record, what in found:
        faults.add(Fault(staged.table.name, staged.file, rows.get(record), column, what, allowed))
