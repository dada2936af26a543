"""Figures as plain JSON for plotly: pages, notebooks and reports draw the same ones.

A figure is a dict {"data": […], "layout": {…}} without any plotly import; colours are tokens
(`serving.web.palette`), words and numbers come from a `Language`. In a notebook:
`plotly.graph_objects.Figure(resolve(fan(...), LIGHT))`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serving.web.language import Language
from serving.web.palette import token

Figure = dict[str, Any]
LOGARITHMIC = frozenset({"ppm"})
"""Targets that span decades: their thresholds are 66 800, 6 200, 230 and 3.4."""

FLOOR = 0.1
"""Lowest ppm that is drawn; what lies below, zero too, stands on the floor (its label says what it is)."""

WIDE, NARROW = ("0.05", "0.95"), ("0.25", "0.75")
TICKS = 6


@dataclass(frozen=True)
class Band:
    """The values of one target that support exactly one official level; None is an open end."""

    level: int
    low: float | None
    high: float | None


def fan(
    language: Language,
    target: str,
    history: Sequence[tuple[str, float]],
    forecast: Sequence[Mapping[str, Any]],
    bands: Sequence[Band],
) -> Figure:
    """Return known values, the forecast with its 50 % and 90 % bands, and the official levels behind them.

    `history` are (period, value) in order, `forecast` the `ForecastRow`s of one target in order of horizon.
    """
    periods = [period for period, _ in history] + [row["period"] for row in forecast]
    start = len(history)
    x = list(range(start, start + len(forecast)))
    anchor = ([start - 1], [_drawn(target, history[-1][1])]) if history else ([], [])
    data = [
        *_fan_traces(language, target, x, forecast, anchor),
        _history_trace(language, target, history),
    ]
    low, high = _view(target, history, forecast, bands)
    layout = _layout(language) | {
        "xaxis": _period_axis(language, periods),
        "yaxis": _value_axis(language, target, low, high, bands),
        "shapes": [*_band_shapes(bands, low, high), _today(start - 0.5)],
        "annotations": _band_labels(language, target, bands, low, high),
        "margin": {"l": 56, "r": 76, "t": 10, "b": 34},
        "showlegend": False,
    }
    return {"data": data, "layout": layout}


def attainment(language: Language, rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Return the probability of each level at the end of each coming period, as stacked columns."""
    x = list(range(len(rows)))
    data = [
        {
            "type": "bar",
            "name": language(f"level.{level}"),
            "x": x,
            "y": [row["probabilities"].get(str(level), 0.0) for row in rows],
            "customdata": [
                [language.period(row["period"]), language.chance(row["probabilities"].get(str(level), 0.0))]
                for row in rows
            ],
            "hovertemplate": f"%{{customdata[0]}}<br>{language(f'level.{level}')} "
            "%{customdata[1]}<extra></extra>",
            "marker": {"color": token(f"level-{level}"), "line": {"width": 0}},
        }
        for level in range(1, 6)
    ]
    axis = {"range": [0, 1], "tickvals": [0, 0.25, 0.5, 0.75, 1], "fixedrange": True}
    axis |= {"ticktext": [language.percent(value, 0) for value in (0, 0.25, 0.5, 0.75, 1)]}
    layout = _layout(language) | {
        "barmode": "stack",
        "bargap": 0.12,
        "xaxis": _period_axis(language, [row["period"] for row in rows]),
        "yaxis": axis | {"gridcolor": token("line"), "zeroline": False},
        "margin": {"l": 48, "r": 8, "t": 10, "b": 34},
        "showlegend": False,
    }
    return {"data": data, "layout": layout}


def _fan_traces(
    language: Language,
    target: str,
    x: list[int],
    forecast: Sequence[Mapping[str, Any]],
    anchor: tuple[list[int], list[float]],
) -> list[dict[str, Any]]:
    at, known = anchor
    bands = []
    for (low, high), role in ((WIDE, "fan-wide"), (NARROW, "fan-narrow")):
        lows = known + [_drawn(target, row["quantiles"][low]) for row in forecast]
        highs = known + [_drawn(target, row["quantiles"][high]) for row in forecast]
        bands.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": (at + x) + (at + x)[::-1],
                "y": highs + lows[::-1],
                "fill": "toself",
                "fillcolor": token(role),
                "line": {"width": 0},
                "hoverinfo": "skip",
            }
        )
    middle = {
        "type": "scatter",
        "mode": "lines",
        "x": at + x,
        "y": known + [_drawn(target, row["mean"]) for row in forecast],
        "customdata": [["", "", ""]] * len(at) + [_hover(language, target, row) for row in forecast],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "line": {"color": token("forecast"), "width": 2.5},
    }
    return [*bands, middle]


def _drawn(target: str, value: float) -> float:
    """Return where a value is drawn: a logarithmic axis has no zero, so it ends at its floor."""
    return max(value, FLOOR) if target in LOGARITHMIC else value


def _hover(language: Language, target: str, row: Mapping[str, Any]) -> list[str]:
    low, high = (row["quantiles"][name] for name in WIDE)
    mean = language.target(target, row["mean"])
    return [language.period(row["period"]), mean, language.span(target, low, high)]


def _history_trace(language: Language, target: str, history: Sequence[tuple[str, float]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(history))),
        "y": [_drawn(target, value) if math.isfinite(value) else None for _, value in history],
        "customdata": [
            [language.period(period), language.target(target, value) if math.isfinite(value) else "–"]
            for period, value in history
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": token("history"), "width": 1.6},
        "marker": {"size": 4.5, "color": token("history")},
    }


def _view(
    target: str,
    history: Sequence[tuple[str, float]],
    forecast: Sequence[Mapping[str, Any]],
    bands: Sequence[Band],
) -> tuple[float, float]:
    """Return the visible range: all values, and a threshold where it does not flatten the curve."""
    values = [value for _, value in history if math.isfinite(value)]
    values += [row["quantiles"][name] for row in forecast for name in WIDE]
    to, back = (_log, _power) if target in LOGARITHMIC else (float, float)
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


def _log(value: float) -> float:
    return math.log10(max(value, FLOOR))


def _power(value: float) -> float:
    return float(10**value)


def _band_shapes(bands: Sequence[Band], low: float, high: float) -> list[dict[str, Any]]:
    shapes: list[dict[str, Any]] = []
    for band in bands:
        bottom, top = _clipped(band, low, high)
        if top <= bottom:
            continue
        place = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
        fill = {"fillcolor": token(f"level-{band.level}"), "opacity": 0.13, "line": {"width": 0}}
        shapes.append({"type": "rect", "y0": bottom, "y1": top, **place, **fill})
        if bottom > low:
            line = {"color": token("faint"), "width": 1, "dash": "dot"}
            shapes.append({"type": "line", "y0": bottom, "y1": bottom, **place, "line": line})
    return shapes


def _clipped(band: Band, low: float, high: float) -> tuple[float, float]:
    bottom = low if band.low is None else max(low, band.low)
    return bottom, high if band.high is None else min(high, band.high)


def _band_labels(
    language: Language, target: str, bands: Sequence[Band], low: float, high: float
) -> list[dict[str, Any]]:
    """Return the level's name in the right margin of each visible band, at its middle."""
    labels = []
    to = _log if target in LOGARITHMIC else float
    whole = to(high) - to(low)
    for band in bands:
        bottom, top = (to(edge) for edge in _clipped(band, low, high))
        if top - bottom < 0.07 * whole:
            continue
        labels.append(
            {
                "text": language(f"level.{band.level}.mark"),
                "xref": "paper",
                "x": 1.01,
                "xanchor": "left",
                "yref": "y",
                "y": (bottom + top) / 2,
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 12, "color": token("soft")},
            }
        )
    return labels


def _today(x: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "line": {"color": token("line"), "width": 1},
    }


def _layout(language: Language) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "inherit", "size": 12, "color": token("soft")},
        "hoverlabel": {
            "bgcolor": token("card"),
            "bordercolor": token("line"),
            "font": {"color": token("ink"), "size": 13},
        },
        "separators": ".,",
        "dragmode": False,
        "hovermode": "closest",
        "meta": {"language": language.tag},
    }


def _period_axis(language: Language, periods: Sequence[str]) -> dict[str, Any]:
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


def _value_axis(
    language: Language, target: str, low: float, high: float, bands: Sequence[Band]
) -> dict[str, Any]:
    logarithmic = target in LOGARITHMIC
    to = _log if logarithmic else float
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
    to = _log if logarithmic else float
    steps = _decades(low, high) if logarithmic else []
    steps = steps if len(steps) > 2 else _round_steps(low, high)
    kept = [bound for bound in thresholds if low <= bound <= high]
    apart = 0.11 * (to(high) - to(low))
    free = [step for step in steps if step > 0 or not logarithmic]
    return sorted(kept + [step for step in free if all(abs(to(step) - to(bound)) > apart for bound in kept)])


def _decades(low: float, high: float) -> list[float]:
    """Return 1, (2, 5,) 10 … inside the range: only decades when there are several of them."""
    first, last = math.floor(_log(low)), math.ceil(_log(high))
    steps = (1, 2, 5) if last - first <= 2 else (1,)
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return [tick for tick in ticks if low <= tick <= high]


def _round_steps(low: float, high: float) -> list[float]:
    """Return about five round numbers inside the range."""
    raw = (high - low) / 5 or 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= raw)
    first = math.ceil(low / step)
    return [round(i * step, 12) for i in range(first, math.floor(high / step) + 1)]
