"""The points of every control chart of every enterprise, laid out end to end with the month of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import digamma

from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE, Scope, total
from features.capability.assess import read_characteristics, read_measurements, to_samples
from features.capability.constants import Floats, Ints
from features.capability.samples import Groups
from features.tables import Tables

ChartKind = Literal["level", "spread", "process", "delivery"]
COUNTED = ("process", "delivery")
LEAST_SPREAD = 0.95
"""Share of subgroups that must show any spread: below it the gauge is too coarse to judge spread by."""


@dataclass(frozen=True)
class Points:
    """Points in the order of time, chart after chart.

    `charts` has a row per chart: enterprise_id, kind, subject (characteristic or process; of a delivery the
    product), product_id. Of each point: `value` (measured charts) or `events` among `size` units (charts of
    counts; NaN elsewhere), the number of its chart, the month index.
    """

    charts: pd.DataFrame
    value: Floats
    events: Floats
    size: Floats
    chart: Ints
    month: Ints

    def between(self, first: int, last: int) -> Points:
        """Return the points of these months; the charts stay."""
        kept = (self.month >= first) & (self.month <= last)
        numbers = (self.value[kept], self.events[kept], self.size[kept])
        return Points(self.charts, *numbers, self.chart[kept], self.month[kept])


def read_points(tables: Tables, scope: Scope) -> Points:
    """Return the points of all charts in scope: X̄ or single values, s of subgroups, first submissions by
    lot, deliveries by month.
    """
    parts = [*_measured(tables, scope), _lots(tables, scope), _deliveries(tables, scope)]
    charts = pd.concat([part.charts for part in parts], ignore_index=True)
    before = np.cumsum([0, *(len(part.charts) for part in parts)])

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts])

    chart = np.concatenate([part.chart + shift for part, shift in zip(parts, before, strict=False)])
    numbers = (joined("value"), joined("events"), joined("size"))
    return Points(charts, *numbers, chart.astype(np.int64), joined("month"))


def newest_months(tables: Tables, enterprise_ids: tuple[str, ...] | None = None) -> dict[str, int]:
    """Return the newest month with an inspection, a measurement or a delivery, by enterprise."""
    scope = Scope("month", None, None, enterprise_ids)
    parts = [
        scope.timed(tables, "inspections", "inspected_at"),
        scope.timed(tables, "measurements", "measured_at"),
        scope.monthly(tables, "deliveries"),
    ]
    found: dict[str, int] = {}
    for part in parts:
        rows = collect_pandas(part.group_by(ENTERPRISE).agg(t=nw.col("t").max()))
        for name, month in zip(rows[ENTERPRISE], rows["t"], strict=True):
            found[str(name)] = max(int(month), found.get(str(name), 0))
    return found


def _measured(tables: Tables, scope: Scope) -> tuple[Points, Points]:
    listed, rows = read_characteristics(tables, scope), read_measurements(tables, scope)
    numbered = to_samples(rows.assign(value=np.arange(len(rows), dtype=np.float64)), listed)
    order = np.asarray(numbered.values, dtype=np.int64)
    samples, month = to_samples(rows, listed), rows["t"].to_numpy(dtype=np.int64)[order]
    units = samples.units
    level = (units.mean - samples.mean[units.characteristic]) * np.sqrt(units.size)
    spread, usable = _spread(units)
    charts = listed.rename(columns={"characteristic_id": "subject"})[[ENTERPRISE, "subject", "product_id"]]
    return (
        _of_values(charts.assign(kind="level"), level, units.characteristic, month[units.start]),
        _of_values(
            charts.assign(kind="spread"),
            spread[usable],
            units.characteristic[usable],
            month[units.start][usable],
        ),
    )


@np.errstate(all="ignore")
def _spread(units: Groups) -> tuple[Floats, np.ndarray]:
    """Return log s² of subgroups, less what a normal sample of that size has on average, and which count."""
    freedom = np.maximum(units.size - 1, 1) / 2
    logs = np.log(units.squares / (2 * freedom)) - digamma(freedom) + np.log(freedom)
    many, some = units.size >= 2, units.squares > 0
    share = units.sums(many & some) / np.maximum(units.sums(many), 1)
    return logs, many & some & (share >= LEAST_SPREAD)[units.characteristic]


def _lots(tables: Tables, scope: Scope) -> Points:
    rows = scope.timed(tables, "inspections", "inspected_at").filter(nw.col("submission") == 1)
    keys = [ENTERPRISE, "product_id", "process_id", "lot_id"]
    lots = rows.group_by(*keys).agg(
        day=nw.col("inspected_at").min(), t=nw.col("t").min(), size=total("submitted"), passed=total("passed")
    )
    frame = collect_pandas(lots).rename(columns={"process_id": "subject"})
    frame = frame.assign(events=frame["size"] - frame["passed"])
    return _of_counts(frame.sort_values([ENTERPRISE, "product_id", "subject", "day", "lot_id"]), "process")


def _deliveries(tables: Tables, scope: Scope) -> Points:
    rows = scope.monthly(tables, "deliveries").filter(nw.col("units") > 0)
    frame = collect_pandas(rows.select(ENTERPRISE, "product_id", "t", "units", "nonconforming"))
    frame = frame.rename(columns={"units": "size", "nonconforming": "events"})
    frame = frame.assign(subject=frame["product_id"]).sort_values([ENTERPRISE, "product_id", "t"])
    return _of_counts(frame, "delivery")


def _of_counts(frame: pd.DataFrame, kind: ChartKind) -> Points:
    keys = [ENTERPRISE, "product_id", "subject"]
    chart = frame.groupby(keys, sort=False).ngroup().to_numpy().astype(np.int64)
    charts = frame[keys].drop_duplicates().reset_index(drop=True).assign(kind=kind)
    events, size = (frame[name].to_numpy(dtype=np.float64) for name in ("events", "size"))
    month = frame["t"].to_numpy().astype(np.int64)
    return Points(charts, np.full(len(frame), np.nan), events, size, chart, month)


def _of_values(charts: pd.DataFrame, value: Floats, chart: Ints, month: Ints) -> Points:
    nothing = np.full(len(value), np.nan)
    return Points(charts, value, nothing, nothing, chart, month)
