"""Forecasts, attainment, drivers and actions on an enterprise's page: what the published outlook says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.web import figures
from serving.web.language import Language
from serving.web.scales import LEVELS, bands, rising
from serving.web.views.words import (
    Row,
    feature_name,
    indicator_of,
    item_name,
    item_names,
    level_name,
    parameter_name,
    target_name,
)

TARGETS = ("ftq", "cpk", "internal_loss", "external_loss", "ppm")
"""Order on the page: what a plant steers by first."""

SHOWN = {"month": 36, "week": 52, "day": 60}
"""Known periods before the forecast, by frequency."""

TOP_DRIVERS = 8
HORIZONS = (3, 6, 12)


def whole(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the enterprise as a whole, without those of single products."""
    return [row for row in rows if not row.get("product_id")]


def forecast_views(
    t: Language, history: Sequence[Row], forecasts: Sequence[Row], frequency: str = "month"
) -> list[dict[str, Any]]:
    """Return one chart per target that has a forecast."""
    views = []
    for target in TARGETS:
        rows = sorted((row for row in whole(forecasts) if row["target"] == target), key=_horizon)
        known = [(row["period"], row["value"]) for row in whole(history) if row["target"] == target]
        if rows:
            views.append(_forecast_view(t, target, known[-SHOWN.get(frequency, 36) :], rows))
    return views


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
                "interval": t("forecast.interval", **_ends(t, target, row)),
            }
            for row in rows
        ],
    }


def _forecast_summary(t: Language, target: str, known: list[tuple[str, float]], last: Row) -> str:
    values = {
        "target": target_name(t, target),
        "mean": t.target(target, last["mean"]),
        "end": t.period(last["period"]),
        **_ends(t, target, last),
    }
    if not known:
        return t("forecast.summary.blind", **values)
    period, value = known[-1]
    return t("forecast.summary", last=t.target(target, value), last_period=t.period(period), **values)


def _ends(t: Language, target: str, row: Row) -> dict[str, str]:
    low, high = (row["quantiles"][name] for name in figures.WIDE)
    return {"low": t.target(target, low), "high": t.target(target, high)}


def attainment_view(
    t: Language, rows: Sequence[Row], level: int | None, frequency: str = "month"
) -> dict[str, Any] | None:
    """Return the probability of each level to come, on the official window if there is one."""
    basis = "window" if any(row["basis"] == "window" for row in rows) else "period"
    chosen = sorted((row for row in rows if row["basis"] == basis), key=_horizon)
    if not chosen:
        return None
    last, aim = chosen[-1], min((level or 1) + 1, LEVELS[-1])
    key = "attainment.summary.top" if level == LEVELS[-1] else "attainment.summary"
    summary = t(
        key,
        end=t.period(last["period"]),
        level=level_name(t, aim),
        now=t.chance(at_least(last, aim)),
        once=t.chance(last["reached_by"][str(aim)]),
    )
    return {
        "figure": figures.attainment(t, chosen),
        "summary": summary,
        "caption": t("attainment.caption" if basis == "window" else "attainment.caption.period"),
        **_reached(t, chosen, frequency),
        "held": _held(t, last),
    }


def at_least(row: Row, level: int) -> float:
    """Return the probability of a level or a better one in an attainment row."""
    return sum(float(chance) for name, chance in row["probabilities"].items() if int(name) >= level)


def _reached(t: Language, rows: list[Row], frequency: str) -> dict[str, Any]:
    at = [row for row in rows if row["horizon"] in HORIZONS] or rows[-1:]
    key = "attainment.horizon" if frequency == "month" else f"attainment.horizon.{frequency}"
    return {
        "horizons": [t(key, count=row["horizon"]) for row in at],
        "rows": [
            {"level": level, "chances": [t.chance(row["reached_by"][str(level)]) for row in at]}
            for level in LEVELS[1:]
        ],
    }


def _held(t: Language, row: Row) -> str:
    parts = [t("attainment.scope")] if row["scope"] == "performance" else []
    if row.get("held"):
        parts.append(t("attainment.held", items=item_names(t, list(row["held"]))))
    return " ".join(parts)


def drivers_view(
    t: Language, rows: Sequence[Row], parameters: Mapping[str, Row], target: str | None, url: str
) -> dict[str, Any] | None:
    """Return the drivers of one target's next period, with tabs for the others."""
    nearest = [row for row in whole(rows) if row["horizon"] == 1] or whole(rows)
    targets = [name for name in TARGETS if any(row["target"] == name for row in nearest)]
    if not targets:
        return None
    chosen = target if target in targets else targets[0]
    mine = sorted((row for row in nearest if row["target"] == chosen), key=lambda row: int(row["rank"]))
    shown = _with_rest(t, [(feature_name(t, row["feature"], parameters), row) for row in mine])
    first = mine[0]
    return {
        "tabs": [
            {"name": target_name(t, name), "url": f"{url}?target={name}#drivers", "here": name == chosen}
            for name in targets
        ],
        "figure": figures.drivers(t, chosen, [(name, value) for name, _, value in shown]),
        "summary": t(
            "drivers.summary",
            target=target_name(t, chosen),
            period=t.period(first["period"]),
            forecast=t.target(chosen, first["forecast"], 3),
            baseline=t.target(chosen, first["baseline"], 3),
            difference=t.signed(chosen, first["forecast"] - first["baseline"], 3),
        ),
        "rows": [
            {"name": name, "value": value, "contribution": t.signed(chosen, share, 3)}
            for name, value, share in shown
        ],
    }


def _with_rest(t: Language, rows: list[tuple[str, Row]]) -> list[tuple[str, str, float]]:
    """Return name, value and contribution of the largest drivers, and the sum of all others."""
    shown = [
        (
            name,
            t.short(row["value"]) if row["value"] is not None else t("none.dash"),
            float(row["contribution"]),
        )
        for name, row in rows[:TOP_DRIVERS]
    ]
    rest = sum(float(row["contribution"]) for _, row in rows[TOP_DRIVERS:])
    return [*shown, (t("drivers.rest"), t("none.dash"), rest)] if len(rows) > TOP_DRIVERS else shown


def action_views(t: Language, rows: Sequence[Row], parameters: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Return the trustworthy recommendations, best first."""
    ranked = sorted((row for row in rows if row.get("rank") is not None), key=lambda row: int(row["rank"]))
    return [_action_view(t, row, parameters) for row in ranked]


def _action_view(t: Language, row: Row, parameters: Mapping[str, Row]) -> dict[str, Any]:
    effect, target = row["effect"], row["target"]
    return {
        "rank": row["rank"],
        "title": parameter_name(row["parameter_id"], parameters),
        "start": parameter_value(t, row["from"], parameters.get(row["parameter_id"])),
        "end": parameter_value(t, row["to"], parameters.get(row["parameter_id"])),
        "target": target_name(t, target),
        "effect": t.signed(target, effect["estimate"]),
        "interval": t(
            "actions.effect.interval",
            low=t.signed(target, effect["low"]),
            high=t.signed(target, effect["high"]),
        ),
        "benefit": t.money(row["benefit"]) if row.get("benefit") is not None else t("none.dash"),
        "cost": t.money(row["cost"]) if row.get("cost") is not None else t("none.dash"),
        "confidence": row["confidence"],
        "why": evidence_text(row.get("evidence")),
    }


def parameter_value(t: Language, value: float | None, parameter: Row | None) -> str:
    """Return a parameter's value with its unit."""
    if value is None:
        return t("none.dash")
    unit = (parameter or {}).get("unit") or ""
    return f"{t.short(value)} {unit}".strip()


def evidence_text(evidence: object) -> str:
    """Return what a recommendation rests on as text, whatever form it came in."""
    if isinstance(evidence, Mapping):
        return "; ".join(f"{key}: {value}" for key, value in evidence.items() if value is not None)
    return str(evidence) if evidence else ""


def no_action_reason(t: Language, rows: Sequence[Row], published: bool) -> str:
    """Return why nothing is recommended."""
    if not published:
        return t("actions.none.outlook")
    reasons = [row["reason"] for row in rows if row.get("rank") is None and row.get("reason")]
    return t("actions.none.reason", reason=reasons[0]) if reasons else t("actions.none")


def _horizon(row: Row) -> int:
    return int(row["horizon"])


__all__ = [
    "action_views",
    "at_least",
    "attainment_view",
    "drivers_view",
    "forecast_views",
    "item_name",
    "no_action_reason",
    "parameter_value",
    "whole",
]
