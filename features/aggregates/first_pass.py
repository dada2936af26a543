"""First-pass yield from inspections: per process, then per product and per enterprise.

Only first submissions count, each unit once: a re-submission after rework is never in numerator or
denominator (OFFICIAL_GRADE item 7).
"""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw

from features.aggregates.scope import ENTERPRISE, Rows, Scope, total
from features.tables import Tables

PROCESS = (ENTERPRISE, "product_id", "process_id", "t")
STAGE = (ENTERPRISE, "product_id", "stage")
PRODUCT = (ENTERPRISE, "product_id", "t")
UNLISTED = 1_000_000
"""Sequence number of a process that no row of `processes` lists: after every listed one, on its own."""
ACTIVE = 12
"""A stage counts as part of a product's route for so many periods after its latest inspection."""
ENOUGH = 0.5
"""An enterprise's yield is known if products with a known yield started at least this share of its units."""


def first_pass(tables: Tables, scope: Scope, sum_of: Callable[[str], nw.Expr] = total) -> Rows:
    """First submissions by process and period: keys, t, seq, submitted, passed (units).

    Parallel processes (equal seq within a product) are separate rows here; `stages` pools them. `sum_of`
    says how counts are summed: `total` or `exact_total`.
    """
    first = scope.timed(tables, "inspections", "inspected_at").filter(nw.col("submission") == 1)
    sums = first.group_by(*PROCESS).agg(submitted=sum_of("submitted"), passed=sum_of("passed"))
    listed = tables.table("processes").select(ENTERPRISE, "product_id", "process_id", "seq")
    joined = sums.join(listed, on=[ENTERPRISE, "product_id", "process_id"], how="left")
    return joined.filter(nw.col("submitted") > 0).select(*PROCESS, "seq", "submitted", "passed")


def stages(process_rows: Rows) -> Rows:
    """Pool parallel processes: (enterprise, product, stage, t) with order, submitted, passed."""
    unlisted = nw.concat_str(nw.lit("?"), nw.col("process_id"))
    named = process_rows.with_columns(
        stage=nw.when(nw.col("seq").is_null()).then(unlisted).otherwise(nw.col("seq").cast(nw.String)),
        order=nw.col("seq").fill_null(UNLISTED),
    )
    return named.group_by(*STAGE, "order", "t").agg(submitted=total("submitted"), passed=total("passed"))


def product_yield(stage_rows: Rows) -> Rows:
    """Rolled yield of every product and period: started, ftq, ftq_clipped; null where a stage is missing.

    `started` is the first submissions at the product's first stage. `ftq` is the product over its stages
    of passed ÷ submitted, `ftq_clipped` of (passed + ½) ÷ (submitted + 1). A stage that was inspected in
    the last `ACTIVE` periods must be inspected in this one, else the yield of the route is not known;
    what is in the route is decided from records up to this period only.
    """
    first = (nw.col("order") == nw.col("order").min().over(*PRODUCT)).cast(nw.Int64)
    passed, submitted = nw.col("passed").cast(nw.Float64), nw.col("submitted").cast(nw.Float64)
    terms = stage_rows.with_columns(
        at_start=nw.col("submitted") * first,
        none_passed=(nw.col("passed") <= 0).cast(nw.Int64),
        log_yield=(nw.max_horizontal(passed, nw.lit(0.5)) / submitted).log(),
        log_clipped=((passed + 0.5) / (submitted + 1.0)).log(),
    )
    products = terms.group_by(*PRODUCT).agg(
        nw.col("log_yield", "log_clipped").sum(),
        zeros=total("none_passed"),
        started=total("at_start"),
        inspected=nw.len().cast(nw.Int64),
    )
    known = products.join(_route_length(stage_rows), on=list(PRODUCT), how="left")
    complete = nw.col("inspected") >= nw.col("route")
    rolled = nw.when(nw.col("zeros") > 0).then(nw.lit(0.0)).otherwise(nw.col("log_yield").exp())
    return known.select(
        *PRODUCT,
        "started",
        ftq=nw.when(complete).then(rolled),
        ftq_clipped=nw.when(complete).then(nw.col("log_clipped").exp()),
    )


def _route_length(stage_rows: Rows) -> Rows:
    """Count, for every (product, period), the stages that are part of the route then.

    Each inspection keeps its stage in the route until the stage's next one, or for `ACTIVE` periods: +1
    where such a stretch starts, −1 where it ends, and the running sum is the number of stages.
    """
    following = nw.col("t").shift(-1).over(*STAGE, order_by="t").fill_null(2**40)
    stretches = stage_rows.select(*STAGE, "t").with_columns(
        end=nw.min_horizontal(following, nw.col("t") + ACTIVE)
    )
    starts = stretches.select(ENTERPRISE, "product_id", "t", step=nw.lit(1, dtype=nw.Int64))
    ends = stretches.select(ENTERPRISE, "product_id", t=nw.col("end"), step=nw.lit(-1, dtype=nw.Int64))
    steps = nw.concat([starts, ends]).group_by(*PRODUCT).agg(step=total("step"))
    route = nw.col("step").cum_sum().over(ENTERPRISE, "product_id", order_by="t")
    return steps.select(*PRODUCT, route=route)


def enterprise_yield(products: Rows) -> Rows:
    """Yield of the enterprise as a whole: (enterprise, t) with started, ftq, ftq_clipped.

    The mean over products weighted by units started; null where products of unknown yield started more than
    half of the units.
    """
    known = (~nw.col("ftq").is_null()).cast(nw.Int64)
    weighted = products.with_columns(known_units=nw.col("started") * known).with_columns(
        ftq_units=nw.col("known_units") * nw.col("ftq"),
        clipped_units=nw.col("known_units") * nw.col("ftq_clipped"),
    )
    sums = weighted.group_by(ENTERPRISE, "t").agg(
        nw.col("ftq_units", "clipped_units").sum(),
        started=total("started"),
        known_units=total("known_units"),
    )
    enough = (nw.col("known_units") > 0) & (nw.col("known_units") >= nw.col("started") * ENOUGH)
    return sums.select(
        ENTERPRISE,
        "t",
        started=nw.col("known_units"),
        ftq=nw.when(enough).then(nw.col("ftq_units") / nw.col("known_units")),
        ftq_clipped=nw.when(enough).then(nw.col("clipped_units") / nw.col("known_units")),
    )
