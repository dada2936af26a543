"""Rows of one call with the same key: equal ones are one row, different ones are a fault.

Keys are compared by a 64-bit hash first; only rows whose hashes meet are compared exactly.
"""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from features.records import sql
from features.records.columns import Table
from features.records.reading.faults import Fault, Faults
from features.store.hashes import Hashes, as_table, of_key, repeated, sorted_hashes
from features.store.intake import Incoming


@dataclass(frozen=True)
class Distinct:
    """The rows of one call for one table, each key once, and the sorted hashes of the keys."""

    table: Table
    relation: str
    keys: Hashes


ONE_VALUE = "one set of values per key ({}): remove one of the rows"


def unique(incoming: Incoming, connection: duckdb.DuckDBPyConnection, faults: Faults) -> Distinct:
    """Return the rows of `incoming`, each key once; keys with two values become faults."""
    table, every = incoming.table, incoming.relation
    hashes = sorted_hashes(of_key(table), every, connection)
    met = repeated(hashes)
    if not len(met):
        return Distinct(table, every, hashes)
    place = f"met {table.name}"
    as_table(place, met, connection)
    columns, key = sql.names(table.names), sql.names(table.key)
    is_met = f"{of_key(table)} IN (SELECT h FROM {sql.name(place)})"
    distinct = f"SELECT DISTINCT {columns} FROM ({every}) WHERE {is_met}"
    torn = f"SELECT {key} FROM ({distinct}) GROUP BY {key} HAVING count(*) > 1"
    total = connection.execute(f"SELECT count(*) FROM ({torn})").fetchall()[0][0]
    if total:
        faults.extend(_listed(incoming, torn, connection, faults.room), total)
    once = f"SELECT {columns} FROM ({every}) WHERE NOT ({is_met}) UNION ALL {distinct}"
    return Distinct(table, once, sorted_hashes(of_key(table), once, connection))


def _listed(incoming: Incoming, torn: str, connection: duckdb.DuckDBPyConnection, room: int) -> list[Fault]:
    """List, per key, where its rows stand."""
    table, key = incoming.table, sql.names(incoming.table.key)
    numbered = " UNION ALL ".join(
        f'SELECT {key}, {at} AS part, "row number" AS n FROM ({part.numbered}) '
        f"WHERE ({key}) IN (SELECT ({key}) FROM ({torn}))"
        for at, part in enumerate(incoming.parts)
    )
    shown = ", ', ', ".join(f"CAST({sql.name(item)} AS VARCHAR)" for item in table.key)
    rows = connection.execute(
        f"SELECT concat({shown}), list([part, n] ORDER BY part, n)[:2] FROM ({numbered}) "
        f"GROUP BY {key} ORDER BY min([part, n]) LIMIT {room}"
    ).fetchall()
    allowed = ONE_VALUE.format(", ".join(table.key))
    faults = []
    for text, ((part, first), (other_part, other)) in rows:
        raw, other_raw = incoming.parts[part].raw, incoming.parts[other_part].raw
        line, other_line = raw.lines([first])[first], other_raw.lines([other])[other]
        where = f"row {other_line}" + ("" if raw is other_raw else f" of {other_raw.label}")
        found = f"key '{text}' again with other values in {where}"
        faults.append(Fault(table.name, raw.label, line, table.key[-1], found, allowed, first))
    return faults
