"""The five indicators against the official thresholds, with what the next level needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from qm_rules import load_pack
from qm_rules.shortfall import Shortfall
from serving.web.language import Language
from serving.web.scales import INDICATORS, LEVELS, rising
from serving.web.views.gaps import gap_text, nearest_shortfalls
from serving.web.views.sigma import shown_sigma
from serving.web.views.words import Row, item_name

LOSSES = frozenset({"internal_loss", "external_loss"})
OPERATORS = {">=": "≥", "<=": "≤", "<": "<"}


def indicators_view(t: Language, grade: Row, evidence: Row) -> list[dict[str, Any]]:
    """Return one row per indicator, in official order."""
    lacking = nearest_shortfalls(grade, evidence)
    return [_row(t, grade, evidence, indicator, lacking.get(indicator)) for indicator in INDICATORS]


def _row(t: Language, grade: Row, evidence: Row, indicator: str, lacking: Shortfall | None) -> dict[str, Any]:
    found = grade["indicators"][indicator]
    return {
        "name": item_name(t, indicator),
        "binding": indicator in grade["binding"],
        "note": t(f"direction.{'up' if rising(indicator) else 'down'}"),
        "value": value_text(t, indicator, found),
        "extra": _extra(t, indicator, found, evidence),
        "cells": [_cell(t, indicator, level, found["level"]) for level in LEVELS],
        **gap_text(t, grade, indicator, lacking)._asdict(),
    }


def value_text(t: Language, indicator: str, found: Row) -> str:
    """Return a value with as many digits as it takes not to be rounded across a threshold."""
    if found["value"] is None:
        return t("none.dash")
    value = Decimal(found["value"])
    if indicator == "sigma":
        return t.target("sigma", value)
    scale = Decimal(1) if indicator == "cpk" else Decimal(100)
    return t.target(indicator, value, honest_digits(indicator, value, scale))


def honest_digits(indicator: str, value: Decimal, scale: Decimal = Decimal(1), least: int = 2) -> int:
    """Return how many decimals keep the shown value on its side of every threshold (1.3299 is not 1.33)."""
    bounds = [bound for _, _, bound in load_pack().thresholds[indicator]]
    for digits in range(least, 12):
        with localcontext(prec=40):
            shown = round(value * scale, digits) / scale
        if all((shown >= bound) == (value >= bound) for bound in bounds):
            return digits
    return 12


def _extra(t: Language, indicator: str, found: Row, evidence: Row) -> str:
    """Return the status of a value that is not simply measured, or the σ beside ppm."""
    if found["status"] != "measured":
        return t(f"indicator.{found['status']}")
    if indicator != "sigma":
        return ""
    bad, units = (_total(evidence["deliveries"], column) for column in ("nonconforming", "units"))
    sigma, bound = shown_sigma(bad, units)
    if not math.isfinite(sigma):
        return ""
    return t("indicators.sigma.at_least" if bound else "indicators.sigma", sigma=t.number(sigma, 2))


def _cell(t: Language, indicator: str, level: int, here: int | None) -> dict[str, Any]:
    return {"level": level, "here": level == here, "text": threshold_text(t, indicator, level)}


def threshold_text(t: Language, indicator: str, level: int) -> str:
    """Return what a level asks of an indicator, in the document's own figures."""
    bounds = {number: (operator, bound) for number, operator, bound in load_pack().thresholds[indicator]}
    if level not in bounds:
        return t("threshold.not_tracked") if indicator in LOSSES else _below(t, indicator, bounds[level + 1])
    operator, bound = bounds[level]
    return f"{OPERATORS[operator]}{_figure(t, indicator, bound)}"


def _below(t: Language, indicator: str, second: tuple[str, Decimal]) -> str:
    sign = "<" if second[0] == ">=" else ">"
    return f"{sign}{_figure(t, indicator, second[1])}"


def _figure(t: Language, indicator: str, bound: Decimal) -> str:
    if indicator == "sigma":
        return t.number(bound, 1 if bound < 10 else 0)
    if indicator == "cpk":
        return t.number(bound, 2)
    return t.percent(bound, max(0, -int((bound * 100).normalize().as_tuple().exponent)))


def _total(rows: list[Mapping[str, Any]], column: str) -> int:
    return sum(int(row[column]) for row in rows)
