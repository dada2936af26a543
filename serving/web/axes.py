"""Axes of the figures: whole periods, and values with the official thresholds among the ticks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from serving.palette import token
from serving.web.language import Language
from serving.web.level_bands import LOGARITHMIC, Band, log

WIDE, NARROW = ("0.05", "0.95"), ("0.25", "0.75")
"""Quantiles that bound the two bands of a fan."""

TICKS = 6


def view(
    target: str,
    history: Sequence[tuple[str, float]],
    forecast: Sequence[Mapping[str, Any]],
    bands: Sequence[Band],
) -> tuple[float, float]:
    """Return the visible range: all values, and a threshold where it does not flatten the curve."""
    values = [value for _, value in history if math.isfinite(value)]
    values += [row["quantiles"][name] for row in forecast for name in WIDE]
    to, back = (log, power) if target in LOGARITHMIC else (float, float)
    points = [to(value) for value in values]
    if not points:
        return (0.0, 1.0)
    low, high = min(points), max(points)
    span = (high - low) or abs(high) * 0.1 or 1.0
    bounds = {to(edge) for band in bands for edge in (band.low, band.high) if edge is not None}
    near = [bound for bound in bounds if low - 0.7 * span <= bound <= high + 0.7 * span]
    low, high = min([low, *near]), max([high, *near])
    pad = 0.08 * (high - low or span)
    return back(low - pad), back(high + pad)


def period_axis(language: Language, periods: Sequence[str]) -> dict[str, Any]:
    """Return an axis of whole periods with a handful of labels, whatever their frequency."""
    step = max(1, math.ceil(len(periods) / TICKS))
    at = list(range(len(periods) - 1, -1, -step))[::-1]
    return {
        "range": [-0.6, len(periods) - 0.4],
        "tickvals": at,
        "ticktext": [language.period(periods[i], short=True) for i in at],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickangle": 0,
    }


def value_axis(
    language: Language, target: str, low: float, high: float, bands: Sequence[Band]
) -> dict[str, Any]:
    """Return the axis of a target over the visible range; visible thresholds are always among its ticks."""
    logarithmic = target in LOGARITHMIC
    to = log if logarithmic else float
    ticks = _ticks(low, high, [band.low for band in bands if band.low is not None], logarithmic)
    return {
        "type": "log" if logarithmic else "linear",
        "range": [to(low), to(high)],
        "tickvals": ticks,
        "ticktext": [_tick(language, target, tick, high - low) for tick in ticks],
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }


def _tick(language: Language, target: str, value: float, span: float) -> str:
    if target in LOGARITHMIC:
        return language.number(
            value, max(0, -math.floor(math.log10(value))) if value < 1 else int(value % 1 > 0)
        )
    scale = 1 if target == "cpk" else 100
    least = max(0, 1 - math.floor(math.log10(span * scale / 4 or 1)))
    needed = next(
        (digits for digits in range(4) if abs(round(value * scale, digits) - value * scale) < 1e-9), 3
    )
    return language.target(target, value, min(max(least - 1, needed), 3))


def _ticks(low: float, high: float, thresholds: list[float], logarithmic: bool) -> list[float]:
    """Return the visible thresholds, and round numbers that do not crowd them."""
    to = log if logarithmic else float
    steps = _decades(low, high) if logarithmic else []
    steps = steps if len(steps) > 2 else round_steps(low, high)
    kept = [bound for bound in thresholds if low <= bound <= high]
    apart = 0.11 * (to(high) - to(low))
    free = [step for step in steps if step > 0 or not logarithmic]
    return sorted(kept + [step for step in free if all(abs(to(step) - to(bound)) > apart for bound in kept)])


def _decades(low: float, high: float) -> list[float]:
    """Return 1, (2, 5,) 10 … inside the range: only decades when there are several of them."""
    first, last = math.floor(log(low)), math.ceil(log(high))
    steps = (1, 2, 5) if last - first <= 2 else (1,)
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return [tick for tick in ticks if low <= tick <= high]


def round_steps(low: float, high: float) -> list[float]:
    """Return about five round numbers inside the range."""
    raw = (high - low) / 5 or 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= raw)
    first = math.ceil(low / step)
    return [round(i * step, 12) for i in range(first, math.floor(high / step) + 1)]


def power(value: float) -> float:
    """Return ten to that power."""
    return float(10**value)
