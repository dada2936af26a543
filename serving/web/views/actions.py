"""Recommendations in words: the move, what it brings and when, or why there is none and what to do then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.web.language import Language
from serving.web.views.action_details import (
    benefit_view,
    effect_views,
    evidence_lines,
    level_view,
    measure_lines,
    method_lines,
    money_span,
)
from serving.web.views.words import Row, parameter_name, target_name


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
        "process": _process(t, row),
        "start": parameter_value(t, row["from"], row, parameters),
        "end": parameter_value(t, row["to"], row, parameters),
        "target": target_name(t, target),
        "effect": t.signed(target, effect["estimate"]),
        "interval": t("actions.effect.interval", interval=interval),
        "benefit": _money(t, row.get("benefit")),
        "benefit_interval": _benefit_interval(t, row),
        "cost": _money(t, row.get("cost")),
        "payback": _payback(t, row.get("payback_months")),
        "confidence": row["confidence"],
        "level": level_view(t, row),
        "effects": effect_views(t, row.get("effects") or ()),
        "table": benefit_view(t, row.get("benefit_table")),
        "why": [*range_lines(t, row, parameters), *evidence_lines(t, row, parameters)],
        "measures": measure_lines(t, row, parameters),
        "method": method_lines(t, row),
    }


def _process(t: Language, row: Row) -> str:
    process = row.get("process_name") or row.get("process_id")
    return t("actions.process", name=process) if process else ""


def _benefit_interval(t: Language, row: Row) -> str:
    low, high = row.get("benefit_low"), row.get("benefit_high")
    if low is None or high is None:
        return ""
    return t("actions.effect.interval", interval=money_span(t, low, high))


def _payback(t: Language, months: float | None) -> str:
    if months is None:
        return t("none.dash")
    return t("actions.payback.months", months=t.number(months, 1))


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


def range_lines(t: Language, row: Row, parameters: Mapping[str, Row]) -> list[str]:
    """Return within which range of its own the move stays."""
    shown = (row.get("evidence") or {}).get("range_shown")
    if not shown:
        return []
    low = parameter_value(t, shown[0], row, parameters, unit=False)
    return [t("actions.why.range", low=low, high=parameter_value(t, shown[1], row, parameters))]


def together_sentence(t: Language, rows: Sequence[Row]) -> str:
    """Return what all moves of a plant bring when they are made together; empty where nobody said."""
    joint = next((row["together"] for row in rows if row.get("together")), None)
    if joint is None or joint.get("benefit") is None:
        return ""
    span = money_span(t, joint["benefit_low"], joint["benefit_high"])
    count = t.number(len(joint["parameter_ids"]))
    return t("actions.together", count=count, benefit=t.money(joint["benefit"]), interval=span)


def withheld_views(t: Language, rows: Sequence[Row], parameters: Mapping[str, Row]) -> list[str]:
    """Return every actionable lever that is not recommended, with the reason."""
    withheld = next((row["withheld"] for row in rows if row.get("withheld")), ())
    reasons = [reason_text(t, one["reason_code"], one["parameter_id"], parameters) for one in withheld]
    return [reason[:1].upper() + reason[1:] for reason in reasons]


def no_action_reason(
    t: Language, rows: Sequence[Row], parameters: Mapping[str, Row], *, published: bool
) -> str:
    """Return why nothing is recommended."""
    if not published:
        return t("actions.none.outlook")
    silent = _silent(rows)
    if silent is None:
        return t("actions.none")
    lever = silent.get("reason_parameter_id")
    return t("actions.none.reason", reason=reason_text(t, silent["reason_code"], lever, parameters))


def next_step(t: Language, rows: Sequence[Row], parameters: Mapping[str, Row]) -> str:
    """Return what would settle why nothing is recommended; empty where something is."""
    silent = _silent(rows)
    if silent is None or any(row.get("rank") is not None for row in rows):
        return ""
    name = parameter_name(silent.get("reason_parameter_id") or "", parameters)
    key = f"reason.next.{silent['reason_code']}"
    return t(key, name=name) if t.has(key) else ""


def _silent(rows: Sequence[Row]) -> Row | None:
    return next((row for row in rows if row.get("rank") is None and row.get("reason_code")), None)


def reason_text(t: Language, code: str, parameter_id: str | None, parameters: Mapping[str, Row]) -> str:
    """Return why a lever, or with None a whole enterprise, gets no advice."""
    name = parameter_name(parameter_id, parameters) if parameter_id else t("reason.levers")
    return t(f"reason.{code}", name=name)
