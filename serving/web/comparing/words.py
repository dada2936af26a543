"""Practices in words: their names, their values in their own units, what the effect model says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serving.web.comparing.schemas import PracticeDifference, PracticeVerdict
from serving.web.language import Language
from serving.web.views.words import item_name, parameter_name

Row = Mapping[str, Any]
SHARES = frozenset({"supplier_named", "gauge_known", "loss_inside", "reinspected", "defects_coded"})
OF_LEVERS = frozenset({"level", "spread", "evenness"})


def practice_name(t: Language, one: PracticeDifference, parameters: Mapping[str, Row]) -> str:
    """Return the name of a practice."""
    if one.kind == "item":
        return item_name(t, one.subject)
    if one.kind in OF_LEVERS:
        return t(f"practice.{one.kind}", name=parameter_name(one.subject, parameters))
    return t.either(f"practice.{one.kind}", one.kind)


def practice_value(t: Language, one: PracticeDifference, value: float, parameters: Mapping[str, Row]) -> str:
    """Return a value of a practice in its own unit."""
    if one.kind == "item":
        return t("practice.item.value", level=t.number(value, 0 if value == int(value) else 1))
    if one.kind in SHARES:
        return t.percent(value, 0)
    if one.kind == "incoming_ppm":
        return t.target("ppm", value)
    unit = (parameters.get(one.subject) or {}).get("unit") or "" if one.kind in OF_LEVERS else ""
    return f"{t.short(round(value, 9))} {unit}".strip()


def verdict_text(t: Language, one: PracticeDifference) -> str:
    """Return what the effect model says, or why it says nothing."""
    if one.effect is None:
        return t("practice.verdict.level_only" if one.kind in OF_LEVERS else "none.dash")
    told = one.effect
    if told.verdict in {"fewer", "more"}:
        return t(f"practice.verdict.{told.verdict}", share=_change(t, told), span=_span(t, told))
    return t(f"practice.verdict.{told.verdict}")


def _change(t: Language, told: PracticeVerdict) -> str:
    return t.percent(abs(told.estimate or 0.0), 0)


def _span(t: Language, told: PracticeVerdict) -> str:
    ends = sorted(abs(value or 0.0) for value in (told.low, told.high))
    return t("unit.between", low=t.percent(ends[0], 0), high=t.percent(ends[1], 0))
