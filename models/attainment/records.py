"""Monthly sums of all enterprises from their records, read once and cut into any windows of twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from features.aggregates import Scope
from features.aggregates.first_pass import UNLISTED, first_pass
from features.aggregates.measured import characteristic_periods
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.aggregates.statements import deliveries, family_losses, losses, output_values
from features.periods import first_day, last_day
from features.tables import Tables
from models.attainment.known import MONTHS, Array, Characteristics, Index, Known, Stages

CHARACTERISTIC = [ENTERPRISE, "characteristic_id"]
MEASURED = ("n", "mean", "sd_within", "df_within")


@dataclass(frozen=True)
class Routes:
    """Stages of all enterprises, sorted by enterprise and product: S × T first submissions and passes."""

    owner: Index
    product: Index
    order: Array
    submitted: Array
    passed: Array


@dataclass(frozen=True)
class Measured:
    """Graded characteristics of all enterprises, sorted by enterprise; `monthly` has four C × T arrays."""

    owner: Index
    lsl: Array
    usl: Array
    monthly: tuple[Array, ...]


@dataclass(frozen=True)
class MonthlyRecords:
    """Sums of E enterprises over T months from month index `first` on; `stated` has five E × T arrays (units,
    bad, output, internal, external).
    """

    enterprise_ids: tuple[str, ...]
    first: int
    stated: tuple[Array, ...]
    routes: Routes
    measured: Measured

    def windows(self, enterprise_ids: Sequence[str], ends: Index) -> Known:
        """The twelve months up to each month index `ends` (R) of the given enterprises (R)."""
        numbers = {name: number for number, name in enumerate(self.enterprise_ids)}
        owner = np.array([numbers[name] for name in enterprise_ids], dtype=np.int64)
        columns = ends[:, None] - self.first + np.arange(1 - MONTHS, 1)
        units, bad, output, internal, external = (_cut(values, owner, columns) for values in self.stated)
        stages, characteristics = self._stages(owner, columns), self._characteristics(owner, columns)
        return Known(units, bad, output, internal, external, stages, characteristics)

    def _stages(self, owner: Index, columns: Index) -> Stages:
        row, own = _members(self.routes.owner, owner)
        submitted = _cut(self.routes.submitted, own, columns[row])
        kept = np.isfinite(submitted).any(axis=1)
        row, own, submitted = row[kept], own[kept], submitted[kept]
        product, order = self.routes.product[own], self.routes.order[own]
        earliest = pd.Series(order).groupby([row, product]).transform("min").to_numpy()
        passed = _cut(self.routes.passed, own, columns[row])
        return Stages(row, product, np.asarray(order == earliest), submitted, passed)

    def _characteristics(self, owner: Index, columns: Index) -> Characteristics:
        row, own = _members(self.measured.owner, owner)
        monthly = [_cut(values, own, columns[row]) for values in self.measured.monthly]
        kept = np.isfinite(monthly[0]).any(axis=1)
        limits = self.measured.lsl[own][kept], self.measured.usl[own][kept]
        return Characteristics(row[kept], *limits, *(values[kept] for values in monthly))


def monthly_records(tables: Tables, enterprise_ids: Sequence[str], since: int, until: int) -> MonthlyRecords:
    """Read the months `since` … `until` (month indices) of the given enterprises."""
    ids = tuple(sorted(enterprise_ids))
    scope = Scope("month", last_day(until, "month"), first_day(since, "month"), ids)
    frame = _Frame(ids, since, until - since + 1)
    return MonthlyRecords(
        ids,
        since,
        _stated(tables, scope, frame),
        _routes(tables, scope, frame),
        _measured(tables, scope, frame),
    )


@dataclass(frozen=True)
class _Frame:
    """Where a record's value stands: its enterprise's number and its month's column."""

    ids: tuple[str, ...]
    first: int
    months: int

    def numbers(self, rows: pd.DataFrame) -> Index:
        """Numbers of the rows' enterprises."""
        return np.asarray(pd.Index(self.ids).get_indexer(pd.Index(rows[ENTERPRISE])), dtype=np.int64)

    def dense(self, rows: pd.DataFrame, line: Index, lines: int, name: str) -> Array:
        """lines × T sums of a column; NaN where there is no row."""
        at = line * self.months + rows["t"].to_numpy(np.int64) - self.first
        size = lines * self.months
        values = rows[name].to_numpy(np.float64, na_value=np.nan)
        total = np.bincount(at, values, minlength=size).astype(np.float64)  # of no rows it counts in integers
        total[np.bincount(at, minlength=size) == 0] = np.nan
        return np.asarray(total.reshape(lines, self.months))


def _stated(tables: Tables, scope: Scope, frame: _Frame) -> tuple[Array, ...]:
    amount = nw.col("amount").cast(nw.Float64)
    delivered = collect_pandas(deliveries(tables, scope))
    output = collect_pandas(output_values(tables, scope).with_columns(amount=amount))
    lost = collect_pandas(family_losses(losses(tables, scope)).with_columns(amount=amount))
    parts = [(delivered, "units"), (delivered, "nonconforming"), (output, "amount")]
    parts += [(lost[lost["family"].eq(family)], "amount") for family in ("internal", "external")]
    return tuple(frame.dense(rows, frame.numbers(rows), len(frame.ids), name) for rows, name in parts)


def _routes(tables: Tables, scope: Scope, frame: _Frame) -> Routes:
    rows = collect_pandas(first_pass(tables, scope))
    # Equal seq: parallel, pooled. A process that nobody listed is a stage of its own, after all others.
    listed = rows["seq"].notna()
    rows = rows.assign(
        owner=frame.numbers(rows),
        order=rows["seq"].astype("Float64").fillna(UNLISTED).astype("float64"),
        alone=rows["process_id"].where(~listed, ""),
    )
    stage = rows.groupby(["owner", "product_id", "order", "alone"])
    line = np.asarray(stage.ngroup(), dtype=np.int64)
    named = stage.size().index.to_frame(index=False)
    product = np.asarray(named.groupby(["owner", "product_id"]).ngroup(), dtype=np.int64)
    sums = [frame.dense(rows, line, len(named), name) for name in ("submitted", "passed")]
    return Routes(named["owner"].to_numpy(np.int64), product, named["order"].to_numpy(np.float64), *sums)


def _measured(tables: Tables, scope: Scope, frame: _Frame) -> Measured:
    rows = collect_pandas(characteristic_periods(tables, scope))
    graded = _graded(tables, scope)
    graded = graded.assign(owner=frame.numbers(graded)).sort_values(["owner", "characteristic_id"])
    graded = graded.reset_index(drop=True)
    rows = rows.merge(graded[CHARACTERISTIC].assign(line=graded.index), on=CHARACTERISTIC)
    line = rows["line"].to_numpy(np.int64)
    monthly = tuple(frame.dense(rows, line, len(graded), name) for name in MEASURED)
    lsl, usl = (graded[name].to_numpy(np.float64, na_value=np.nan) for name in ("lsl", "usl"))
    return Measured(graded["owner"].to_numpy(np.int64), lsl, usl, monthly)


def _graded(tables: Tables, scope: Scope) -> pd.DataFrame:
    """The key characteristics, all where an enterprise marks none (OFFICIAL_GRADE item 10)."""
    listed = scope.of_enterprises(tables.table("characteristics"))
    limits = collect_pandas(listed.select(*CHARACTERISTIC, "lsl", "usl", "key"))
    marked = limits["key"].eq(True)
    kept: pd.DataFrame = limits[marked | ~marked.groupby(limits[ENTERPRISE]).transform("any")]
    return kept


def _members(owner: Index, wanted: Index) -> tuple[Index, Index]:
    """For lines of a rising `owner`: the position in `wanted` and the line, of every line wanted."""
    start, stop = np.searchsorted(owner, wanted), np.searchsorted(owner, wanted, side="right")
    count = stop - start
    row = np.repeat(np.arange(len(wanted)), count)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(count) - count - start, count)


def _cut(values: Array, line: Index, columns: Index) -> Array:
    """Columns of each line, NaN outside."""
    inside = (columns >= 0) & (columns < values.shape[1])
    found = values[line[:, None], np.where(inside, columns, 0)]
    return np.asarray(np.where(inside, found, np.nan), dtype=np.float64)
