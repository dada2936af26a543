"""First-pass yield of each step of the route: what the rolled yield is made of.

A step is a place in an enterprise's route: its listed processes in the order of `seq`, counted from one;
everything from `STEPS` on is one step.
"""

from __future__ import annotations

import narwhals as nw

from features.aggregates.scope import ENTERPRISE, Rows, total
from features.tables import Tables

STEPS = 6


def step_yields(tables: Tables, process_rows: Rows) -> Rows:
    """Yields (passed + ½) ÷ (submitted + 1) by (enterprise, product, step, t), product "" over all products.

    `process_rows` are those of `first_pass`; processes that no row of `processes` lists have no place.
    """
    placed = process_rows.join(places(tables), on=[ENTERPRISE, "seq"], how="inner")
    counted = nw.col("submitted", "passed").cast(nw.Int64)
    rows = placed.select(ENTERPRISE, "product_id", "step", "t", counted)
    whole = rows.with_columns(product_id=nw.lit(""))
    sums = (
        nw.concat([rows, whole])
        .group_by(ENTERPRISE, "product_id", "step", "t")
        .agg(submitted=total("submitted"), passed=total("passed"))
    )
    share = (nw.col("passed") + 0.5) / (nw.col("submitted") + 1.0)
    return sums.select(ENTERPRISE, "product_id", "step", "t", share=share)


def places(tables: Tables) -> Rows:
    """Step of every (enterprise, seq) that `processes` lists, 1 … `STEPS`."""
    listed = tables.table("processes").select(ENTERPRISE, "seq").unique()
    numbered = listed.with_columns(one=nw.lit(1, dtype=nw.Int64)).with_columns(
        place=nw.col("one").cum_sum().over(ENTERPRISE, order_by="seq")
    )
    capped = nw.min_horizontal(nw.col("place"), nw.lit(STEPS, dtype=nw.Int64))
    return numbered.select(ENTERPRISE, "seq", step=capped.cast(nw.Int64))
