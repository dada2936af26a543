"""Ids that rows refer to must stand in the store or in the same call."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Mapping, Set

import duckdb

from features.records import sql
from features.records.columns import Reference
from features.records.reading.faults import Fault, Faults
from features.records.reading.opening import Desk
from features.records.schema import TABLES
from features.store.intake import Incoming


def check_references(incoming: Incoming, known: Mapping[str, str], unread: Set[str], desk: Desk) -> None:
    """Add a fault for each row whose reference finds nothing; `known` holds a select per table.

    A reference of which a part is blank refers to nothing and is fine. References into tables of the call
    that could not be read are left alone: nobody knows what stands there.
    """
    connection, faults = desk.connection, desk.faults
    for reference in incoming.table.references:
        if unread & set(reference.tables):
            continue
        missing = _missing(incoming, reference, known)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE missing AS {missing}")
        if connection.execute("SELECT count(*) FROM missing").fetchall()[0][0]:
            _report(incoming, reference, connection, faults)


def _missing(incoming: Incoming, reference: Reference, known: Mapping[str, str]) -> str:
    columns = sql.names(reference.columns)
    given = " AND ".join(
        f"{sql.name(name)} IS NOT NULL{_not_blank(incoming, name)}" for name in reference.columns
    )
    wanted = f"SELECT DISTINCT {columns} FROM ({incoming.relation}) WHERE {given}"
    targets = " UNION ALL ".join(
        f"SELECT {sql.names(reference.target)} FROM ({known[table]})" for table in reference.tables
    )
    return f"SELECT * FROM ({wanted}) EXCEPT SELECT * FROM ({targets})"


def _not_blank(incoming: Incoming, name: str) -> str:
    return f" AND {sql.name(name)} <> ''" if incoming.table.column(name).blank == "" else ""


def _report(
    incoming: Incoming, reference: Reference, connection: duckdb.DuckDBPyConnection, faults: Faults
) -> None:
    columns = sql.names(reference.columns)
    # The column that tells most is the last one; the others say whose it is.
    column, tables = reference.columns[-1], " or ".join(reference.tables)
    allowed = f"a {reference.target[-1]} that stands in {tables}, in the store or in this call"
    if len(reference.columns) > 1:
        allowed += f" (with the same {', '.join(reference.columns[:-1])})"
    for part in incoming.parts:
        rows = f"FROM ({part.numbered}) WHERE ({columns}) IN (SELECT ({columns}) FROM missing)"
        total = connection.execute(f"SELECT count(*) {rows}").fetchall()[0][0]
        found = connection.execute(
            f'SELECT "row number", {columns} {rows} ORDER BY 1 LIMIT {faults.room}'
        ).fetchall()
        lines = part.raw.lines([row[0] for row in found]) if found else {}
        faults.extend(
            [
                Fault(
                    incoming.table.name,
                    part.raw.label,
                    lines[row[0]],
                    column,
                    _shown(row[1:]),
                    allowed,
                    row[0],
                )
                for row in found
            ],
            total,
        )


def _shown(values: tuple[object, ...]) -> str:
    *owners, last = (f"'{value}'" for value in values)
    return last + (f" of {', '.join(owners)}" if owners else "")


def known_rows(current: Mapping[str, str], incoming: Mapping[str, Incoming]) -> dict[str, str]:
    """Return, per table, a select of the stored rows and those of the call."""
    return {
        name: f"{current[name]} UNION ALL {incoming[name].relation}" if name in incoming else current[name]
        for name in TABLES
    }
