"""One pass of aggregates for all enterprises, cut into what lies in each enterprise's window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from features.aggregates import Scope
from features.aggregates.first_pass import first_pass
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.aggregates.statements import deliveries, losses, output_values
from features.capability.assess import assess, read_characteristics, read_measurements
from features.evidence.windows import Window, span
from features.periods import to_label
from features.tables import Tables

Record = Mapping[str, Any]
Records = dict[str, list[dict[str, Any]]]
"""Rows by enterprise."""


@dataclass(frozen=True)
class Collected:
    """Aggregates by enterprise, each row within its enterprise's window.

    deliveries and first_pass: rows per month; losses: rows per month and category; output: rows per month;
    capability: one row per characteristic; processes: every listed process; declarations and assessments:
    every row that is not too late for the window.
    """

    deliveries: Records
    first_pass: Records
    losses: Records
    output: Records
    capability: Records
    processes: Records
    declarations: Records
    assessments: Records


def collect_all(tables: Tables, windows: Mapping[str, Window]) -> Collected:
    """Run every aggregate once over the months that any window covers."""
    scope = span(windows)
    monthly = {
        "deliveries": deliveries(tables, scope),
        "first_pass": first_pass(tables, scope),
        "losses": losses(tables, scope),
        "output": output_values(tables, scope),
    }
    parts = {name: _by_enterprise(_inside(collect_pandas(rows), windows)) for name, rows in monthly.items()}
    ends = {enterprise: window.last_day for enterprise, window in windows.items()}
    return Collected(
        **parts,
        capability=_by_enterprise(_capability(tables, scope, windows)),
        processes=_by_enterprise(_of(collect_pandas(tables.table("processes")), windows)),
        declarations=_by_enterprise(_declared(tables, windows)),
        assessments=_by_enterprise(_assessed(tables, ends)),
    )


def _of(rows: pd.DataFrame, windows: Mapping[str, Window]) -> pd.DataFrame:
    return rows[rows[ENTERPRISE].isin(list(windows))]


def _inside(rows: pd.DataFrame, windows: Mapping[str, Window]) -> pd.DataFrame:
    """Keep the rows whose month lies in the window of their enterprise."""
    ends = pd.Series({key: window.end for key, window in windows.items()}, dtype="float64")
    starts = pd.Series({key: window.start for key, window in windows.items()}, dtype="float64")
    month, owner = rows["t"].to_numpy(), rows[ENTERPRISE]
    return rows[(month <= ends.reindex(owner).to_numpy()) & (month >= starts.reindex(owner).to_numpy())]


def _capability(tables: Tables, scope: Scope, windows: Mapping[str, Window]) -> pd.DataFrame:
    measured = _inside(read_measurements(tables, scope), windows)
    listed = _of(read_characteristics(tables, scope), windows).reset_index(drop=True)
    return assess(measured, listed)


def _declared(tables: Tables, windows: Mapping[str, Window]) -> pd.DataFrame:
    rows = _of(collect_pandas(tables.table("declarations")), windows)
    ends = pd.Series({key: to_label(window.end, "month") for key, window in windows.items()}, dtype="str")
    in_force = rows["from_period"].to_numpy(dtype=str) <= ends.reindex(rows[ENTERPRISE]).to_numpy(dtype=str)
    return rows[in_force].sort_values("from_period")


def _assessed(tables: Tables, ends: Mapping[str, date]) -> pd.DataFrame:
    latest = max(ends.values(), default=date.min)
    rows = collect_pandas(tables.table("assessments").filter(nw.col("assessed_on") <= latest))
    return rows[rows[ENTERPRISE].isin(list(ends))]


def _by_enterprise(rows: pd.DataFrame) -> Records:
    found: Records = {}
    for row in rows.to_dict("records"):
        found.setdefault(str(row[ENTERPRISE]), []).append({str(key): value for key, value in row.items()})
    return found
