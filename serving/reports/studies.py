"""The characteristics that decide the Cpk, each with its control chart and its values against the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from qm_rules import Grade

if TYPE_CHECKING:
    import pandas as pd

    from features.control_charts import Chart
    from features.tables import Tables

SHOWN = 3
"""So many characteristics are drawn, those that decide first."""


@dataclass(frozen=True, eq=False)
class Study:
    """One characteristic: its row of `features.capability`, its values in time order, its control chart."""

    row: Mapping[str, Any]
    unit: str | None
    values: tuple[float, ...]
    chart: Chart


def studies(
    tables: Tables, grade: Grade, measured: pd.DataFrame, days: tuple[date, date], most: int = SHOWN
) -> tuple[Study, ...]:
    """Return the studies of the graded characteristics that decide: unstable ones, then the lowest Cpk."""
    graded = graded_rows(grade)
    known = measured[measured["characteristic_id"].isin(list(graded)) & (measured["n"] > 1)]
    ordered = known.sort_values(["stable", "cpk", "characteristic_id"], na_position="last")
    rows = ordered.head(most).to_dict("records")
    return tuple(
        _study(tables, grade.enterprise_id, {str(k): v for k, v in row.items()}, days) for row in rows
    )


def graded_rows(grade: Grade) -> dict[str, Mapping[str, Any]]:
    """Return the rows of the evidence that the Cpk is graded on: those marked key, or all."""
    rows = grade.evidence.document.get("capability") or []
    marked = [row for row in rows if row.get("key")]
    return {row["characteristic_id"]: row for row in marked or rows}


def _study(tables: Tables, enterprise_id: str, row: Mapping[str, Any], days: tuple[date, date]) -> Study:
    from features.control_charts import chart
    from features.control_charts.reading import read_characteristic, scope_of

    since, until = days
    scope = scope_of(enterprise_id, since, until)
    readings = read_characteristic(tables, scope, row["characteristic_id"])
    drawn = chart(tables, enterprise_id, row["characteristic_id"], since=since, until=until)
    values = readings.samples.values  # noqa: PD011 - an array of our own
    return Study(row, drawn.unit, tuple(values.tolist()), drawn)
