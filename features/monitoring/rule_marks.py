"""What the chart itself marks in its last month: the picture that a warning points to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from features.control_charts import Basis, Chart, chart, delivery_chart, process_chart
from features.monitoring.points import ChartKind
from features.tables import Tables


class Marks(NamedTuple):
    """Kind of the chart; points of the month, how many lie beyond their limits, rules they complete."""

    kind: str
    points: int
    beyond: int
    rules: tuple[int, ...]

    @property
    def any(self) -> bool:
        """Whether the chart marks anything."""
        return self.beyond > 0 or bool(self.rules)


def marks(
    tables: Tables,
    enterprise_id: str,
    kind: ChartKind,
    subject: str,
    product_id: str | None,
    since: date,
    until: date,
) -> Marks:
    """Draw the chart with limits from the months before that of `until` and Western Electric rules on it."""
    basis = Basis(until.replace(day=1) - timedelta(days=1))
    if kind == "process":
        drawn = process_chart(
            tables, enterprise_id, subject, product_id, None, "lot", since, until, "western_electric", basis
        )
    elif kind == "delivery":
        drawn = delivery_chart(
            tables, enterprise_id, product_id, None, since, until, "western_electric", basis
        )
    else:
        drawn = chart(tables, enterprise_id, subject, None, since, until, "western_electric", basis)
    return _in_phase_two(drawn.beside if kind == "spread" and drawn.beside is not None else drawn)


def _in_phase_two(drawn: Chart) -> Marks:
    later = ~drawn.baseline
    rules = tuple(n for at, n in enumerate(drawn.rule_numbers) if drawn.completes[later, at].any())
    return Marks(drawn.kind, int(later.sum()), int(drawn.beyond[later].sum()), rules)
