"""The last twelve known months of each enterprise, as sums: what the official window is rebuilt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.aggregates import Scope
from features.aggregates.first_pass import UNLISTED, first_pass
from features.aggregates.measured import characteristic_periods
from features.aggregates.resident import collect_pandas
from features.aggregates.statements import deliveries, family_losses, losses, output_values
from features.periods import first_day, last_day
from features.tables import Tables

MONTHS = 12
Array = NDArray[np.float64]
CHARACTERISTIC = ["enterprise_id", "characteristic_id"]


@dataclass
class Known:
    """One enterprise's last twelve months, the latest in the last column; NaN where nothing is stated.

    units, bad, output: 12. losses by family (`internal`, `external`): 12. `submitted`, `passed`: stages ×
    12 with `product` the stage's product and `first` whether it is the product's first stage. `n`, `mean`,
    `sd`, `df`: graded characteristics × 12, with `lsl` and `usl`.
    """

    units: Array = field(default_factory=lambda: np.full(MONTHS, np.nan))
    bad: Array = field(default_factory=lambda: np.full(MONTHS, np.nan))
    output: Array = field(default_factory=lambda: np.full(MONTHS, np.nan))
    losses: dict[str, Array] = field(default_factory=dict)
    submitted: Array = field(default_factory=lambda: np.empty((0, MONTHS)))
    passed: Array = field(default_factory=lambda: np.empty((0, MONTHS)))
    product: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    first: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    n: Array = field(default_factory=lambda: np.empty((0, MONTHS)))
    mean: Array = field(default_factory=lambda: np.empty((0, MONTHS)))
    sd: Array = field(default_factory=lambda: np.empty((0, MONTHS)))
    df: Array = field(default_factory=lambda: np.empty((0, MONTHS)))
    lsl: Array = field(default_factory=lambda: np.empty(0))
    usl: Array = field(default_factory=lambda: np.empty(0))


def known_months(tables: Tables, ends: dict[str, int]) -> dict[str, Known]:
    """Collect the twelve months up to each enterprise's month index `ends`."""
    if not ends:
        return {}
    since, until = min(ends.values()) - MONTHS + 1, max(ends.values())
    scope = Scope("month", last_day(until, "month"), first_day(since, "month"), tuple(sorted(ends)))
    known = {enterprise: Known() for enterprise in ends}
    _deliveries(tables, scope, ends, known)
    _money(tables, scope, ends, known)
    _yields(tables, scope, ends, known)
    _capability(tables, scope, ends, known)
    return known


def _inside(rows: pd.DataFrame, ends: dict[str, int]) -> pd.DataFrame:
    """Keep the rows of each enterprise's own twelve months, with their column 0…11."""
    column = rows["t"].to_numpy() - rows["enterprise_id"].map(ends).to_numpy() + MONTHS - 1
    rows = rows.assign(column=column)
    return rows[(column >= 0) & (column < MONTHS)]


def _spread(rows: pd.DataFrame, name: str) -> Array:
    """A row's values over its twelve columns."""
    out = np.full(MONTHS, np.nan)
    for column, value in zip(rows["column"], rows[name].astype(float), strict=True):
        out[int(column)] = value if np.isnan(out[int(column)]) else out[int(column)] + value
    return out


def _deliveries(tables: Tables, scope: Scope, ends: dict[str, int], known: dict[str, Known]) -> None:
    rows = _inside(collect_pandas(deliveries(tables, scope)), ends)
    for enterprise, own in rows.groupby("enterprise_id"):
        known[str(enterprise)].units = _spread(own, "units")
        known[str(enterprise)].bad = _spread(own, "nonconforming")


def _money(tables: Tables, scope: Scope, ends: dict[str, int], known: dict[str, Known]) -> None:
    as_float = nw.col("amount").cast(nw.Float64)
    output = _inside(collect_pandas(output_values(tables, scope).with_columns(amount=as_float)), ends)
    for enterprise, own in output.groupby("enterprise_id"):
        known[str(enterprise)].output = _spread(own, "amount")
    lost = family_losses(losses(tables, scope)).with_columns(amount=as_float)
    for key, own in _inside(collect_pandas(lost), ends).groupby(["enterprise_id", "family"]):
        known[str(key[0])].losses[str(key[1])] = _spread(own, "amount")


def _yields(tables: Tables, scope: Scope, ends: dict[str, int], known: dict[str, Known]) -> None:
    rows = _inside(collect_pandas(first_pass(tables, scope)), ends)
    # Equal seq: parallel, pooled. A process that nobody listed is a stage of its own, after all others.
    unlisted = rows["seq"].isna()
    stage = rows["seq"].astype("Float64").fillna(UNLISTED).astype(str)
    rows = rows.assign(
        stage=stage.where(~unlisted, stage + rows["process_id"]), order=rows["seq"].fillna(UNLISTED)
    )
    for enterprise, own in rows.groupby("enterprise_id"):
        _stages(own, known[str(enterprise)])


def _stages(rows: pd.DataFrame, known: Known) -> None:
    first = rows.groupby("product_id")["order"].transform("min")
    product, _ = pd.factorize(rows["product_id"], sort=True)
    rows = rows.assign(first=rows["order"] == first, product=product)
    stages = [own for _, own in rows.groupby(["product_id", "stage"])]
    known.submitted = np.stack([_spread(own, "submitted") for own in stages])
    known.passed = np.stack([_spread(own, "passed") for own in stages])
    known.product = np.array([own["product"].iloc[0] for own in stages], dtype=np.int64)
    known.first = np.array([own["first"].iloc[0] for own in stages], dtype=np.bool_)


def _capability(tables: Tables, scope: Scope, ends: dict[str, int], known: dict[str, Known]) -> None:
    rows = _inside(collect_pandas(characteristic_periods(tables, scope)), ends)
    limits = collect_pandas(
        scope.of_enterprises(tables.table("characteristics")).select(*CHARACTERISTIC, "lsl", "usl", "key")
    )
    marked = limits["key"].eq(True)
    graded = limits[marked | ~marked.groupby(limits["enterprise_id"]).transform("any")]
    rows = rows.merge(graded, on=CHARACTERISTIC)
    for enterprise, own in rows.groupby("enterprise_id"):
        _characteristics([part for _, part in own.groupby("characteristic_id")], known[str(enterprise)])


def _characteristics(parts: Sequence[pd.DataFrame], known: Known) -> None:
    known.n, known.mean = (np.stack([_spread(part, c) for part in parts]) for c in ("n", "mean"))
    known.sd, known.df = (np.stack([_spread(part, c) for part in parts]) for c in ("sd_within", "df_within"))
    limits = [part[["lsl", "usl"]].iloc[0].to_numpy(np.float64, na_value=np.nan) for part in parts]
    known.lsl, known.usl = np.array(limits).T
