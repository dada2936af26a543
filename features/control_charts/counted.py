"""Charts of counts of one enterprise from its records: p, np, c and u, after Laney where they must be."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import numpy as np

from features.capability.constants import Floats
from features.capability.stability import FALSE_ALARM
from features.control_charts import attributes
from features.control_charts.attributes import Counts, laney, overdispersion, unequal
from features.control_charts.basis import WHOLE, Basis
from features.control_charts.chart import Chart, Note, Points, about, drawn
from features.control_charts.from_records import allowed
from features.control_charts.lines import Lines, Width
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
    basis: Basis = WHOLE,
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
    return _counted(subject, lots, chosen, rules, basis)


def delivery_chart(
    tables: Tables,
    enterprise_id: str,
    product_id: str | None = None,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    rules: RuleSet = "western_electric",
    basis: Basis = WHOLE,
) -> Chart:
    """Return a chart of the nonconforming share of what was delivered, a point per month (p, np or p_laney).

    Raises:
        ChartError: no such enterprise or kind.
    """
    known_enterprise(tables, enterprise_id)
    choices: tuple[CountedKind, ...] = ("p", "np", "p_laney")
    chosen = allowed("kind", kind, choices)
    lots = read_deliveries(tables, scope_of(enterprise_id, since, until), product_id)
    return _counted(product_id or enterprise_id, lots, chosen, rules, basis)


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


def _counted(subject: str, lots: Lots, kind: CountedKind | None, rules: RuleSet, basis: Basis) -> Chart:
    allowed("rules", rules, RULE_SETS)
    rows = lots.rows
    column = "defects" if kind in ("c", "u", "u_laney") else "nonconforming"
    size = rows["units"].to_numpy(dtype=np.float64)
    counts = Counts(Series.of(rows[column].to_numpy(dtype=np.float64)), size)
    baseline = basis.baseline(rows["day"], complete=basis.centre is not None)
    points = Points(tuple(rows["label"]), tuple(rows["name"].astype(str)), size, baseline)
    rate = counts.only(baseline).rate() if basis.centre is None else _given_rate(kind or "p", basis)
    plain = _plain(kind or "p", counts, rate, basis.width)
    seen = baseline if baseline.any() else None
    chance = float(overdispersion(plain, seen)[0])
    used: CountedKind = kind or ("p_laney" if chance < FALSE_ALARM else "p")
    widened, spread = laney(plain, seen, basis.width, most=np.inf if used == "u_laney" else 1.0)
    lines = widened if used in ("p_laney", "u_laney") else plain
    notes = about(lines, baseline)
    if chance < FALSE_ALARM:
        notes += (Note("overdispersed", float(spread[0])),)
    return drawn(used, subject, None, lines, points, rules, notes)


def _given_rate(kind: CountedKind, basis: Basis) -> Floats:
    rate = basis.standard().centre
    most = np.inf if kind in ("c", "u", "u_laney") else 1.0
    if basis.sigma is not None or not 0 < rate[0] < most:
        found = f"{basis.centre} and {basis.sigma}"
        raise ChartError(f"centre, sigma: found {found}; allowed for a {kind} chart is a rate per unit alone")
    return rate


def _plain(kind: CountedKind, counts: Counts, rate: Floats, width: Width) -> Lines:
    if kind == "np":
        return attributes.np_(counts, rate, width)
    if kind == "c":
        if unequal(counts)[0]:
            raise ChartError("kind: found 'c' for lots of different size; allowed is u or u_laney")
        return attributes.c(counts, rate, width)
    return (
        attributes.u(counts, rate, width) if kind in ("u", "u_laney") else attributes.p(counts, rate, width)
    )
