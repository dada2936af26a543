"""Conflicts told: which key has which other value."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

import duckdb

from features.records import sql
from features.records.reading.faults import Fault, Faults, shown
from features.store.comparing import Difference
from features.store.intake import Incoming, Part

WAY_OUT = "the stored value {}, or --on-conflict replace, which keeps the old value in the journal"


def list_conflicts(
    incoming: Incoming,
    stored: str,
    difference: Difference,
    connection: duckdb.DuckDBPyConnection,
    faults: Faults,
) -> None:
    """Add a fault for each row in conflict, at the first column whose value differs."""
    listed: list[Fault] = []
    for part in incoming.parts:
        room = faults.room - len(listed)
        if room > 0:
            listed.extend(_of_part(part, stored, connection, room))
    faults.extend(listed, difference.conflict)


def _of_part(part: Part, stored: str, connection: duckdb.DuckDBPyConnection, room: int) -> list[Fault]:
    table = part.raw.table
    values = [name for name in table.names if name not in table.key]
    same_key = " AND ".join(f"i.{sql.name(name)} = s.{sql.name(name)}" for name in table.key)
    differs = [f"i.{sql.name(name)} IS DISTINCT FROM s.{sql.name(name)}" for name in values]
    pairs = ", ".join(
        f"CAST(i.{sql.name(name)} AS VARCHAR), CAST(s.{sql.name(name)} AS VARCHAR)" for name in values
    )
    rows = connection.execute(
        f'SELECT i."row number", {pairs} FROM ({part.numbered}) i JOIN ({stored}) s ON {same_key} '
        f"WHERE {' OR '.join(differs)} ORDER BY 1 LIMIT {room}"
    ).fetchall()
    lines = part.raw.lines([row[0] for row in rows]) if rows else {}
    faults = []
    for number, *cells in rows:
        at = next(at for at in range(len(values)) if cells[2 * at] != cells[2 * at + 1])
        found, allowed = shown(cells[2 * at]), WAY_OUT.format(shown(cells[2 * at + 1]))
        faults.append(Fault(table.name, part.raw.label, lines[number], values[at], found, allowed))
    return faults
