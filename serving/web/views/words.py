"""Names that need more than a catalogue: levels, items, notes of a grade, features of a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from qm_rules import load_pack
from serving.web.language import Language
from serving.web.scales import INDICATOR_OF, LEVELS, TARGET_OF

Row = Mapping[str, Any]
OTHERS = "(others)"
"""The driver that stands for all small ones (models.outlook)."""
SIGNAL_TARGETS = {"process": "ftq", "capability": "cpk"}
"""Signals that are told like a target: a step's yield, a put-together Cpk."""


def level_name(t: Language, level: int | None) -> str:
    """Return the official name of a level."""
    return t(f"level.{level}") if level in LEVELS else t("level.none")


def item_name(t: Language, item: str) -> str:
    """Return the official name of an indicator or a management item."""
    return t.either(f"item.{item}", item)


def item_names(t: Language, items: list[str], most: int = 99) -> str:
    """Return several items as a list, the first `most` of them."""
    return t.listing([item_name(t, item) for item in items[:most]])


def in_order(items: Iterable[str]) -> list[str]:
    """Return indicators and items in the order of the official tables."""
    order = [item for dimension in load_pack().dimensions.values() for item in dimension.members]
    return sorted(items, key=lambda item: order.index(item) if item in order else len(order))


def target_name(t: Language, target: str) -> str:
    """Return the name of a forecast target."""
    return t.either(f"target.{target}", target)


def window_text(t: Language, window: Row) -> str:
    """Return `2025-01` to `2025-12` in words."""
    return t("period.span", start=t.period(window["start"]), end=t.period(window["end"]))


def note_text(t: Language, note: Row) -> str:
    """Return a note of a grade in plain words."""
    item = item_name(t, note.get("indicator") or "")
    detail = ", ".join(
        str(value) for key, value in note.items() if key not in {"code", "indicator"} and value is not None
    )
    key = f"note.{note['code']}"
    if not t.has(key):
        return t("note.other", code=note["code"], item=item or detail)
    return t(key, item=item, detail=detail)


def indicator_of(target: str) -> str:
    """Return the official indicator that a forecast target feeds."""
    return INDICATOR_OF.get(target, target)


def target_of(indicator: str) -> str | None:
    """Return the forecast target that feeds an indicator, None for a management item."""
    return TARGET_OF.get(indicator, indicator) if indicator in load_pack().indicators else None


def feature_name(t: Language, feature: str, parameters: Mapping[str, Row]) -> str:
    """Return a model feature (`param.furnace_temp.ew3`, `ftq.lag1`, `calendar.sin`) in words."""
    if feature == OTHERS:
        return t("drivers.rest")
    stem, _, suffix = feature.rpartition(".")
    if feature.startswith("calendar."):
        return t("feature.calendar")
    if not stem or stem == "capability":
        return t.either(f"feature.{feature}", feature)
    name, key = _signal_name(t, stem, parameters), f"feature.{suffix}"
    if t.has(key):
        return t(key, name=name)
    lag = suffix.removeprefix("lag")
    return t("feature.lag", name=name, count=lag) if lag.isdigit() else t("feature.other", name=feature)


def _signal_name(t: Language, stem: str, parameters: Mapping[str, Row]) -> str:
    if stem.startswith("param."):
        return parameter_name(stem.removeprefix("param."), parameters)
    if stem.startswith("process."):
        return t("feature.process", step=stem.removeprefix("process."))
    return t.either(f"target.{stem}", stem)


def feature_value(t: Language, feature: str, value: float | None, parameters: Mapping[str, Row]) -> str:
    """Return a feature's value in its own unit, a dash where the number says nothing to a person."""
    stem, _, suffix = feature.rpartition(".")
    if value is None or not math.isfinite(value) or stem in {"calendar", ""}:
        return t("none.dash")
    target = SIGNAL_TARGETS.get(stem.partition(".")[0], stem)
    if t.has(f"target.{target}") and suffix != "known":
        return t.target(target, value)
    unit = (parameters.get(stem.removeprefix("param.")) or {}).get("unit") or ""
    return f"{t.short(value)} {unit}".strip()


def parameter_name(parameter_id: str, parameters: Mapping[str, Row], otherwise: str | None = None) -> str:
    """Return the plant's own name of a parameter, else its id."""
    return (parameters.get(parameter_id) or {}).get("name") or otherwise or parameter_id
