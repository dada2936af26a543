"""A control chart as rows for programs and people, and what it says in words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from serving.output import emit
from serving.web.language import CODES, language
from serving.web.spc_words import note, summary

if TYPE_CHECKING:
    from features.control_charts import Chart

COLUMNS = (
    "chart", "point", "time", "name", "size", "statistic", "centre", "lcl", "ucl", "baseline", "beyond",
    "rules",
)  # fmt: skip


def show(chart: Chart, fmt: str | None) -> None:
    """Print the points, and what must be known about them on standard error, in both languages."""
    for line in said(chart):
        print(line, file=sys.stderr)  # noqa: T201 - a message for people
    emit(rows(chart), fmt, COLUMNS)


def said(chart: Chart) -> Iterator[str]:
    """Yield what the charts show and what must be known about them, Chinese first."""
    for words in map(language, CODES):
        one: Chart | None = chart
        while one is not None:
            yield summary(words, one)
            yield from (note(words, remark) for remark in one.notes)
            one = one.beside


def rows(chart: Chart) -> Iterator[dict[str, Any]]:
    """Yield one row per point, of the chart and of the one beside it."""
    one: Chart | None = chart
    while one is not None:
        for at, (label, name) in enumerate(zip(one.labels, one.names, strict=True)):
            yield {
                "chart": one.kind,
                "point": at + 1,
                "time": label,
                "name": name or None,
                "size": int(one.size[at]),
                "statistic": float(one.statistic[at]),
                "centre": float(one.centre[at]),
                "lcl": float(one.lcl[at]),
                "ucl": float(one.ucl[at]),
                "baseline": bool(one.baseline[at]),
                "beyond": bool(one.beyond[at]),
                "rules": list(one.rules_at(at)),
            }
        one = one.beside
