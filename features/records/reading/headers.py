"""Headers to columns: English or Chinese names, free order, nothing unknown."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence

from features.records.columns import Table
from features.records.reading.faults import Fault, Faults, shown
from features.records.schema import TABLES

OWN = "x_"
"""Columns that begin so are the user's own: accepted, and left in the file."""


def resolve(
    table: Table, source: str, row: int | None, headers: Sequence[str], faults: Faults
) -> dict[str, int]:
    """Return the position of each column of `table` that `headers` names, in English or Chinese.

    Unknown, doubled and missing required columns become faults; `row` is where the headers stand.
    """
    aliases = {alias: column.name for column in table.columns for alias in (column.name, column.zh)}
    cleaned = [header.strip() for header in headers]
    positions = {
        aliases[text]: index for index, text in reversed(list(enumerate(cleaned))) if text in aliases
    }
    doubled = [
        text for text, count in Counter(aliases.get(text, text) for text in cleaned).items() if count > 1
    ]
    unknown = [text for text in cleaned if text not in aliases and not text.startswith(OWN)]
    missing = [column.name for column in table.columns if column.required and column.name not in positions]
    before = faults.total
    if not cleaned or cleaned == [""]:
        faults.add(
            Fault(table.name, source, row, None, "no header", f"a header with {', '.join(table.names)}")
        )
        return positions
    if (unknown or missing) and (other := looks_like(table, cleaned)):
        allowed = f"the columns of {table.name}; if this is {other.name}, name the file or sheet {other.name}"
        faults.add(Fault(table.name, source, row, None, f"the columns of table {other.name}", allowed))
        return positions
    for text in doubled:
        faults.add(Fault(table.name, source, row, text or None, "the column twice", "each column once"))
    for text in unknown:
        column = None if _separated(cleaned) else text or None
        faults.add(Fault(table.name, source, row, column, _found(text, cleaned), _allowed(text, table)))
    for text in missing:
        alias = table.column(text).zh
        allowed = f"a column {text} (or {alias}): {table.column(text).allowed}"
        if faults.total == before or not _separated(cleaned):
            faults.add(Fault(table.name, source, row, text, "no such column", allowed))
    return positions


def _separated(headers: list[str]) -> bool:
    return len(headers) == 1 and any(mark in headers[0] for mark in ";\t|")


def _found(text: str, headers: list[str]) -> str:
    if _separated(headers):
        return f"one single column {shown(text)}"
    return f"an unknown column {shown(text)}" if text else "a column without a name"


def _allowed(text: str, table: Table) -> str:
    if any(mark in text for mark in ";\t|"):
        return "columns separated by commas: save the file as CSV (comma-separated)"
    near = difflib.get_close_matches(text, table.names, n=1)
    hint = f"perhaps {near[0]}; " if near else ""
    return f"{hint}{', '.join(table.names)}, their Chinese names, or your own beginning with {OWN}"


def note_own(source: str, headers: Sequence[str], notes: list[str]) -> None:
    """Say which columns of `source` are the user's own: they stay in the file and do not enter the store."""
    own = [header.strip() for header in headers if header.strip().startswith(OWN)]
    if own:
        notes.append(f"{source}: own columns are not stored: {', '.join(own)}")


def looks_like(table: Table, headers: Sequence[str]) -> Table | None:
    """Return the other table whose header this is: all its required columns and nothing unknown to it."""
    given = {header for header in headers if not header.startswith(OWN)}
    fitting = [other for other in TABLES.values() if other.name != table.name and _fits(other, given)]
    return max(fitting, key=lambda other: len(_required(other, given)), default=None)


def _fits(table: Table, given: set[str]) -> bool:
    aliases = {alias for column in table.columns for alias in (column.name, column.zh)}
    return given <= aliases and all(_required(table, given).values())


def _required(table: Table, given: set[str]) -> dict[str, bool]:
    return {
        column.name: bool({column.name, column.zh} & given) for column in table.columns if column.required
    }
