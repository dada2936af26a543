"""Conflicts told: which key has which other values."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from features.records import sql
from features.records.reading.faults import Fault, Faults, shown
from features.store.comparing import Difference
from features.store.intake import Incoming, Part

WAY_OUT = "the stored value {}, or --on-conflict replace, which keeps the old value in the journal"


class Changed(NamedTuple):
    """One column of a row in conflict, as text: what is stored and what is brought (None: nothing)."""

    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Conflict:
    """A row whose key is stored with other values; `row` and `number` as in `Fault`."""

    table: str
    source: str
    row: int
    number: int
    key: tuple[tuple[str, str], ...]
    changes: tuple[Changed, ...]

    @property
    def fault(self) -> Fault:
        """This as a fault, at the first column whose value differs."""
        first = self.changes[0]
        allowed = WAY_OUT.format(shown(first.old))
        return Fault(self.table, self.source, self.row, first.column, shown(first.new), allowed, self.number)


def list_conflicts(
    incoming: Incoming,
    stored: str,
    difference: Difference,
    connection: duckdb.DuckDBPyConnection,
    faults: Faults,
) -> list[Conflict]:
    """Return the rows in conflict, as many as may be listed, and add a fault for each."""
    listed: list[Conflict] = []
    for part in incoming.parts:
        room = faults.room - len(listed)
        if room > 0:
            listed.extend(_of_part(part, stored, connection, room))
    faults.extend([conflict.fault for conflict in listed], difference.conflict)
    return listed


def _of_part(part: Part, stored: str, connection: duckdb.DuckDBPyConnection, room: int) -> list[Conflict]:
    table = part.raw.table
    values = [name for name in table.names if name not in table.key]
    same_key = " AND ".join(f"i.{sql.name(name)} = s.{sql.name(name)}" for name in table.key)
    differs = [f"i.{sql.name(name)} IS DISTINCT FROM s.{sql.name(name)}" for name in values]
    keys = ", ".join(f"CAST(i.{sql.name(name)} AS VARCHAR)" for name in table.key)
    pairs = ", ".join(
        f"CAST(s.{sql.name(name)} AS VARCHAR), CAST(i.{sql.name(name)} AS VARCHAR)" for name in values
    )
    rows = connection.execute(
        f'SELECT i."row number", {keys}, {pairs} FROM ({part.numbered}) i JOIN ({stored}) s ON {same_key} '
        f"WHERE {' OR '.join(differs)} ORDER BY 1 LIMIT {room}"
    ).fetchall()
    lines = part.raw.lines([row[0] for row in rows]) if rows else {}
    return [_conflict(part, lines[number], number, cells) for number, *cells in rows]


def _conflict(part: Part, line: int, number: int, cells: list[str | None]) -> Conflict:
    table = part.raw.table
    key = tuple((name, str(cell)) for name, cell in zip(table.key, cells, strict=False))
    values = [name for name in table.names if name not in table.key]
    texts = cells[len(table.key) :]
    pairs = zip(values, texts[::2], texts[1::2], strict=True)
    changes = tuple(Changed(name, old, new) for name, old, new in pairs if old != new)
    return Conflict(table.name, part.raw.label, line, number, key, changes)
