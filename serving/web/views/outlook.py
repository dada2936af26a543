"""Forecasts and attainment on an enterprise's page: what the published outlook says of the future."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from features.periods import frequency_of
from serving.web import figures
from serving.web.axes import WIDE
from serving.web.language import Language
from serving.web.scales import LEVELS, bands, rising
from serving.web.views.words import (
    Row,
    in_order,
    indicator_of,
    item_name,
    item_names,
    level_name,
    target_name,
)

TARGETS = ("ftq", "cpk", "internal_loss", "external_loss", "ppm")
"""Order on the page: what a plant steers by first."""

SHOWN = {"month": 36, "week": 52, "day": 60}
"""Known periods before the forecast, by frequency."""

HORIZONS = (3, 6, 12)
"""Columns of the table of chances."""


def whole(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the enterprise as a whole, without those of single products."""
    return [row for row in rows if not row.get("product_id")]


def forecast_views(t: Language, history: Sequence[Row], forecasts: Sequence[Row]) -> list[dict[str, Any]]:
    """Return one chart per target that has a forecast."""
    views = []
    for target in TARGETS:
        rows = sorted((row for row in whole(forecasts) if row["target"] == target), key=_horizon)
        if rows:
            pace = frequency_of(rows[0]["period"])
            own = [row for row in history if frequency_of(row["period"]) == pace]
            known = _known([(row["period"], row[target]) for row in own])
            views.append(_forecast_view(t, target, known[-SHOWN[pace] :], rows))
    return views


def _known(values: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the values from the first to the last that is known; gaps between stay gaps."""
    there = [at for at, (_, value) in enumerate(values) if math.isfinite(value)]
    return values[there[0] : there[-1] + 1] if there else []


def _forecast_view(
    t: Language, target: str, known: list[tuple[str, float]], rows: list[Row]
) -> dict[str, Any]:
    return {
        "target": target,
        "title": target_name(t, target),
        "direction": t(f"direction.{'up' if rising(indicator_of(target)) else 'down'}"),
        "figure": figures.fan(t, target, known, rows, bands(target)),
        "summary": _forecast_summary(t, target, known, rows[-1]),
        "rows": [
            {
                "period": t.period(row["period"]),
                "mean": t.target(target, row["mean"]),
                "interval": _interval(t, target, row),
            }
            for row in rows
        ],
    }


def _forecast_summary(t: Language, target: str, known: list[tuple[str, float]], last: Row) -> str:
    values = {
        "target": target_name(t, target),
        "mean": t.target(target, last["mean"]),
        "end": t.period(last["period"]),
        "interval": _interval(t, target, last),
    }
    if not known:
        return t("forecast.summary.blind", **values)
    period, value = known[-1]
    return t("forecast.summary", last=t.target(target, value), last_period=t.period(period), **values)


def _interval(t: Language, target: str, row: Row) -> str:
    low, high = (row["quantiles"][name] for name in WIDE)
    return t.span(target, low, high)


def attainment_view(t: Language, rows: Sequence[Row], grade: Row | None) -> dict[str, Any] | None:
    """Return the probability of each level to come, on the official window if there is one."""
    basis = "window" if any(row["basis"] == "window" for row in rows) else "period"
    chosen = sorted((row for row in rows if row["basis"] == basis), key=_horizon)
    if not chosen:
        return None
    level = (grade["level"] or grade["at_most"]) if grade else LEVELS[0]
    last, aim = chosen[-1], min(level + 1, LEVELS[-1])
    key = "attainment.summary.top" if level == LEVELS[-1] else "attainment.summary"
    summary = t(
        key,
        end=t.period(last["period"]),
        level=aim_name(t, aim),
        now=t.chance(at_least(last, aim)),
        once=t.chance(last["reached_by"][str(aim)]),
    )
    return {
        "figure": figures.attainment(t, chosen),
        "summary": summary,
        "caption": t("attainment.caption" if basis == "window" else "attainment.caption.period"),
        **_reached(t, chosen),
        "held": _held(t, last),
        "blocked": _blocked(t, last, grade, aim),
    }


def aim_name(t: Language, level: int) -> str:
    """Return `that level or better`; there is nothing better than the last."""
    name = level_name(t, level)
    return name if level == LEVELS[-1] else t("level.or_better", level=name)


def _blocked(t: Language, row: Row, grade: Row | None, aim: int) -> str:
    """Return which held items keep the next level away, because no forecast can lift them."""
    gaps = [gap["indicator"] for gap in grade["gaps"] if gap["to_level"] == aim] if grade else []
    held = in_order(set(gaps) & set(row.get("held") or ()))
    if not held:
        return ""
    return t("attainment.blocked", items=item_names(t, held), level=level_name(t, aim))


def at_least(row: Row, level: int) -> float:
    """Return the probability of a level or a better one in an attainment row."""
    return sum(float(chance) for name, chance in row["probabilities"].items() if int(name) >= level)


def _reached(t: Language, rows: list[Row]) -> dict[str, Any]:
    at = [row for row in rows if row["horizon"] in HORIZONS] or rows[-1:]
    frequency = frequency_of(rows[-1]["period"])
    key = "attainment.horizon" if frequency == "month" else f"attainment.horizon.{frequency}"
    tables = [_chances(t, t("attainment.reached"), at, "reached_by")]
    if any(row.get("held_for_three") for row in at):
        tables.append(_chances(t, t("attainment.held_for_three"), at, "held_for_three"))
    return {"horizons": [t(key, count=row["horizon"]) for row in at], "tables": tables}


def _chances(t: Language, caption: str, at: Sequence[Row], field: str) -> dict[str, Any]:
    """Return one table of chances: a row per level, a column per horizon."""
    rows = [
        {"level": level, "chances": [t.chance((row.get(field) or {}).get(str(level), 0.0)) for row in at]}
        for level in LEVELS[1:]
    ]
    return {"caption": caption, "rows": rows}


def _held(t: Language, row: Row) -> str:
    parts = [t("attainment.scope")] if row["scope"] == "performance" else []
    if row.get("held"):
        parts.append(t("attainment.held", items=t.listing([_held_name(t, h) for h in in_order(row["held"])])))
    return " ".join(parts)


def _held_name(t: Language, held: str) -> str:
    """Return a held item, or an indicator with why it is held (`cpk: inadmissible`), in words."""
    item, _, status = held.partition(": ")
    name = item_name(t, item)
    return f"{name} ({t.either(f'indicator.{status}', status)})" if status else name


def _horizon(row: Row) -> int:
    return int(row["horizon"])
