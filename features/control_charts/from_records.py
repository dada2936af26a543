"""Control charts of one enterprise from its records."""

from __future__ import annotations

from datetime import date

from features.control_charts.chart import Chart
from features.control_charts.rules import RuleSet
from features.tables import Tables


def chart(
    tables: Tables,
    enterprise_id: str,
    characteristic_id: str,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    rules: RuleSet = "western_electric",
) -> Chart:
    """Return the control chart of a characteristic."""
    raise NotImplementedError
