"""Charts of counts of one enterprise from its records: p, np, c and u, widened after Laney where they must
be."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import numpy as np

from features.capability.stability import FALSE_ALARM
from features.control_charts import attributes
from features.control_charts.attributes import Counts, laney, overdispersion, unequal
from features.control_charts.chart import Chart, Note, Points, about, drawn
from features.control_charts.from_records import allowed, within_baseline
from features.control_charts.lines import Lines
from features.control_charts.pareto import ParetoRow, pareto
from features.control_charts.reading import (
    BYS,
    By,
    ChartError,
    Lots,
    known_enterprise,
    read_defects,
    read_deliveries,
    read_first_submissions,
    scope_of,
)
from features.control_charts.rules import RULE_SETS, RuleSet
from features.control_charts.series import Series
from features.tables import Tables

CountedKind = Literal["p", "np", "c", "u", "p_laney", "u_laney"]
COUNTED_KINDS: tuple[CountedKind, ...] = get_args(CountedKind)


def process_chart(
    tables: Tables,
    enterprise_id: str,
    process_id: str,
    product_id: str | None = None,
    kind: str | None = None,
    by: By = "lot",
    since: date | None = None,
    until: date | None = None,
    rules: RuleSet = "western_electric",
    baseline_until: date | None = None,
) -> Chart:
    """Return a chart of the first submissions of a process, a point per lot, month, week or day.

    p and np count nonconforming units, c and u defects. Without a `kind`: p, and p′ (Laney) where the
    shares vary significantly more than a binomial count can; the chart then carries the note `overdispersed`.

    Raises:
        ChartError: no such enterprise, process, kind or period, or a c chart of lots of different size.
    """
    known_enterprise(tables, enterprise_id)
    grouping = allowed("by", by, BYS) or "lot"
    chosen = allowed("kind", kind, COUNTED_KINDS)
    scope = scope_of(enterprise_id, since, until, "month" if grouping == "lot" else grouping)
    lots = read_first_submissions(tables, scope, process_id, product_id, grouping)
    subject = process_id if product_id is None else f"{product_id} / {process_id}"
    return _counted(subject, lots, chosen, rules, baseline_until)


def delivery_chart(
    tables: Tables,
    enterprise_id: str,
    product_id: str | None = None,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    rules: RuleSet = "western_electric",
    baseline_until: date | None = None,
) -> Chart:
    """Return a chart of the nonconforming share of what was delivered, a point per month (p, np or p_laney).

    Raises:
        ChartError: no such enterprise or kind.
    """
    known_enterprise(tables, enterprise_id)
    choices: tuple[CountedKind, ...] = ("p", "np", "p_laney")
    chosen = allowed("kind", kind, choices)
    lots = read_deliveries(tables, scope_of(enterprise_id, since, until), product_id)
    return _counted(product_id or enterprise_id, lots, chosen, rules, baseline_until)


def defect_pareto(
    tables: Tables,
    enterprise_id: str,
    process_id: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> tuple[ParetoRow, ...]:
    """Return the defects at first submissions from the most frequent to the least."""
    known_enterprise(tables, enterprise_id)
    return pareto(read_defects(tables, scope_of(enterprise_id, since, until), process_id))


def _counted(
    subject: str, lots: Lots, kind: CountedKind | None, rules: RuleSet, baseline_until: date | None
) -> Chart:
    allowed("rules", rules, RULE_SETS)
    rows = lots.rows
    column = "defects" if kind in ("c", "u", "u_laney") else "nonconforming"
    size = rows["units"].to_numpy(dtype=np.float64)
    counts = Counts(Series.of(rows[column].to_numpy(dtype=np.float64)), size)
    points = Points(
        tuple(rows["label"]),
        tuple(rows["name"].astype(str)),
        size,
        within_baseline(rows["day"], baseline_until),
    )
    plain = _plain(kind or "p", counts, points)
    chance = float(overdispersion(plain, points.baseline)[0])
    used: CountedKind = kind or ("p_laney" if chance < FALSE_ALARM else "p")
    widened, spread = laney(plain, points.baseline, most=np.inf if used == "u_laney" else 1.0)
    lines = widened if used in ("p_laney", "u_laney") else plain
    notes = about(lines, points.baseline)
    if chance < FALSE_ALARM:
        notes += (Note("overdispersed", float(spread[0])),)
    return drawn(used, subject, None, lines, points, rules, notes)


def _plain(kind: CountedKind, counts: Counts, points: Points) -> Lines:
    rate = counts.only(points.baseline).rate()
    if kind == "np":
        return attributes.np_(counts, rate)
    if kind == "c":
        if unequal(counts)[0]:
            raise ChartError("kind: found 'c' for lots of different size; allowed is u or u_laney")
        return attributes.c(counts, rate)
    return attributes.u(counts, rate) if kind in ("u", "u_laney") else attributes.p(counts, rate)
