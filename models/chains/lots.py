"""Lots that name their supplier: do they fail more often than the customer's other lots of the same kind?"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE, Scope, total
from features.tables import Tables

Z90 = 1.6448536269514722
STRATUM = [ENTERPRISE, "product_id", "process_id", "t"]


class LotContrast(NamedTuple):
    """Lots of one supplier at one customer, and how their share of failures compares.

    `ratio` is the Mantel–Haenszel risk ratio against the customer's other lots of the same product, process
    and month, with its 90 % interval; NaN where there is nothing to compare with.
    """

    lots: int
    submitted: int
    failed: int
    ratio: float
    low: float
    high: float


def lot_contrasts(tables: Tables, since: date, until: date) -> dict[tuple[str, str], LotContrast]:
    """Return by (supplier, customer) what first inspections from `since` to `until` say."""
    rows = _lots(tables, since, until)
    if rows.empty:
        return {}
    whole = rows.groupby(STRATUM, as_index=False)[["submitted", "failed"]].sum()
    named = rows[rows["supplier_id"].fillna("") != ""]
    pairs = named.merge(whole, on=STRATUM, suffixes=("", "_all"))
    return {
        (str(supplier), str(customer)): _contrast(part)
        for (supplier, customer), part in pairs.groupby(["supplier_id", ENTERPRISE])
    }


def _lots(tables: Tables, since: date, until: date) -> pd.DataFrame:
    scope = Scope("month", until, since)
    first = scope.timed(tables, "inspections", "inspected_at").filter(nw.col("submission") == 1)
    sums = first.group_by(*STRATUM, "supplier_id").agg(
        submitted=total("submitted"), passed=total("passed"), lots=nw.col("lot_id").n_unique()
    )
    rows = collect_pandas(sums)
    return rows.assign(failed=rows["submitted"] - rows["passed"])


def _contrast(part: pd.DataFrame) -> LotContrast:
    """Pool strata after Mantel and Haenszel; variance after Greenland and Robins (1985)."""
    a, n1 = (part[name].to_numpy(dtype=np.float64) for name in ("failed", "submitted"))
    c = part["failed_all"].to_numpy(dtype=np.float64) - a
    n0 = part["submitted_all"].to_numpy(dtype=np.float64) - n1
    n = n1 + n0
    here, there = float(np.sum(a * n0 / n)), float(np.sum(c * n1 / n))
    counts = int(part["lots"].sum()), int(n1.sum()), int(a.sum())
    if here <= 0 or there <= 0:
        return LotContrast(*counts, np.nan, np.nan, np.nan)
    spread = float(np.sum((n1 * n0 * (a + c) - a * c * n) / n**2)) / (here * there)
    half = Z90 * float(np.sqrt(max(spread, 0.0)))
    ratio = here / there
    return LotContrast(*counts, ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half)))
