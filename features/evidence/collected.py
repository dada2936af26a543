"""One pass of aggregates for all enterprises, cut into what lies in each enterprise's window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from features.aggregates import Scope
from features.aggregates.first_pass import first_pass
from features.aggregates.resident import collect
from features.aggregates.scope import ENTERPRISE, Rows, exact_total
from features.aggregates.statements import deliveries, losses, output_values
from features.capability.assess import assess, read_characteristics, read_measurements
from features.evidence.assessments import read_assessments
from features.evidence.rows import (
    Assessed,
    ByEnterprise,
    Characteristic,
    Declared,
    Delivered,
    Listed,
    Lost,
    Produced,
    Row,
    Submitted,
    by_enterprise,
)
from features.evidence.windows import Window
from features.periods import to_label
from features.tables import Tables

Monthly = TypeVar("Monthly", Delivered, Submitted, Lost, Produced)


@dataclass(frozen=True)
class Collected:
    """Rows by enterprise, each within its enterprise's window.

    deliveries and first_pass: rows per month; losses: rows per month and category; output: rows per month;
    capability: one row per characteristic; processes: every listed process; declarations: every one in
    force at the window's end or before, by date; assessments: every one that may count.
    """

    deliveries: ByEnterprise[Delivered]
    first_pass: ByEnterprise[Submitted]
    losses: ByEnterprise[Lost]
    output: ByEnterprise[Produced]
    capability: ByEnterprise[Characteristic]
    processes: ByEnterprise[Listed]
    declarations: ByEnterprise[Declared]
    assessments: ByEnterprise[Assessed]


def collect_all(tables: Tables, windows: Mapping[str, Window], scope: Scope) -> Collected:
    """Run every aggregate once over `scope`, the months that any window covers."""
    return Collected(
        deliveries=_monthly(deliveries(tables, scope, exact_total), Delivered, windows),
        first_pass=_monthly(first_pass(tables, scope, exact_total), Submitted, windows),
        losses=_monthly(losses(tables, scope), Lost, windows),
        output=_monthly(output_values(tables, scope), Produced, windows),
        capability=_capability(tables, scope, windows),
        processes=_listed(scope.of_enterprises(tables.table("processes")), Listed, windows),
        declarations=_declared(tables, scope, windows),
        assessments=read_assessments(
            tables,
            scope,
            windows,
            since=min(window.oldest_assessment for window in windows.values()),
            until=max(window.last_day for window in windows.values()),
        ),
    )


def _listed(rows: Rows, kind: type[Row], windows: Mapping[str, Window]) -> ByEnterprise[Row]:
    return by_enterprise(collect(rows.select(ENTERPRISE, *kind._fields)), kind, windows)


def _monthly(rows: Rows, kind: type[Monthly], windows: Mapping[str, Window]) -> ByEnterprise[Monthly]:
    """Keep the rows whose month lies in the window of their enterprise."""
    return {
        enterprise: [row for row in found if row.t in windows[enterprise].months]
        for enterprise, found in _listed(rows, kind, windows).items()
    }


def _declared(tables: Tables, scope: Scope, windows: Mapping[str, Window]) -> ByEnterprise[Declared]:
    found = _listed(scope.of_enterprises(tables.table("declarations")), Declared, windows)
    ends = {enterprise: to_label(window.end, "month") for enterprise, window in windows.items()}
    return {
        enterprise: sorted(row for row in rows if row.from_period <= ends[enterprise])
        for enterprise, rows in found.items()
    }


def _capability(tables: Tables, scope: Scope, windows: Mapping[str, Window]) -> ByEnterprise[Characteristic]:
    listed = read_characteristics(tables, scope)
    listed = listed[listed[ENTERPRISE].isin(list(windows))].reset_index(drop=True)
    assessed = assess(_inside(read_measurements(tables, scope), windows), listed)
    columns = assessed[[ENTERPRISE, *Characteristic._fields]]
    return by_enterprise(pa.Table.from_pandas(columns, preserve_index=False), Characteristic, windows)


def _inside(rows: pd.DataFrame, windows: Mapping[str, Window]) -> pd.DataFrame:
    """Keep the measurements whose month lies in the window of their enterprise."""
    owner = pd.Categorical(rows[ENTERPRISE], categories=list(windows))
    ends = np.array([window.end for window in windows.values()] + [-1])[owner.codes]
    starts = np.array([window.start for window in windows.values()] + [0])[owner.codes]
    month = rows["t"].to_numpy()
    inside: pd.DataFrame = rows[(month <= ends) & (month >= starts)]
    return inside
