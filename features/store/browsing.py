"""Some rows of a table, by what people ask for: filters, an order, a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from features.records.columns import Table, Type
from features.records.schema import TABLES
from features.store.permits import owner_columns
from features.store.store import Store

WHEN = (Type.TIME, Type.DATE, Type.PERIOD)


def time_column(table: Table) -> str | None:
    """Return the column that says when a row of `table` happened, where there is one."""
    return next((column.name for column in table.columns if column.type in WHEN and column.required), None)


def browse(
    store: Store,
    name: str,
    *,
    owners: frozenset[str] | None = None,
    equal: Mapping[str, str] | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """Return rows of the table `name` in order of its key, and how many there are in all.

    `owners` limits to rows that name one of these enterprises; rows of tables that belong to no enterprise
    are for everybody. `equal` holds texts by column. `since` and `until` (inclusive, days or months) limit
    `time_column`; a table without one is not limited.
    """
    table = TABLES[name]
    frame = store.table(name)
    conditions = [nw.col(column) == text for column, text in (equal or {}).items()]
    if owners is not None and (columns := owner_columns(table)):
        mine = [nw.col(column).is_in(sorted(owners)) for column in columns]
        conditions.append(nw.any_horizontal(*mine, ignore_nulls=True))
    conditions += _span(table, since, until)
    if conditions:
        frame = frame.filter(*conditions)
    total = int(frame.select(nw.len()).collect("pyarrow").item())
    page = frame.sort(*table.key).head(offset + limit).collect("pyarrow").to_arrow()
    rows: list[dict[str, Any]] = page.slice(offset).to_pylist()
    return rows, total


def _span(table: Table, since: str | None, until: str | None) -> list[nw.Expr]:
    """Compare as text, which sorts as months, days and times do; the upper bound at its own length."""
    name = time_column(table)
    if name is None:
        return []
    monthly = table.column(name).type is Type.PERIOD
    text = nw.col(name) if monthly else nw.col(name).cast(nw.String())
    low, high = ((bound or "")[: 7 if monthly else 10] for bound in (since, until))
    found = [text >= low] if low else []
    return [*found, text.str.slice(0, len(high)) <= high] if high else found
