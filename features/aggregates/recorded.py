"""In which periods an enterprise has any record of its statistics at all."""

from __future__ import annotations

import narwhals as nw

from features.aggregates.scope import ENTERPRISE, Rows, Scope
from features.tables import Tables

MOMENTS = (("inspections", "inspected_at"), ("measurements", "measured_at"), ("process_data", "observed_at"))
STATEMENTS = ("deliveries", "quality_costs", "output_values")


def recorded_periods(tables: Tables, scope: Scope) -> Rows:
    """Return the (enterprise, t) with any record; `stated` is 1 with a monthly statement among them."""
    timed = [_with_flag(scope.timed(tables, name, moment), 0) for name, moment in MOMENTS]
    stated = [_with_flag(scope.monthly(tables, name), 1) for name in STATEMENTS]
    return nw.concat([*timed, *stated]).group_by(ENTERPRISE, "t").agg(nw.col("stated").max())


def _with_flag(rows: Rows, flag: int) -> Rows:
    return rows.select(ENTERPRISE, "t").unique().with_columns(stated=nw.lit(flag, dtype=nw.Int64))


def latest_moments(tables: Tables, scope: Scope) -> Rows:
    """Return the time `at` of every enterprise's latest record that has a time of day."""
    latest = [
        scope.timed(tables, name, moment).group_by(ENTERPRISE).agg(at=nw.col(moment).max())
        for name, moment in MOMENTS
    ]
    return nw.concat(latest).group_by(ENTERPRISE).agg(nw.col("at").max())
