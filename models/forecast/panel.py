"""The model table as arrays: one panel per frequency and scope (enterprises, or their products)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.forecast.links import Array, clip_yield, sample_sizes
from models.results import HORIZONS, PRODUCT_TARGETS, TARGETS

Scope = Literal["enterprise", "product"]
SCOPES: tuple[Scope, ...] = ("enterprise", "product")
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Rows (entity × period) of one frequency and scope, sorted by entity and time.

    `raw` is n × p natural-unit features named `names`; `actual` the targets in their unit; `scored` the
    same with yields clipped to what their sample size `submitted` can show (what links are applied to), and
    the yields of the route's steps, `process.<step>`.
    """

    frequency: str
    scope: Scope
    keys: pd.DataFrame
    entity: Index
    t: Index
    names: tuple[str, ...]
    raw: Array
    actual: dict[str, Array]
    scored: dict[str, Array]
    submitted: Array

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets that this scope can have."""
        return PRODUCT_TARGETS if self.scope == "product" else TARGETS

    def column(self, name: str) -> Array:
        """One raw feature; all NaN where the table does not have it."""
        if name in self.names:
            return self.raw[:, self.names.index(name)]
        return np.full(len(self.t), np.nan)

    def future(self, values: Array) -> Array:
        """n × 12: `values` of the same entity 1…12 periods later, NaN beyond its last period."""
        out = np.full((len(values), HORIZONS), np.nan)
        for h in range(1, HORIZONS + 1):
            same = (self.entity[h:] == self.entity[:-h]) & (self.t[h:] - self.t[:-h] == h)
            out[: len(values) - h, h - 1][same] = values[h:][same]
        return out

    def take(self, rows: Index | Mask) -> Panel:
        """A panel of some of the rows."""
        return Panel(
            self.frequency,
            self.scope,
            self.keys[rows] if rows.dtype == bool else self.keys.iloc[rows],
            self.entity[rows],
            self.t[rows],
            self.names,
            self.raw[rows],
            {k: v[rows] for k, v in self.actual.items()},
            {k: v[rows] for k, v in self.scored.items()},
            self.submitted[rows],
        )


def panels(frame: pd.DataFrame, features: tuple[str, ...]) -> Iterator[Panel]:
    """Split a model table into its panels, in a fixed order."""
    for frequency in sorted(frame["frequency"].unique()):
        for scope in SCOPES:
            mine = (frame["frequency"] == frequency) & ((frame["product_id"] != "") == (scope == "product"))
            if mine.any():  # no name holds the copy, so that it is gone once its arrays are made
                yield panel(frame[mine], features, str(frequency), scope)


def panel(rows: pd.DataFrame, features: tuple[str, ...], frequency: str, scope: Scope) -> Panel:
    """Arrays of the given rows, with each target's mean over all known history added as `<target>.mean`."""
    rows = rows.sort_values(["enterprise_id", "product_id", "t"], kind="stable")
    keys = rows[["enterprise_id", "product_id", "period", "t"]].reset_index(drop=True)
    entity = keys.groupby(["enterprise_id", "product_id"], sort=False).ngroup().to_numpy().astype(np.int64)
    actual: dict[str, Array] = {y: _numbers(rows, y) for y in TARGETS}
    names, raw = _features(rows, features, entity, actual)
    submitted = sample_sizes(_numbers(rows, "q.submitted"))
    _clip_yields(names, raw, submitted)
    scored = dict(actual)
    scored["ftq"] = clip_yield(actual["ftq"], submitted)
    scored |= {q[2:]: _numbers(rows, q) for q in map(str, rows.columns) if q.startswith("q.process.")}
    t = keys["t"].to_numpy(np.int64)
    return Panel(frequency, scope, keys, entity, t, names, raw, actual, scored, submitted)


def _numbers(rows: pd.DataFrame, name: str) -> Array:
    if name not in rows:
        return np.full(len(rows), np.nan)
    return rows[name].to_numpy(np.float64, na_value=np.nan)


def _features(
    rows: pd.DataFrame, features: tuple[str, ...], entity: Index, actual: dict[str, Array]
) -> tuple[tuple[str, ...], Array]:
    columns = {name: _numbers(rows, name) for name in features}
    for y, values in actual.items():
        if f"{y}.mean" not in columns:
            columns[f"{y}.mean"] = _all_history(rows, y, values, entity)
    return tuple(columns), np.column_stack(list(columns.values()))


def _all_history(rows: pd.DataFrame, target: str, values: Array, entity: Index) -> Array:
    """Mean over all history where the rows hold it; the mean of twelve periods where they were cut off."""
    mean, count = expanding_mean(values, entity)
    if f"{target}.known" not in rows:
        return mean
    cut = count < _numbers(rows, f"{target}.known")
    return np.where(cut, _numbers(rows, f"{target}.mean12"), mean)


def expanding_mean(values: Array, entity: Index) -> tuple[Array, Array]:
    """Mean and count of an entity's known values up to and including each row (rows sorted by entity)."""
    known = np.isfinite(values)
    total, count = np.cumsum(np.where(known, values, 0.0)), np.cumsum(known).astype(np.float64)
    first = np.append(True, entity[1:] != entity[:-1])
    start = np.flatnonzero(first)[np.cumsum(first) - 1]
    own_total = total - np.where(start > 0, total[start - 1], 0.0)
    own_count = count - np.where(start > 0, count[start - 1], 0.0)
    mean: Array = np.divide(own_total, own_count, out=np.full(len(values), np.nan), where=own_count > 0)
    return mean, own_count


def _clip_yields(names: tuple[str, ...], raw: Array, submitted: Array) -> None:
    # A run of perfect months would be −∞ on the model scale; n units cannot show more than ½ in n + 1.
    for j, name in enumerate(names):
        if name.startswith("ftq.") and not name.endswith(".known"):
            raw[:, j] = clip_yield(raw[:, j], submitted)
