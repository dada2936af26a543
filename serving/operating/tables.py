"""The state database as lines of JSON, the same for SQLite and PostgreSQL: one is restored into the other."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

VERSION_TABLE = "zhuoyue_version"
AT_ONCE = 1_000
NOT_CARRIED = frozenset({"sessions", "sign_in_attempts"})
"""Tables that are restored empty: who was signed in signs in again."""


def reflected(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables as the database has them, those that others refer to first."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Yield the rows of a table, each as a line of JSON: an array in the order of its columns."""
    yield json.dumps([column.name for column in table.columns]).encode() + b"\n"
    if table.name in NOT_CARRIED:
        return
    order = list(table.primary_key.columns)
    query = sa.select(table).order_by(*order).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(query):
        yield json.dumps(list(row), default=_plain, separators=(",", ":")).encode() + b"\n"


def fill(connection: sa.Connection, table: sa.Table, found: Iterable[bytes]) -> int:
    """Put rows into an empty table; return how many."""
    rows = iter(found)
    names = json.loads(next(rows))
    count, some = 0, []
    for line in rows:
        values = dict(zip(names, json.loads(line), strict=True))
        some.append({name: _typed(table.c[name], value) for name, value in values.items()})
        if len(some) == AT_ONCE:
            connection.execute(sa.insert(table), some)
            count, some = count + len(some), []
    if some:
        connection.execute(sa.insert(table), some)
    _count_on(connection, table)
    return count + len(some)


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number the next row after the last one; SQLite looks by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        ask = sa.select(sa.func.pg_get_serial_sequence(table.name, column.name))
        sequence = connection.execute(ask).scalar()
        if sequence is not None:
            last = connection.execute(sa.select(sa.func.max(column))).scalar()
            connection.execute(sa.select(sa.func.setval(sequence, last or 1, last is not None)))


def _plain(value: object) -> Any:  # noqa: ANN401 - what JSON can say
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be backed up")


def _typed(column: sa.Column[Any], value: Any) -> Any:  # noqa: ANN401 - what a column holds
    kind = column.type
    if value is None:
        return sa.null() if isinstance(kind, sa.JSON) else None
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(kind, sa.Boolean) else value
