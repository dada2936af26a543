"""Statistics of measured characteristics and process parameters by period."""

from __future__ import annotations

import narwhals as nw

from features.aggregates.resident import settle
from features.aggregates.scope import ENTERPRISE, Rows, Scope
from features.tables import Tables

CHARACTERISTIC = (ENTERPRISE, "characteristic_id", "t")
READING_ORDER = ("measured_at", "subgroup_id", "piece")
D2_OF_TWO = 1.1283791670955126
"""2 ÷ √π: mean range of two normal values, in standard deviations."""


SUBGROUP = ("subgroup_id", "day", "moment")


def with_subgroups(measurements: Rows) -> Rows:
    """Add what tells subgroups apart beside their id: the `day`, or the very `moment` where no id was
    given.

    So ids that start again every day do not melt into one subgroup, and pieces of one time are one
    subgroup. The other of the two is null.
    """
    at, named = nw.col("measured_at"), nw.col("subgroup_id") != ""
    return measurements.with_columns(
        day=nw.when(named).then(at.dt.date()), moment=nw.when(~named).then(nw.col("measured_at"))
    )


def characteristic_periods(tables: Tables, scope: Scope) -> Rows:
    """Statistics by (enterprise, characteristic, t): n, mean, sd_overall, sd_within, df_within.

    `sd_within` is pooled over the subgroups where at least half of the values stand in subgroups of two
    or more (df_within = Σ(k − 1)), else the mean moving range ÷ d2 of the values in time order (df_within
    = n − 1 steps). Both are null where there is nothing to compute them from.
    """
    values = scope.timed(tables, "measurements", "measured_at")
    overall = values.group_by(*CHARACTERISTIC).agg(
        n=nw.len().cast(nw.Int64), mean=nw.col("value").mean(), sd_overall=nw.col("value").std(ddof=1)
    )
    grouped = settle(_pooled(values))
    singles = grouped.filter(nw.col("in_subgroups") * 2 < nw.col("n_grouped")).select(*CHARACTERISTIC)
    steps = _moving_ranges(values.join(singles, on=list(CHARACTERISTIC), how="semi"))
    joined = overall.join(grouped, on=list(CHARACTERISTIC), how="left").join(
        steps, on=list(CHARACTERISTIC), how="left"
    )
    single = nw.col("in_subgroups") * 2 < nw.col("n_grouped")
    return joined.select(
        *CHARACTERISTIC,
        "n",
        "mean",
        "sd_overall",
        sd_within=nw.when(single).then(nw.col("sd_steps")).otherwise(nw.col("sd_pooled")),
        df_within=nw.when(single).then(nw.col("n_steps")).otherwise(nw.col("df_pooled")),
    )


def _pooled(values: Rows) -> Rows:
    subgroups = (
        with_subgroups(values)
        .group_by(*CHARACTERISTIC, *SUBGROUP)
        .agg(k=nw.len().cast(nw.Int64), variance=nw.col("value").var(ddof=1))
    )
    large = nw.when(nw.col("k") >= 2)
    terms = subgroups.with_columns(
        in_large=large.then(nw.col("k")).otherwise(nw.lit(0)),
        df=nw.col("k") - 1,
        squares=large.then((nw.col("k") - 1) * nw.col("variance")).otherwise(nw.lit(0.0)),
    )
    sums = terms.group_by(*CHARACTERISTIC).agg(
        n_grouped=nw.col("k").sum().cast(nw.Int64),
        in_subgroups=nw.col("in_large").sum().cast(nw.Int64),
        df_pooled=nw.col("df").sum().cast(nw.Int64),
        squares=nw.col("squares").sum(),
    )
    pooled = nw.when(nw.col("df_pooled") > 0).then((nw.col("squares") / nw.col("df_pooled")).sqrt())
    return sums.with_columns(sd_pooled=pooled).drop("squares")


def _moving_ranges(values: Rows) -> Rows:
    before = nw.col("value").shift(1).over(*CHARACTERISTIC, order_by=READING_ORDER)
    steps = values.with_columns(step=(nw.col("value") - before).abs())
    return steps.group_by(*CHARACTERISTIC).agg(
        n_steps=nw.col("step").count().cast(nw.Int64), sd_steps=nw.col("step").mean() / D2_OF_TWO
    )


def lowest_cpk(tables: Tables, statistics: Rows, fewest: int) -> Rows:
    """Lowest Cpk over the graded characteristics by (enterprise, t), with `measured`, their values counted.

    Graded are the key characteristics, all where an enterprise marks none (OFFICIAL_GRADE item 10). A
    characteristic needs `fewest` values in the period and some spread within.
    """
    limits = _graded(tables.table("characteristics"))
    rows = statistics.join(limits, on=[ENTERPRISE, "characteristic_id"], how="inner")
    usable = (nw.col("n") >= fewest) & (nw.col("sd_within") > 0)
    upper = (nw.col("usl") - nw.col("mean")) / (nw.col("sd_within") * 3)
    lower = (nw.col("mean") - nw.col("lsl")) / (nw.col("sd_within") * 3)
    nearest = nw.min_horizontal(upper, lower)
    rows = rows.with_columns(cpk=nw.when(usable).then(nearest))
    return rows.group_by(ENTERPRISE, "t").agg(
        cpk=nw.col("cpk").min(), measured=nw.col("n").sum().cast(nw.Int64)
    )


def graded_periods(tables: Tables, statistics: Rows, fewest: int) -> Rows:
    """Mean, log of the spread within subgroups and limits of the graded characteristics by (enterprise,
    characteristic, t), from at least `fewest` values.
    """
    limits = _graded(tables.table("characteristics"))
    rows = statistics.join(limits, on=[ENTERPRISE, "characteristic_id"], how="inner")
    usable = rows.filter((nw.col("n") >= fewest) & (nw.col("sd_within") > 0))
    return usable.select(*CHARACTERISTIC, "mean", "lsl", "usl", log_sd=nw.col("sd_within").log())


def _graded(characteristics: Rows) -> Rows:
    marked = nw.col("key").fill_null(value=False).cast(nw.Int64)
    rows = characteristics.select(ENTERPRISE, "characteristic_id", "lsl", "usl", marked=marked)
    return rows.filter(nw.col("marked") == nw.col("marked").max().over(ENTERPRISE))


def parameter_periods(tables: Tables, scope: Scope) -> Rows:
    """Statistics of process readings by (enterprise, parameter, t): n, mean, sd (null for one reading)."""
    return _readings(scope.timed(tables, "process_data", "observed_at"), ENTERPRISE, "parameter_id", "t")


def parameter_product_periods(tables: Tables, scope: Scope) -> Rows:
    """The same by (enterprise, product, parameter, t), from readings whose lot was inspected as that
    product.

    A reading counts only if its lot was first inspected in the reading's own period or before: what a later
    inspection tells about it is not known at t.
    """
    readings = scope.timed(tables, "process_data", "observed_at").filter(nw.col("lot_id") != "")
    used = readings.select(ENTERPRISE, "lot_id").unique()
    lots = scope.timed(tables, "inspections", "inspected_at").join(
        used, on=[ENTERPRISE, "lot_id"], how="semi"
    )
    lots = lots.group_by(ENTERPRISE, "product_id", "lot_id").agg(known_from=nw.col("t").min())
    joined = readings.join(lots, on=[ENTERPRISE, "lot_id"], how="inner")
    causal = joined.filter(nw.col("known_from") <= nw.col("t"))
    return _readings(causal, ENTERPRISE, "product_id", "parameter_id", "t")


def _readings(rows: Rows, *keys: str) -> Rows:
    value = nw.col("value")
    return rows.group_by(*keys).agg(n=nw.len().cast(nw.Int64), mean=value.mean(), sd=value.std(ddof=1))
