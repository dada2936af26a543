"""Figures of a plan: the chance of its level month by month, and what money buys.

In the same form as `serving.web.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.palette import token
from serving.web.axes import period_axis, round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language

COLOURS = ("history", "forecast", "level-2")
MOST_TICKS = 4
SHARES = (0, 0.25, 0.5, 0.75, 1)
Line = tuple[str, Sequence[float]]


def chances(language: Language, periods: Sequence[str], lines: Sequence[Line], wanted: float) -> Figure:
    """Return one line per way (named; probabilities by month) and, dotted, the probability asked for."""
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": list(range(len(periods))),
            "y": list(values),
            "customdata": [
                [language.period(period), language.chance(value)]
                for period, value in zip(periods, values, strict=True)
            ],
            "hovertemplate": f"{name}<br>%{{customdata[0]}}: %{{customdata[1]}}<extra></extra>",
            "line": {"color": token(colour), "width": 1.6 if colour == "history" else 2.5},
            "marker": {"size": 4.5},
        }
        for colour, (name, values) in zip(COLOURS, lines, strict=False)
    ]
    return {"data": data, "layout": _layout(language, wanted) | {"xaxis": period_axis(language, periods)}}


def frontier(language: Language, points: Sequence[Mapping[str, Any]], wanted: float) -> Figure:
    """Return the probability that each cost buys (points with `cost`, `probability`), as rising steps."""
    costs = [float(point["cost"]) for point in points]
    most = max([*costs, 1.0])
    ticks = [value for value in round_steps(0.0, 1.02 * most) if value >= 0]
    ticks = ticks[:: 1 + (len(ticks) > MOST_TICKS)]
    data = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": costs,
        "y": [point["probability"] for point in points],
        "customdata": [
            [language.money(cost), language.chance(point["probability"])]
            for cost, point in zip(costs, points, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": token("forecast"), "width": 2, "shape": "hv"},
        "marker": {"size": 6},
    }
    axis = {
        "range": [-0.04 * most, 1.06 * most],
        "tickvals": ticks,
        "ticktext": [language.money(value) for value in ticks],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    return {"data": [data], "layout": _layout(language, wanted) | {"xaxis": axis}}


def _layout(language: Language, wanted: float) -> dict[str, Any]:
    axis = {"range": [-0.02, 1.02], "tickvals": list(SHARES), "fixedrange": True, "zeroline": False}
    axis |= {"ticktext": [language.percent(value, 0) for value in SHARES], "gridcolor": token("line")}
    line = {"color": token("faint"), "width": 1, "dash": "dot"}
    asked = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": wanted, "y1": wanted, "line": line}
    return ground(language) | {
        "yaxis": axis,
        "shapes": [asked],
        "margin": {"l": 48, "r": 14, "t": 10, "b": 34},
        "showlegend": False,
    }
