"""Which control chart is asked for: the same question from the command, the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from features.control_charts import Basis, Chart
    from features.control_charts.reading import By
    from features.control_charts.rules import RuleSet
    from features.tables import Tables


@dataclass(frozen=True)
class Asked:
    """One chart of one enterprise, or none of them in particular (`everything`).

    At most one of `characteristics`, `process` and `deliveries` is given; several characteristics make a T²
    chart. `basis` says what the limits rest on, days are both included.
    """

    enterprise: str
    basis: Basis
    characteristics: tuple[str, ...] = ()
    process: str | None = None
    product: str | None = None
    deliveries: bool = False
    kind: str | None = None
    by: str = "lot"
    rules: str = "western_electric"
    since: date | None = None
    until: date | None = None

    @property
    def everything(self) -> bool:
        """Whether no single chart is chosen."""
        return not self.characteristics and self.process is None and not self.deliveries


def first(label: str | None) -> date | None:
    """Return the first day of a period (`YYYY-MM`, `YYYY-Www` or a day); PeriodError for anything else."""
    from features.periods import first_day, frequency_of, to_index

    return None if label is None else first_day(to_index(label), frequency_of(label))


def last(label: str | None) -> date | None:
    """Return the last day of a period; PeriodError for anything else."""
    from features.periods import period_end

    return None if label is None else period_end(label)


def chart_of(tables: Tables, asked: Asked) -> Chart:
    """Return the chart that is asked for.

    Raises:
        ChartError: it cannot be drawn; the message says what is allowed.
    """
    from features.control_charts import chart, delivery_chart, process_chart, together_chart

    span, rules = (asked.since, asked.until), cast("RuleSet", asked.rules)
    who = asked.enterprise
    if asked.process is not None:
        by = cast("By", asked.by)
        return process_chart(
            tables, who, asked.process, asked.product, asked.kind, by, *span, rules, asked.basis
        )
    if asked.deliveries:
        return delivery_chart(tables, who, asked.product, asked.kind, *span, rules, asked.basis)
    if len(asked.characteristics) > 1:
        return together_chart(tables, who, asked.characteristics, *span, asked.basis)
    (named,) = asked.characteristics
    return chart(tables, who, named, asked.kind, *span, rules, asked.basis)
