"""What a call brings against what the store has: new, same, or in conflict."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from features.records import sql
from features.records.columns import SQL, Table, Type
from features.store.hashes import Hashes, as_table, common, of_key, of_row, sorted_hashes
from features.store.ledger import Ranges
from features.store.uniqueness import Distinct

TELLING = (Type.TIME, Type.DATE, Type.PERIOD)


@dataclass(frozen=True)
class Difference:
    """Counts, and selects of the rows that are new and of those in conflict (None: there are none)."""

    new: int
    same: int
    conflict: int
    new_rows: str | None
    conflict_rows: str | None


def ranges_of(table: Table, relation: str, connection: duckdb.DuckDBPyConnection) -> Ranges:
    """Return least and greatest value of the key's owner and times, as text that sorts like the value.

    They tell which stored files a call may meet; the other parts of a key cost more to scan than they tell.
    """
    ranged = [name for name in table.key if name == table.key[0] or table.column(name).type in TELLING]
    parts = ", ".join(f"min({sql.name(name)}), max({sql.name(name)})" for name in ranged)
    row = connection.execute(f"SELECT {parts} FROM ({relation})").fetchall()[0]
    texts = [str(value) for value in row]
    return {name: texts[2 * at : 2 * at + 2] for at, name in enumerate(ranged)}


def overlaps(one: Ranges, other: Ranges) -> bool:
    """Whether rows of both ranges may have a key in common."""
    return all(
        one[name][0] <= other[name][1] and other[name][0] <= one[name][1] for name in one if name in other
    )


def window(table: Table, one: Ranges, stored: Sequence[Ranges]) -> str:
    """Return an SQL condition on times that any key must fulfil to lie in `one` and in one of `stored`."""
    conditions = ["true"]
    for name in one:
        column = table.column(name)
        if column.type in TELLING:
            low = max(one[name][0], min(found[name][0] for found in stored if name in found))
            high = min(one[name][1], max(found[name][1] for found in stored if name in found))
            limits = (f"{sql.literal(text)}::{SQL[column.type]}" for text in (low, high))
            conditions.append(f"{sql.name(name)} BETWEEN {' AND '.join(limits)}")
    return " AND ".join(conditions)


def rows_in_both(table: Table, given: str, stored: str, connection: duckdb.DuckDBPyConnection) -> Hashes:
    """Return the hashes of the whole rows that stand in both selects, each once."""
    one, other = (sorted_hashes(of_row(table), select, connection) for select in (given, stored))
    return common(one, other)


def compare(given: Distinct, stored: str, same: Hashes, connection: duckdb.DuckDBPyConnection) -> Difference:
    """Compare the rows of a call with the `stored` ones whose keys may meet; `same` are the rows in both."""
    table, count = given.table, len(given.keys)
    met = common(given.keys, sorted_hashes(of_key(table), stored, connection))
    if not len(met):
        return Difference(count, 0, 0, given.relation, None)
    as_table(f"known {table.name}", met, connection)
    new_rows = f"SELECT * FROM ({given.relation}) WHERE {of_key(table)} NOT IN (FROM {_name('known', table)})"
    if len(same) == len(met):
        return Difference(count - len(met), len(met), 0, new_rows if count > len(met) else None, None)
    return _exact(given, stored, (new_rows, count - len(met)), same, connection)


def _exact(
    given: Distinct,
    stored: str,
    new: tuple[str, int],
    same: Hashes,
    connection: duckdb.DuckDBPyConnection,
) -> Difference:
    """Look at the keys that meet by hash with other values: they conflict, unless only the hashes meet."""
    table, (new_rows, new_count) = given.table, new
    as_table(f"same {table.name}", same, connection)
    suspects, conflicts = _name("suspect", table), _name("conflict", table)
    known = f"{of_key(table)} IN (FROM {_name('known', table)})"
    connection.execute(
        f"CREATE TEMP TABLE {suspects} AS SELECT * FROM ({given.relation}) "
        f"WHERE {known} AND {of_row(table)} NOT IN (FROM {_name('same', table)})"
    )
    key = sql.names(table.key)
    connection.execute(
        f"CREATE TEMP TABLE {conflicts} AS SELECT * FROM {suspects} SEMI JOIN "
        f"(SELECT {key} FROM ({stored})) USING ({key})"
    )
    apart = f"SELECT * FROM {suspects} ANTI JOIN {conflicts} USING ({key})"
    torn, separate = (
        connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]
        for query in (f"FROM {conflicts}", apart)
    )
    new_count += separate
    return Difference(
        new_count,
        len(given.keys) - new_count - torn,
        torn,
        f"{new_rows} UNION ALL {apart}" if new_count else None,
        f"SELECT * FROM {conflicts}" if torn else None,
    )


def _name(kind: str, table: Table) -> str:
    return sql.name(f"{kind} {table.name}")
