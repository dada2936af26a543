"""In which periods an enterprise has any record of its statistics at all."""

from __future__ import annotations

import narwhals as nw

from features.aggregates.scope import ENTERPRISE, Rows, Scope
from features.tables import Tables

MOMENTS = (("inspections", "inspected_at"), ("measurements", "measured_at"), ("process_data", "observed_at"))
STATEMENTS = ("deliveries", "quality_costs", "output_values")


def recorded_moments(tables: Tables, scope: Scope) -> Rows:
    """Return the latest time `at` of a record with a time of day, by (enterprise, t) that has any."""
    latest = [_latest(scope.timed(tables, name, moment), moment, "t") for name, moment in MOMENTS]
    return nw.concat(latest).group_by(ENTERPRISE, "t").agg(nw.col("at").max())


def stated_months(tables: Tables, scope: Scope) -> Rows:
    """Return the (enterprise, t) with any monthly statement."""
    return nw.concat([scope.monthly(tables, name).select(ENTERPRISE, "t") for name in STATEMENTS]).unique()


def latest_moments(tables: Tables, scope: Scope) -> Rows:
    """Return the time `at` of every enterprise's latest record that has a time of day."""
    latest = [_latest(scope.timed(tables, name, moment), moment) for name, moment in MOMENTS]
    return nw.concat(latest).group_by(ENTERPRISE).agg(nw.col("at").max())


def _latest(rows: Rows, moment: str, *keys: str) -> Rows:
    return rows.group_by(ENTERPRISE, *keys).agg(at=nw.col(moment).max())
