"""Which records an aggregate may read, and the period that each belongs to.

Every aggregate is a Narwhals function of `Tables`: it runs unchanged on DuckDB and on Spark, and nothing in
it looks at a raw record from Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import narwhals as nw

from features.periods import Frequency, index_expr, index_of, month_label_expr
from features.tables import Tables

ENTERPRISE = "enterprise_id"
Rows = nw.LazyFrame[Any]
"""A query that has not run yet, on whatever engine."""


@dataclass(frozen=True)
class Scope:
    """What may be read: enterprises, days from `since` to `until` (both included), and the period length.

    `enterprise_ids` None means every enterprise. A monthly statement is read only if its whole month lies
    within `since` … `until`, and not at all unless `frequency` is `month`.
    """

    frequency: Frequency = "month"
    until: date | None = None
    since: date | None = None
    enterprise_ids: tuple[str, ...] | None = None

    def of_enterprises(self, frame: Rows) -> Rows:
        """Keep the rows of the enterprises in scope."""
        if self.enterprise_ids is not None:
            frame = frame.filter(nw.col(ENTERPRISE).is_in(self.enterprise_ids))
        return frame

    def timed(self, tables: Tables, name: str, moment: str) -> Rows:
        """Rows of a table with a time of day, within the days in scope, with their period index `t`."""
        frame = self.of_enterprises(tables.table(name))
        if self.since is not None:
            frame = frame.filter(nw.col(moment) >= _midnight(self.since))
        if self.until is not None:
            frame = frame.filter(nw.col(moment) < _midnight(self.until + timedelta(days=1)))
        return frame.with_columns(t=index_expr(nw.col(moment), self.frequency))

    def monthly(self, tables: Tables, name: str) -> Rows:
        """Rows of a monthly statement whose whole month is in scope, with their period index `t`."""
        frame = self.of_enterprises(tables.table(name)).with_columns(t=month_label_expr(nw.col("period")))
        if self.frequency != "month":
            return frame.filter(nw.col("t") < 0)
        if self.since is not None:
            frame = frame.filter(nw.col("t") > index_of(self.since - timedelta(days=1), "month"))
        if self.until is not None:
            frame = frame.filter(nw.col("t") < index_of(self.until + timedelta(days=1), "month"))
        return frame


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def total(column: str) -> nw.Expr:
    """Sum of a count column as Int64: engines widen integer sums each in their own way."""
    return nw.col(column).sum().cast(nw.Int64)


def exact_total(column: str) -> nw.Expr:
    """Sum of a count column as a decimal of 38 digits: no sum of 64-bit counts is too large for it."""
    return nw.col(column).cast(nw.Decimal(38, 0)).sum()
