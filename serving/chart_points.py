"""A control chart as plain rows: what commands print and the API answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.control_charts import Chart

Row = dict[str, Any]


def chain(chart: Chart) -> Iterator[Chart]:
    """Yield the chart and the one beside it."""
    one: Chart | None = chart
    while one is not None:
        yield one
        one = one.beside


def rows(chart: Chart) -> Iterator[Row]:
    """Yield one row per point."""
    for at, (label, name) in enumerate(zip(chart.labels, chart.names, strict=True)):
        yield {
            "chart": chart.kind,
            "point": at + 1,
            "time": label,
            "name": name or None,
            "size": int(chart.size[at]),
            "statistic": float(chart.statistic[at]),
            "centre": float(chart.centre[at]),
            "lcl": float(chart.lcl[at]),
            "ucl": float(chart.ucl[at]),
            "baseline": bool(chart.baseline[at]),
            "beyond": bool(chart.beyond[at]),
            "rules": list(chart.rules_at(at)),
        }
