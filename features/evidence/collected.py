"""One pass of aggregates for all enterprises, cut into what lies in each enterprise's window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

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
    Characteristic,
    Declared,
    Delivered,
    Listed,
    Lost,
    Owned,
    Produced,
    Row,
    Submitted,
)
from features.evidence.windows import Window
from features.periods import to_label
from features.tables import Tables

Monthly = TypeVar("Monthly", Delivered, Submitted, Lost, Produced)


class Own(NamedTuple):
    """What one enterprise's window holds.

    deliveries and first_pass: rows per month; losses: rows per month and category; output: rows per month;
    capability: one row per characteristic; processes: every listed process; declarations: every one in
    force at the window's end or before, by date; assessments: every one that may count.
    """

    deliveries: list[Delivered]
    first_pass: list[Submitted]
    losses: list[Lost]
    output: list[Produced]
    capability: list[Characteristic]
    processes: list[Listed]
    declarations: list[Declared]
    assessments: list[Assessed]


@dataclass(frozen=True)
class Collected:
    """The same of all enterprises, over all their windows together."""

    deliveries: Owned[Delivered]
    first_pass: Owned[Submitted]
    losses: Owned[Lost]
    output: Owned[Produced]
    capability: Owned[Characteristic]
    processes: Owned[Listed]
    declarations: Owned[Declared]
    assessments: Owned[Assessed]

    def of(self, enterprise: str, window: Window) -> Own:
        """Return what lies in the window of one enterprise."""
        end = to_label(window.end, "month")
        return Own(
            _inside(self.deliveries.of(enterprise), window),
            _inside(self.first_pass.of(enterprise), window),
            _inside(self.losses.of(enterprise), window),
            _inside(self.output.of(enterprise), window),
            self.capability.of(enterprise),
            self.processes.of(enterprise),
            sorted(row for row in self.declarations.of(enterprise) if row.from_period <= end),
            self.assessments.of(enterprise),
        )


def _inside(rows: list[Monthly], window: Window) -> list[Monthly]:
    return [row for row in rows if window.start <= row.t <= window.end]


def collect_all(tables: Tables, windows: Mapping[str, Window], scope: Scope) -> Collected:
    """Run every aggregate once over `scope`, the months that any window covers."""
    capability = _Capability(tables, scope).of(windows)
    return _collected(tables, scope, list(windows.values()), capability)


def collect_months(
    tables: Tables, windows: Mapping[int, Mapping[str, Window]], scope: Scope
) -> dict[int, Collected]:
    """The same for windows of several months, in one pass: only capabilities are made by window."""
    capability = _Capability(tables, scope)
    every = [window for own in windows.values() for window in own.values()]
    shared = _collected(tables, scope, every, capability.of({}))
    return {month: replace(shared, capability=capability.of(own)) for month, own in windows.items()}


def _collected(
    tables: Tables, scope: Scope, windows: Sequence[Window], capability: Owned[Characteristic]
) -> Collected:
    return Collected(
        deliveries=_owned(deliveries(tables, scope, exact_total), Delivered),
        first_pass=_owned(first_pass(tables, scope, exact_total), Submitted),
        losses=_owned(losses(tables, scope), Lost),
        output=_owned(output_values(tables, scope), Produced),
        capability=capability,
        processes=_owned(scope.of_enterprises(tables.table("processes")), Listed),
        declarations=_owned(scope.of_enterprises(tables.table("declarations")), Declared),
        assessments=read_assessments(
            tables,
            scope,
            since=min(window.oldest_assessment for window in windows),
            until=max(window.last_day for window in windows),
        ),
    )


def _owned(rows: Rows, kind: type[Row]) -> Owned[Row]:
    return Owned(collect(rows.select(ENTERPRISE, *kind._fields)), kind)


class _Capability:
    """Characteristics and measurements in scope, read once."""

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.listed = read_characteristics(tables, scope)
        self.measured = read_measurements(tables, scope)

    def of(self, windows: Mapping[str, Window]) -> Owned[Characteristic]:
        """One row per characteristic of the enterprises that have a window, by what was measured in it."""
        mine = self.listed[self.listed[ENTERPRISE].isin(list(windows))].reset_index(drop=True)
        assessed = assess(_measured(self.measured, windows), mine)
        columns = assessed[[ENTERPRISE, *Characteristic._fields]]
        return Owned(pa.Table.from_pandas(columns, preserve_index=False), Characteristic)


def _measured(rows: pd.DataFrame, windows: Mapping[str, Window]) -> pd.DataFrame:
    """Keep the measurements whose month lies in the window of their enterprise."""
    owner = pd.Index(list(windows), dtype=rows[ENTERPRISE].dtype).get_indexer(pd.Index(rows[ENTERPRISE]))
    ends = np.array([window.end for window in windows.values()] + [-1])[owner]
    starts = np.array([window.start for window in windows.values()] + [0])[owner]
    month = rows["t"].to_numpy()
    inside: pd.DataFrame = rows[(month <= ends) & (month >= starts)]
    return inside
