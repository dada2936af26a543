"""The Pareto of quality losses: which kinds of loss make up most of the money."""

from __future__ import annotations

from datetime import date

import narwhals as nw

from features.aggregates.resident import collect_pandas
from features.control_charts.pareto import ParetoRow, pareto
from features.control_charts.reading import known_enterprise, scope_of
from features.tables import Tables


def loss_pareto(
    tables: Tables, enterprise_id: str, since: date | None = None, until: date | None = None
) -> tuple[ParetoRow, ...]:
    """Return the categories of `quality_costs` from the dearest to the cheapest; events are CNY.

    Only months that lie wholly within `since` … `until` count, because the records are monthly.

    Raises:
        ChartError: no such enterprise.
    """
    known_enterprise(tables, enterprise_id)
    rows = scope_of(enterprise_id, since, until).monthly(tables, "quality_costs")
    sums = collect_pandas(rows.group_by("category").agg(amount=nw.col("amount").sum()))
    amounts = sorted(zip(sums["category"], sums["amount"], strict=True))
    return pareto({str(category): float(amount) for category, amount in amounts})
