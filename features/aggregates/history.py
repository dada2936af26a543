"""What was known of a signal at each period: last value, lags and exponentially weighted means.

A signal is a long, dense frame with one row per series and period (a missing period is a row with x null),
so that a window of rows is a window of periods.
"""

from __future__ import annotations

import narwhals as nw

from features.aggregates.scope import Rows
from features.periods import floor_division

REACH = 12
"""`last` and `mean12` look at the periods t − 11 … t."""
LAGS = 36
"""Exponential weights stop after t − 36."""
HALF_LIVES = (1, 3, 12)
CAP = 24
"""`known` stops counting here: what matters is whether a series is young."""
BLOCK = 512
"""Weights 2^(t/h) grow without bound, so they start again every so many periods."""

FEATURES = ("last", "lag1", "lag2", "ew3", "ew12", "mean12", "known")
ECHOES = ("lag3", "lag4", "lag5")
"""Longer lags, for what is felt months later: a claim follows an escape."""
ALL = (*FEATURES, *ECHOES, "ew1", "mean")


def history(signals: Rows) -> Rows:
    """Features of every row from rows of the same series at t and before.

    `signals` has series (integer), t (integer, without gaps within a series) and x (float or null). The
    answer has series, t, x and `ALL`: `last` the latest known value of the last 12 periods, `lag1` … `lag5`
    the values one to five periods before, `ew1`, `ew3` and `ew12` the exponentially weighted means Σ w·x ÷
    Σ w over known values of t − 36 … t with w = 2^(−lag ÷ half-life), `mean12` the plain mean of the last 12
    periods, `mean` that of all so far, `known` the number of known values so far, at most 24.
    """
    rows = _blocks(signals)
    present = (~nw.col("x").is_null()).cast(nw.Float64)
    rows = rows.with_columns(x0=nw.col("x").fill_null(0.0), present=present)
    weights = {f"w{h}": (nw.col("a").cast(nw.Float64) * (_LN2 / h)).exp() for h in HALF_LIVES}
    rows = rows.with_columns(**weights)
    terms = {}
    for h in HALF_LIVES:
        terms[f"n{h}"] = nw.col(f"w{h}") * nw.col("present")
        terms[f"s{h}"] = nw.col(f"w{h}") * nw.col("x0")
    rows = rows.with_columns(**terms)
    rows = rows.with_columns(**_windows()).filter(nw.col("echo") == 0)
    answers = {
        f"ew{h}": nw.when(nw.col(f"n{h}") > 0).then(nw.col(f"s{h}") / nw.col(f"n{h}")) for h in HALF_LIVES
    }
    answers["mean"] = nw.when(nw.col("known") > 0).then(nw.col("total") / nw.col("known"))
    known = nw.min_horizontal(nw.col("known"), nw.lit(float(CAP)))
    return rows.with_columns(**answers).with_columns(known=known).select("series", "t", "x", *ALL)


_LN2 = 0.6931471805599453


def _blocks(signals: Rows) -> Rows:
    """Cut series into blocks of periods; the end of a block stands once more before the next, as an echo."""
    block = floor_division(nw.col("t"), BLOCK)
    rows = signals.with_columns(block=block, a=nw.col("t") - block * BLOCK, echo=nw.lit(0, dtype=nw.Int64))
    tail = rows.filter(nw.col("a") >= BLOCK - LAGS)
    echo = tail.with_columns(block=nw.col("block") + 1, a=nw.col("a") - BLOCK, echo=nw.lit(1, dtype=nw.Int64))
    return nw.concat([rows, echo])


def _windows() -> dict[str, nw.Expr]:
    """Window expressions over one block of one series in the order of time."""

    def over(expr: nw.Expr) -> nw.Expr:
        return expr.over("series", "block", order_by="t")

    def so_far(column: str) -> nw.Expr:
        return (nw.col(column) * (1 - nw.col("echo"))).cum_sum().over("series", order_by="t")

    sums = {
        f"{part}{h}": over(nw.col(f"{part}{h}").rolling_sum(LAGS + 1, min_samples=1))
        for part in ("n", "s")
        for h in HALF_LIVES
    }
    return {
        **sums,
        **{f"lag{k}": over(nw.col("x").shift(k)) for k in range(1, 6)},
        "last": over(nw.col("x").fill_null(strategy="forward", limit=REACH - 1)),
        "mean12": over(nw.col("x").rolling_mean(REACH, min_samples=1)),
        "known": so_far("present"),
        "total": so_far("x0"),
    }
