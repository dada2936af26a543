"""How an enterprise inspects, measures, counts losses and improves, as far as its records show it."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE, Rows, Scope, total
from features.aggregates.statements import losses
from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES
from features.tables import Tables
from models.practices.process import practice

MONTHS = 12


def recorded_practices(tables: Tables, scope: Scope, since: date) -> pd.DataFrame:
    """Return rows (`models.practices.process.COLUMNS`) over the days in scope, a year as a rule.

    `lot_size` units of a lot's first submission; `reinspected` units submitted again per unit that failed
    first; `supplier_named` share of lots that name a supplier; `defects_coded` defects on record per failing
    unit; `measured` values per characteristic and month; `gauge_known` share of characteristics and
    parameters whose measurement error is known; `loss_inside` share of losses found before delivery;
    `loss_categories` categories of loss on record; `actions_done` actions finished since `since`.
    """
    parts = [
        *_inspections(tables, scope),
        *_measurements(tables, scope),
        _gauges(tables),
        *_losses(tables, scope),
        _actions(tables, scope, since),
    ]
    return pd.concat(parts, ignore_index=True)


def _inspections(tables: Tables, scope: Scope) -> list[pd.DataFrame]:
    rows = scope.timed(tables, "inspections", "inspected_at")
    named = (~nw.col("supplier_id").is_null() & (nw.col("supplier_id") != "")).cast(nw.Int64)
    first = nw.col("submission") == 1
    lots = rows.filter(first).with_columns(named=named, failed=nw.col("submitted") - nw.col("passed"))
    counted = lots.group_by(ENTERPRISE).agg(
        lots=nw.len().cast(nw.Int64), units=total("submitted"), failed=total("failed"), named=total("named")
    )
    own = _indexed(counted)
    again = _indexed(rows.filter(~first).group_by(ENTERPRISE).agg(units=total("submitted")))
    defects = _first_defects(tables, lots)
    failed = own["failed"].where(own["failed"] > 0)
    return [
        practice(own["units"] / own["lots"], "lot_size"),
        practice(again["units"].reindex(own.index).fillna(0) / failed, "reinspected"),
        practice(own["named"] / own["lots"], "supplier_named"),
        practice(defects["count"].reindex(own.index).fillna(0) / failed, "defects_coded"),
    ]


def _first_defects(tables: Tables, lots: Rows) -> pd.DataFrame:
    key = (ENTERPRISE, "product_id", "process_id", "lot_id")
    mine = tables.table("defects").filter(nw.col("submission") == 1)
    kept = mine.join(lots.select(*key), on=list(key), how="semi")
    return _indexed(kept.group_by(ENTERPRISE).agg(count=total("count")))


def _measurements(tables: Tables, scope: Scope) -> list[pd.DataFrame]:
    values = scope.timed(tables, "measurements", "measured_at")
    counted = values.group_by(ENTERPRISE, "characteristic_id").agg(n=nw.len().cast(nw.Int64))
    per_month = _indexed(counted.group_by(ENTERPRISE).agg(n=nw.col("n").mean()))
    return [practice(per_month["n"] / MONTHS, "measured")]


def _gauges(tables: Tables) -> pd.DataFrame:
    parts = [
        tables.table(name).select(ENTERPRISE, known=(~nw.col("gauge_sd").is_null()).cast(nw.Float64))
        for name in ("characteristics", "parameters")
    ]
    shares = nw.concat(parts).group_by(ENTERPRISE).agg(share=nw.col("known").mean())
    return practice(_indexed(shares)["share"], "gauge_known")


def _losses(tables: Tables, scope: Scope) -> list[pd.DataFrame]:
    rows = collect_pandas(losses(tables, scope).with_columns(amount=nw.col("amount").cast(nw.Float64)))
    rows = rows[rows["category"].isin((*INTERNAL_LOSSES, *EXTERNAL_LOSSES)) & (rows["amount"] > 0)]
    sums = rows.pivot_table(index=ENTERPRISE, columns="family", values="amount", aggfunc="sum")
    both = sums.reindex(columns=["internal", "external"]).dropna()
    categories = rows.groupby(ENTERPRISE)["category"].nunique().astype("float64")
    return [
        practice(both["internal"] / both.sum(axis=1), "loss_inside"),
        practice(categories, "loss_categories"),
    ]


def _actions(tables: Tables, scope: Scope, since: date) -> pd.DataFrame:
    """Finished actions; an enterprise that records none at all has no figure, not nought."""
    rows = collect_pandas(
        scope.of_enterprises(tables.table("actions")).select(ENTERPRISE, "finished_on", "status")
    )
    finished = pd.to_datetime(rows["finished_on"])
    counts = (rows["status"].eq("done") & finished.ge(pd.Timestamp(since))).groupby(rows[ENTERPRISE]).sum()
    return practice(counts.astype("float64"), "actions_done")


def _indexed(rows: Rows) -> pd.DataFrame:
    return collect_pandas(rows).set_index(ENTERPRISE).astype("float64")
