"""Monthly statements: deliveries, quality costs by family, output value."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw

from features.aggregates.scope import ENTERPRISE, Rows, Scope, total
from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES
from features.tables import Tables


def deliveries(tables: Tables, scope: Scope, sum_of: Callable[[str], nw.Expr] = total) -> Rows:
    """Delivered and nonconforming units by (enterprise, product, t).

    `sum_of` says how counts are summed: `total` or `exact_total`.
    """
    rows = scope.monthly(tables, "deliveries")
    keys = (ENTERPRISE, "product_id", "t")
    return rows.group_by(*keys).agg(units=sum_of("units"), nonconforming=sum_of("nonconforming"))


def losses(tables: Tables, scope: Scope) -> Rows:
    """Loss amounts (CNY, exact decimals) by (enterprise, family, category, t), over all products.

    A category that is not listed has family null.
    """
    category = nw.col("category")
    internal = nw.when(category.is_in(INTERNAL_LOSSES)).then(nw.lit("internal"))
    external = nw.when(category.is_in(EXTERNAL_LOSSES)).then(nw.lit("external"))
    rows = scope.monthly(tables, "quality_costs").with_columns(family=nw.coalesce(internal, external))
    return rows.group_by(ENTERPRISE, "family", "category", "t").agg(nw.col("amount").sum())


def family_losses(loss_rows: Rows) -> Rows:
    """Loss amounts (CNY, exact decimals) by (enterprise, family, t)."""
    return loss_rows.group_by(ENTERPRISE, "family", "t").agg(nw.col("amount").sum())


def output_values(tables: Tables, scope: Scope) -> Rows:
    """Gross output value (CNY, exact decimals) by (enterprise, t)."""
    return scope.monthly(tables, "output_values").group_by(ENTERPRISE, "t").agg(nw.col("amount").sum())
