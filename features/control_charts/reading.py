"""Reads what a chart of one enterprise shows from its records: values, lots, periods, defects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import narwhals as nw
import numpy as np
import pandas as pd

from features.aggregates import Scope
from features.aggregates.measured import READING_ORDER, SUBGROUP, with_subgroups
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE, Rows, total
from features.capability.assess import to_samples
from features.capability.samples import Samples
from features.periods import Frequency, first_day, to_label
from features.tables import Tables

By = Literal["lot", "month", "week", "day"]
BYS: tuple[By, ...] = get_args(By)


class ChartError(ValueError):
    """A chart that cannot be drawn as asked for."""


@dataclass(frozen=True)
class Readings:
    """The values of one characteristic in the order of time, and who they are.

    `rows` (measured_at, subgroup_id, value) has one row per value, in the order of `samples`.
    """

    samples: Samples
    rows: pd.DataFrame
    unit: str | None


@dataclass(frozen=True)
class Lots:
    """What was counted, lot by lot or period by period, in the order of time.

    Columns: label, name, day (its first day), units, nonconforming, defects.
    """

    rows: pd.DataFrame


def read_characteristic(tables: Tables, scope: Scope, characteristic_id: str) -> Readings:
    """Return the values of a characteristic of the one enterprise in scope.

    Raises:
        ChartError: the enterprise has no such characteristic.
    """
    wanted = nw.col("characteristic_id") == characteristic_id
    listed = scope.of_enterprises(tables.table("characteristics")).filter(wanted)
    about = collect_pandas(listed.select(ENTERPRISE, "characteristic_id", "unit"))
    if about.empty:
        raise ChartError(
            f"characteristic: found {characteristic_id!r}; allowed is one of table characteristics "
            f"of enterprise {_named(scope)}"
        )
    values = with_subgroups(scope.timed(tables, "measurements", "measured_at").filter(wanted))
    rows = collect_pandas(
        values.select(ENTERPRISE, "characteristic_id", *SUBGROUP, "measured_at", "piece", "value")
    ).sort_values(list(READING_ORDER), ignore_index=True)
    numbered = to_samples(rows.assign(value=np.arange(len(rows), dtype=np.float64)), about)
    order = np.asarray(numbered.values, dtype=np.int64)
    ordered = rows.iloc[order].reset_index(drop=True)
    unit = about["unit"].iloc[0]
    return Readings(to_samples(rows, about), ordered, None if pd.isna(unit) else str(unit))


def read_first_submissions(
    tables: Tables, scope: Scope, process_id: str, product_id: str | None, by: By
) -> Lots:
    """Return first submissions of a process with their nonconforming units and defects, by lot or period.

    Several products that pass the process are taken together unless one is named.

    Raises:
        ChartError: the enterprise has no such process.
    """
    wanted = nw.col("process_id") == process_id
    if product_id is not None:
        wanted = wanted & (nw.col("product_id") == product_id)
    processes = scope.of_enterprises(tables.table("processes")).filter(wanted)
    if collect_pandas(processes.select("process_id").head(1)).empty:
        named = process_id if product_id is None else f"{process_id} of product {product_id}"
        raise ChartError(
            f"process: found {named!r}; allowed is one of table processes of enterprise {_named(scope)}"
        )
    first = scope.timed(tables, "inspections", "inspected_at").filter(wanted & (nw.col("submission") == 1))
    key = ["product_id", "lot_id"]
    lots = first.group_by(*key).agg(
        day=nw.col("inspected_at").min(),
        t=nw.col("t").min(),
        units=total("submitted"),
        passed=total("passed"),
    )
    defects = scope.of_enterprises(tables.table("defects")).filter(wanted & (nw.col("submission") == 1))
    counted = defects.group_by(*key).agg(defects=total("count"))
    rows = collect_pandas(lots.join(counted, on=key, how="left"))
    rows = rows.assign(
        nonconforming=rows["units"] - rows["passed"], defects=rows["defects"].fillna(0).astype(np.int64)
    )
    return _by_lot(rows) if by == "lot" else _by_period(rows, by)


def read_deliveries(tables: Tables, scope: Scope, product_id: str | None) -> Lots:
    """Return the units delivered and the nonconforming ones by month, of one product or of all."""
    rows = scope.monthly(tables, "deliveries")
    if product_id is not None:
        rows = rows.filter(nw.col("product_id") == product_id)
    monthly = rows.group_by("t").agg(units=total("units"), nonconforming=total("nonconforming"))
    return _by_period(collect_pandas(monthly).assign(defects=0), "month")


def read_defects(tables: Tables, scope: Scope, process_id: str | None) -> dict[str, float]:
    """Return how often each defect was counted at first submissions in scope, by code."""
    rows: Rows = scope.timed(tables, "inspections", "inspected_at").filter(nw.col("submission") == 1)
    key = [ENTERPRISE, "product_id", "process_id", "lot_id", "submission"]
    found = tables.table("defects").join(rows.select(*key), on=key, how="semi")
    if process_id is not None:
        found = found.filter(nw.col("process_id") == process_id)
    sums = collect_pandas(found.group_by("defect_code").agg(count=total("count"))).sort_values("defect_code")
    return {str(code): float(count) for code, count in zip(sums["defect_code"], sums["count"], strict=True)}


def _by_lot(rows: pd.DataFrame) -> Lots:
    rows = rows.sort_values(["day", "product_id", "lot_id"], ignore_index=True)
    label = rows["day"].dt.strftime("%Y-%m-%d %H:%M") if len(rows) else pd.Series([], dtype=object)
    return Lots(rows.assign(label=label, name=rows["lot_id"]))


def _by_period(rows: pd.DataFrame, frequency: Frequency) -> Lots:
    sums = rows.groupby("t", as_index=False)[["units", "nonconforming", "defects"]].sum()
    sums = sums[sums["units"] > 0].sort_values("t", ignore_index=True)
    periods = [int(t) for t in sums["t"]]
    label = [to_label(t, frequency) for t in periods]
    day = pd.to_datetime([first_day(t, frequency) for t in periods])
    return Lots(sums.assign(label=label, name="", day=day))


def scope_of(
    enterprise_id: str, since: date | None, until: date | None, frequency: Frequency = "month"
) -> Scope:
    """Return a scope of one enterprise."""
    return Scope(frequency, until, since, (enterprise_id,))


def known_enterprise(tables: Tables, enterprise_id: str) -> None:
    """Raise `ChartError` if no such enterprise is recorded."""
    rows = tables.table("enterprises").filter(nw.col(ENTERPRISE) == enterprise_id)
    if collect_pandas(rows.select(ENTERPRISE).head(1)).empty:
        raise ChartError(f"enterprise: found {enterprise_id!r}; allowed is an id of table enterprises")


def _named(scope: Scope) -> Any:  # noqa: ANN401 - only shown
    return scope.enterprise_ids[0] if scope.enterprise_ids else "?"
