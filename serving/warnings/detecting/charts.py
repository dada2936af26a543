"""Control charts: a rule is broken, and noise does not explain it (`features/monitoring`)."""

from __future__ import annotations

from datetime import date
from math import log10
from typing import TYPE_CHECKING, Any

from features.monitoring import Surprise, surprises
from serving.warnings.finding import Finding, Kind, Look

if TYPE_CHECKING:
    from features.store import Store

SMALLEST_P = 1e-12


def charts(store: Store, today: date, false_alarm: float) -> Look:
    """Look at the newest month of all charts of all enterprises."""
    found, examined = surprises(store, today, false_alarm)
    names = _names(store) if found else {}
    return Look.of(
        Kind.CHART,
        (_finding(one, names) for one in found),
        examined.months,
        enterprises=len(examined.months),
        charts=examined.tested,
        too_short=examined.too_short,
        false_alarm=false_alarm,
    )


def _finding(one: Surprise, names: dict[tuple[str, ...], str]) -> Finding:
    table = {"level": "characteristics", "spread": "characteristics", "process": "processes"}
    own = (one.product_id or "", one.subject) if one.chart == "process" else (one.subject,)
    facts: dict[str, Any] = {
        "chart": one.chart,
        "subject": one.subject,
        "name": names.get((table.get(one.chart, "products"), one.enterprise_id, *own)),
        "product_id": one.product_id,
        "test": one.test,
        "up": one.up,
        "p_value": one.p_value,
        "adjusted": one.adjusted,
        "chart_kind": one.marks.kind,
        "points": one.marks.points,
        "beyond": one.marks.beyond,
        "rules": list(one.marks.rules),
    }
    subject = "\t".join((one.chart, one.product_id or "", one.subject))
    weight = -log10(max(one.adjusted, SMALLEST_P))
    return Finding(Kind.CHART, one.enterprise_id, subject, one.period, weight, facts)


def _names(store: Store) -> dict[tuple[str, ...], str]:
    """Return the names that people gave: (table, enterprise, … id) → name."""
    found = {}
    for table, keys in (
        ("characteristics", ("characteristic_id",)),
        ("processes", ("product_id", "process_id")),
        ("products", ("product_id",)),
    ):
        rows = store.table(table).select("enterprise_id", *keys, "name").collect("pyarrow").to_arrow()
        for row in rows.to_pylist():
            if row["name"]:
                own = (str(row[key]) for key in keys)
                found[(table, str(row["enterprise_id"]), *own)] = str(row["name"])
    return found
