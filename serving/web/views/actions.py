"""Recommendations in words: the move, its effect, what it rests on, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.web.language import Language
from serving.web.views.words import Row, parameter_name, target_name

REASONS = (
    ("kind `actionable`", "no_actionable"),
    ("no outcome", "no_outcome"),
    ("enough readings of its own", "no_room"),
    ("cost more than it saves", "too_costly"),
    ("periods of its own history", "short_history"),
    ("gauge's noise", "noisy_gauge"),
    ("hardly moved by itself", "unmoved"),
    ("in answer to bad periods", "reactive"),
    ("covers zero", "covers_zero"),
    ("shifted to the wrong time", "placebo"),
    ("changes sign", "sign"),
    ("invented common cause", "random_cause"),
)
"""What the words of an English reason (models.recommend) say, as keys of the catalogue."""


def action_views(t: Language, rows: Sequence[Row], parameters: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Return the trustworthy recommendations, best first."""
    ranked = sorted((row for row in rows if row.get("rank") is not None), key=lambda row: int(row["rank"]))
    return [_action_view(t, row, parameters) for row in ranked]


def _action_view(t: Language, row: Row, parameters: Mapping[str, Row]) -> dict[str, Any]:
    effect, target = row["effect"], row["target"]
    interval = t.signed_span(target, effect["low"], effect["high"])
    return {
        "rank": row["rank"],
        "title": parameter_name(row["parameter_id"], parameters, row.get("parameter_name")),
        "start": parameter_value(t, row["from"], row, parameters),
        "end": parameter_value(t, row["to"], row, parameters),
        "target": target_name(t, target),
        "effect": t.signed(target, effect["estimate"]),
        "interval": t("actions.effect.interval", interval=interval),
        "benefit": _money(t, row.get("benefit")),
        "cost": _money(t, row.get("cost")),
        "confidence": row["confidence"],
        "why": why(t, row, parameters),
    }


def parameter_value(
    t: Language, value: float | None, row: Row, parameters: Mapping[str, Row], *, unit: bool = True
) -> str:
    """Return a value of the row's parameter, with its unit."""
    if value is None:
        return t("none.dash")
    named = (parameters.get(row["parameter_id"]) or {}).get("unit") or row.get("unit") or ""
    return f"{t.short(value)} {named}".strip() if unit else t.short(value)


def _money(t: Language, amount: float | None) -> str:
    return t("none.dash") if amount is None else t.money(amount)


def why(t: Language, row: Row, parameters: Mapping[str, Row]) -> list[str]:
    """Return what a recommendation rests on, the method that fits it and the official task it serves."""
    evidence = row.get("evidence") or {}
    said = []
    if "history_periods" in evidence:
        own, sector = (t.number(evidence[name]) for name in ("history_periods", "sector_periods"))
        said.append(t("actions.why", own=own, sector=sector))
    if evidence.get("range_shown"):
        low, high = evidence["range_shown"]
        ends = {"low": parameter_value(t, low, row, parameters, unit=False)}
        said.append(t("actions.why.range", **ends, high=parameter_value(t, high, row, parameters)))
    if row.get("method"):
        said.append(t("actions.method", method=t.either(f"method.{row['method']}", row["method"])))
    return [*said, row["task"]] if row.get("task") else said


def no_action_reason(
    t: Language, rows: Sequence[Row], parameters: Mapping[str, Row], *, published: bool
) -> str:
    """Return why nothing is recommended."""
    if not published:
        return t("actions.none.outlook")
    reasons = [row["reason"] for row in rows if row.get("rank") is None and row.get("reason")]
    if not reasons:
        return t("actions.none")
    return t("actions.none.reason", reason=reason_text(t, reasons[0], parameters))


def reason_text(t: Language, reason: str, parameters: Mapping[str, Row]) -> str:
    """Return a reason of the effect model in the reader's language, as it stands if it is not known."""
    key = next((key for words, key in REASONS if words in reason), None)
    if key is None:
        return reason
    lever = next((name for name in parameters if f" {name}:" in reason), "")
    return t(f"reason.{key}", name=parameter_name(lever, parameters))
