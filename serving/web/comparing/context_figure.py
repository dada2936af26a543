"""A chart of figures by calendar year: published ones and a region's own, told apart by line and mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from serving.palette import token
from serving.web.axes import round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language

MOST_TICKS = 7


@dataclass(frozen=True)
class Series:
    """A line: (year, value) in order, a colour of the palette; `own` is drawn thicker and filled."""

    name: str
    points: Sequence[tuple[int, float]] = field(default_factory=tuple)
    colour: str = "soft"
    dash: str = "solid"
    own: bool = False


def years_chart(t: Language, series: Sequence[Series], unit: str) -> Figure:
    """Return the chart; values are per cent or points of an index (`unit`)."""
    years = sorted({year for one in series for year, _ in one.points})
    values = [value for one in series for _, value in one.points]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    pad = 0.1 * ((high - low) or 1.0)
    ticks = round_steps(low - pad, high + pad)
    layout = ground(t) | {
        "xaxis": {
            "range": [years[0] - 0.7, years[-1] + 0.7] if years else [0, 1],
            "tickvals": _ticks(years),
            "ticktext": [str(year) for year in _ticks(years)],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickangle": 0,
        },
        "yaxis": {
            "range": [low - pad, high + pad],
            "tickvals": ticks,
            "ticktext": [_text(t, tick, unit) for tick in ticks],
            "gridcolor": token("line"),
            "griddash": "dot",
            "zeroline": False,
            "fixedrange": True,
        },
        "margin": {"l": 54, "r": 12, "t": 10, "b": 30},
        "showlegend": False,
    }
    return {"data": [_line(t, one, unit) for one in series], "layout": layout}


def _line(t: Language, one: Series, unit: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [year for year, _ in one.points],
        "y": [value for _, value in one.points],
        "customdata": [[one.name, str(year), _text(t, value, unit)] for year, value in one.points],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} %{customdata[2]}<extra></extra>",
        "line": {"color": token(one.colour), "width": 2.5 if one.own else 1.5, "dash": one.dash},
        "marker": {
            "color": token(one.colour),
            "size": 8 if one.own else 6,
            "symbol": "circle" if one.own else "circle-open",
        },
    }


def _ticks(years: Sequence[int]) -> list[int]:
    """The latest year, and years before it as far as their labels do not touch."""
    apart = (years[-1] - years[0]) / MOST_TICKS if years else 0
    kept: list[int] = []
    for year in reversed(years):
        if not kept or kept[-1] - year >= max(apart, 1):
            kept.append(year)
    return kept[::-1]


def _text(t: Language, value: float, unit: str) -> str:
    digits = 0 if value == int(value) else 2
    return t.percent(value / 100, digits) if unit == "percent" else t.number(value, digits)
