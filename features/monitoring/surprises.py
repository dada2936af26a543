"""Charts whose latest month is news: a rule is broken, and noise does not explain it.

The chance that a stable enterprise gets any such finding in a month is at most `false_alarm`: all charts of
an enterprise and a month are one family (Holm), whatever its number of charts and points. What that chance
really is on simulated stable plants: `tests/benchmarks/judge_warnings.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from features.aggregates.scope import ENTERPRISE, Scope
from features.capability.constants import Floats, Ints
from features.monitoring.points import COUNTED, ChartKind, Points, newest_months, read_points
from features.monitoring.rule_marks import Marks, marks
from features.monitoring.tests_of_a_month import counted_scores, news
from features.periods import first_day, last_day, to_label
from features.tables import Tables

FALSE_ALARM = 0.01
"""Chance a month that an enterprise in which nothing changes is warned of any of its charts, at most."""
BASELINE = 12
"""Months before that a month is held against."""
SILENT = 12
"""Months behind the newest of all from which the charts of an enterprise are not judged any more."""


class Surprise(NamedTuple):
    """A chart that says something in a month; `adjusted`: its p-value among all charts of the enterprise."""

    enterprise_id: str
    chart: ChartKind
    subject: str
    product_id: str | None
    period: str
    test: str
    up: bool
    p_value: float
    adjusted: float
    marks: Marks


@dataclass(frozen=True)
class Examined:
    """What was looked at: enterprise → its newest month, charts tested, charts with too little history."""

    months: dict[str, str]
    tested: int
    too_short: int


def surprises(
    tables: Tables,
    today: date,
    false_alarm: float = FALSE_ALARM,
    enterprise_ids: tuple[str, ...] | None = None,
) -> tuple[list[Surprise], Examined]:
    """Return what the newest month of every enterprise says, and what was examined.

    A newest month that has not ended by `today` may still get points: it is tested for points apart only, and
    the month before it once more as a whole.
    """
    points = _recent(tables, enterprise_ids)
    newest = _newest(points)
    found: list[Surprise] = []
    judged = short = 0
    for month in np.unique(newest[newest > 0]):
        own, over = newest == month, _over(int(month), today)
        rows, many, few = _judge(points, int(month), own, over, false_alarm)
        judged, short = judged + many, short + few
        found += _confirmed(tables, points.charts, rows, int(month))
        if not over:
            before, *_ = _judge(points, int(month) - 1, own, True, false_alarm)
            found += _confirmed(tables, points.charts, before, int(month) - 1)
    months = zip(points.charts[ENTERPRISE], newest, strict=True)
    names = {str(name): to_label(int(at), "month") for name, at in months if at > 0}
    return found, Examined(names, judged, short)


def _recent(tables: Tables, enterprise_ids: tuple[str, ...] | None) -> Points:
    """Return the points of two years; whoever has been silent for longer is silent, not judged."""
    newest = newest_months(tables, enterprise_ids)
    if not newest:
        return read_points(tables, Scope("month", None, None, enterprise_ids))
    since = first_day(max(newest.values()) - SILENT - BASELINE - 1, "month")
    return read_points(tables, Scope("month", None, since, enterprise_ids))


class Finding(NamedTuple):
    """A test that stands: the number of its chart, which test, the direction, and its two p-values."""

    chart: int
    test: str
    up: bool
    p_value: float
    adjusted: float


def _over(month: int, today: date) -> bool:
    return last_day(month, "month") < today


def _newest(points: Points) -> Ints:
    """Return, per chart, the newest month of its enterprise; 0 without a point."""
    family = pd.factorize(points.charts[ENTERPRISE])[0]
    newest = np.zeros(int(family.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(newest, family[points.chart], points.month)
    return newest[family]


def judged(points: Points, month: int, false_alarm: float = FALSE_ALARM) -> list[Finding]:
    """Return the charts of which a complete month says something, whatever rules mark on them."""
    everything = np.ones(len(points.charts), dtype=bool)
    return _judge(points, month, everything, True, false_alarm)[0]


def _judge(
    points: Points, month: int, own: np.ndarray, complete: bool, false_alarm: float
) -> tuple[list[Finding], int, int]:
    """Test one month of the charts that are `own`; return what stands, charts tested and too short."""
    window = points.between(month - BASELINE, month)
    kept = own[window.chart]
    chart, ago = window.chart[kept], month - window.month[kept]
    count = len(points.charts)
    counted = points.charts["kind"].isin(COUNTED).to_numpy()
    value = _values(window, kept, chart, ago, count, counted)
    upward = counted | (points.charts["kind"] == "spread").to_numpy()
    there = np.isfinite(value)
    kind = pd.factorize(points.charts["kind"])[0]
    found = news(value[there], chart[there], ago[there], count, upward, np.full(count, complete), kind)
    p_values = np.stack([found.apart, found.shift], axis=1)
    family = pd.factorize(points.charts[ENTERPRISE])[0]
    adjusted = _holm(p_values, family)
    best = np.argmin(np.nan_to_num(adjusted, nan=2.0), axis=1)
    rows = [
        Finding(
            int(at),
            ("apart", "shift")[best[at]],
            bool(found.up[at]),
            float(p_values[at, best[at]]),
            float(adjusted[at, best[at]]),
        )
        for at in np.flatnonzero(np.nan_to_num(adjusted, nan=2.0).min(axis=1) <= false_alarm)
    ]
    testable = np.isfinite(p_values).any(axis=1)
    has = np.bincount(chart[ago == 0], minlength=count) > 0
    return rows, int(testable.sum()), int((has & ~testable).sum())


def _values(
    window: Points, kept: np.ndarray, chart: Ints, ago: Ints, count: int, counted: np.ndarray
) -> Floats:
    """Return what is tested: measured values as they are, counts as scores against the months before."""
    events, size = window.events[kept], window.size[kept]
    old = (ago > 0) & counted[chart]
    bad = np.bincount(chart[old], weights=events[old], minlength=count)
    all_ = np.bincount(chart[old], weights=size[old], minlength=count)
    rate = (bad + 0.5) / (all_ + 1.0)
    return np.where(counted[chart], counted_scores(events, size, rate[chart]), window.value[kept])


def _holm(p_values: Floats, family: Ints) -> Floats:
    """Return Holm's adjusted p-values of all tests of a family (1979, Scand. J. Statist. 6, 65–70)."""
    flat, owner = p_values.ravel(), np.repeat(family, p_values.shape[1])
    order = np.lexsort((flat, owner))
    order = order[np.isfinite(flat[order])]
    size = np.bincount(owner[order])
    rank = np.arange(len(order)) - (np.cumsum(size) - size)[owner[order]]
    stepped = flat[order] * (size[owner[order]] - rank)
    adjusted = np.full(len(flat), np.nan)
    frame = pd.Series(np.minimum(stepped, 1.0)).groupby(owner[order]).cummax()
    adjusted[order] = frame.to_numpy()
    return adjusted.reshape(p_values.shape)


def _confirmed(tables: Tables, charts: pd.DataFrame, rows: list[Finding], month: int) -> list[Surprise]:
    """Draw the charts; a month in which one marks nothing is not warned of."""
    span = (first_day(month - BASELINE, "month"), last_day(month, "month"))
    found = []
    for row in rows:
        about = charts.iloc[row.chart]
        product = about["product_id"]
        product = None if pd.isna(product) or product == "" else str(product)
        enterprise, kind, subject = str(about[ENTERPRISE]), about["kind"], str(about["subject"])
        seen = marks(tables, enterprise, kind, subject, product, *span)
        if seen.any:
            about_test = (row.test, row.up, row.p_value, row.adjusted)
            period = to_label(month, "month")
            found.append(Surprise(enterprise, kind, subject, product, period, *about_test, seen))
    return found
