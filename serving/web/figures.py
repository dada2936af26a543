"""Figures as plain JSON for plotly: pages, notebooks and reports draw the same ones.

A figure is a dict {"data": […], "layout": {…}} without any plotly import; colours are tokens
(`serving.palette`), words and numbers come from a `Language`. In a notebook:
`plotly.graph_objects.Figure(resolve(fan(...), LIGHT))`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from serving.palette import token
from serving.web.axes import NARROW, WIDE, period_axis, value_axis, view
from serving.web.language import Language
from serving.web.level_bands import FLOOR, LOGARITHMIC, Band, band_labels, band_shapes

Figure = dict[str, Any]


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
    low, high = view(target, history, forecast, bands)
    layout = ground(language) | {
        "xaxis": period_axis(language, periods),
        "yaxis": value_axis(language, target, low, high, bands),
        "shapes": [*band_shapes(bands, low, high), _today(start - 0.5)],
        "annotations": band_labels(language, target, bands, low, high),
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
    layout = ground(language) | {
        "barmode": "stack",
        "bargap": 0.12,
        "xaxis": period_axis(language, [row["period"] for row in rows]),
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


def ground(language: Language) -> dict[str, Any]:
    """Return what every figure shares: no ground of its own, the page's type, a quiet hover label."""
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
