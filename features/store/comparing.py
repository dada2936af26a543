"""What a call brings against what the store has: new, same, or in conflict."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from features.records import sql
from features.records.columns import Table
from features.store.ledger import Ranges, StoredFile
from features.store.uniqueness import key_hash


@dataclass(frozen=True)
class Difference:
    """Counts, and selects of the rows that are new and of those in conflict (None: there are none)."""

    new: int
    same: int
    conflict: int
    new_rows: str | None
    conflict_rows: str | None


def ranges_of(table: Table, relation: str, connection: duckdb.DuckDBPyConnection) -> Ranges:
    """Return least and greatest value of each key column, as text that sorts like the value."""
    parts = ", ".join(f"min({sql.name(name)}), max({sql.name(name)})" for name in table.key)
    row = connection.execute(f"SELECT {parts} FROM ({relation})").fetchall()[0]
    texts = [_sortable(value) for value in row]
    return {name: texts[2 * at : 2 * at + 2] for at, name in enumerate(table.key)}


def _sortable(value: object) -> str:
    return f"{value:020d}" if isinstance(value, int) else str(value)


def overlaps(one: Ranges, other: Ranges) -> bool:
    """Whether rows of both ranges may have a key in common."""
    return all(
        one[name][0] <= other[name][1] and other[name][0] <= one[name][1] for name in one if name in other
    )


def compare(
    table: Table,
    rows: str,
    stored: str,
    candidates: Sequence[StoredFile],
    connection: duckdb.DuckDBPyConnection,
) -> Difference:
    """Compare the unique rows of the select `rows` with those of `stored`.

    `candidates` are the stored files whose keys may meet; without any, all rows are new.
    """
    count = connection.execute(f"SELECT count(*) FROM ({rows})").fetchall()[0][0]
    if not candidates or not count:
        return Difference(count, 0, 0, rows if count else None, None)
    if _same_in_order(table, rows, stored, count, connection):
        return Difference(0, count, 0, None, None)
    matched, differing = _screen(table, rows, stored, connection)
    if matched == count and not differing:
        return Difference(0, count, 0, None, None)
    return _exact(table, rows, stored, count, connection)


def _same_in_order(
    table: Table, rows: str, stored: str, count: int, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether both hold the same rows in the same order: a file that was only written anew."""
    if connection.execute(f"SELECT count(*) FROM ({stored})").fetchall()[0][0] != count:
        return False
    same = " AND ".join(f"i.{sql.name(name)} IS NOT DISTINCT FROM s.{sql.name(name)}" for name in table.names)
    query = f"SELECT 1 FROM ({rows}) i POSITIONAL JOIN ({stored}) s WHERE NOT ({same}) LIMIT 1"
    return not connection.execute(query).fetchall()


def _screen(table: Table, rows: str, stored: str, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Return how many rows meet a stored key, and how many of those differ, by 64-bit hashes of both."""
    whole = f"hash({sql.names(table.names)})"
    pair = f"SELECT {key_hash(table)} AS k, {whole} AS v FROM"
    query = (
        "SELECT count(*), count_if(i.v <> s.v) "
        f"FROM ({pair} ({rows})) i JOIN ({pair} ({stored})) s ON i.k = s.k"
    )
    matched, differing = connection.execute(query).fetchall()[0]
    return matched, differing


def _exact(
    table: Table, rows: str, stored: str, count: int, connection: duckdb.DuckDBPyConnection
) -> Difference:
    same_key = " AND ".join(f"i.{sql.name(name)} = s.{sql.name(name)}" for name in table.key)
    columns = sql.names(table.names, "i.")
    differs = " OR ".join(
        f"i.{sql.name(name)} IS DISTINCT FROM s.{sql.name(name)}"
        for name in table.names
        if name not in table.key
    )
    new_rows = f"SELECT {columns} FROM ({rows}) i ANTI JOIN ({stored}) s ON {same_key}"
    conflicts = f"SELECT {columns} FROM ({rows}) i JOIN ({stored}) s ON {same_key} WHERE {differs or 'false'}"
    new, conflict = (
        connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]
        for query in (new_rows, conflicts)
    )
    return Difference(
        new, count - new - conflict, conflict, new_rows if new else None, conflicts if conflict else None
    )
