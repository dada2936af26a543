"""Bars from the top down: a Pareto with its cumulative line, and where a yield is lost.

In the same form as `serving.web.figures`. Both lie on their side, so that names are never cut on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from serving.palette import token
from serving.web.axes import round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


class Bar(NamedTuple):
    """One bar of a Pareto: its name, its value, both in words, and the share of all up to here (0 … 1)."""

    name: str
    value: float
    text: str
    cumulative: float


class Step(NamedTuple):
    """One process of a route: rolled yield before and after it (0 … 1), and what it takes, in words."""

    name: str
    before: float
    after: float
    text: str


def pareto(language: Language, bars: Sequence[Bar]) -> Figure:
    """Return the causes from the largest down, with the line of their cumulative share."""
    names = _told_apart([bar.name for bar in bars])
    drawn = {
        "type": "bar",
        "orientation": "h",
        "x": [bar.value for bar in bars],
        "y": names,
        "customdata": [[bar.name, bar.text] for bar in bars],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "marker": {"color": token("level-3"), "line": {"width": 0}},
    }
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "xaxis": "x2",
        "x": [bar.cumulative for bar in bars],
        "y": names,
        "customdata": [[bar.name, language.percent(bar.cumulative, 1)] for bar in bars],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": token("accent"), "width": 1.6},
        "marker": {"size": 5, "color": token("accent")},
    }
    most = max([bar.value for bar in bars], default=0.0) or 1.0
    below = {"range": [0, 1.04 * most], "tickvals": [], "ticktext": [], "showgrid": False, "zeroline": False}
    above = {
        "range": [0, 1.04],
        "overlaying": "x",
        "side": "top",
        "tickvals": list(SHARES),
        "ticktext": [language.percent(share, 0) for share in SHARES],
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }
    layout = {
        "xaxis": below | {"fixedrange": True},
        "xaxis2": above,
        "margin": _margin(names, top=30, bottom=8),
    }
    return {"data": [drawn, line], "layout": _layout(language, names) | layout}


def waterfall(language: Language, steps: Sequence[Step], whole: str) -> Figure:
    """Return what each process takes from the rolled yield, and what is left (`whole` is its name)."""
    names = _told_apart([*(step.name for step in steps), whole])
    left = steps[-1].after if steps else 1.0
    span = max(1.0 - left, 1e-4)
    floor = max(0.0, left - 0.25 * span)
    ticks = [tick for tick in round_steps(floor, 1.0) if floor <= tick <= 1.0]
    digits = max(0, min(4, 2 - _power(span)))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [step.before - step.after for step in steps] + [left - floor],
            "base": [step.after for step in steps] + [floor],
            "y": names,
            "text": [step.text for step in steps] + [language.percent(left, 2)],
            "textposition": "auto",
            "cliponaxis": False,
            "customdata": [
                [step.name, language.percent(step.before, 2), language.percent(step.after, 2)]
                for step in steps
            ]
            + [[whole, language.percent(1, 0), language.percent(left, 2)]],
            "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} → %{customdata[2]}<extra></extra>",
            "marker": {
                "color": [token("level-2")] * len(steps) + [token("level-4")],
                "line": {"width": 0},
            },
        }
    ]
    axis = {
        "range": [floor, 1.0 + 0.02 * span],
        "tickvals": ticks,
        "ticktext": [language.percent(tick, digits) for tick in ticks],
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }
    return {
        "data": data,
        "layout": _layout(language, names) | {"xaxis": axis, "margin": _margin(names, top=8, bottom=30)},
    }


def _power(span: float) -> int:
    """Return the power of ten of a span of shares, in per cent."""
    from math import floor, log10

    return floor(log10(span * 100))


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are equal: a category axis would put equal ones on one line."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def _margin(names: Sequence[str], top: int, bottom: int) -> dict[str, int]:
    """Room for the longest name, at 12 pixels: full-width characters take one each, others a good half."""
    widest = max((sum(12 if ord(char) > 0x2E7F else 6.6 for char in name) for name in names), default=0)
    return {"l": int(min(widest, 150)) + 14, "r": 18, "t": top, "b": bottom}


def _layout(language: Language, names: Sequence[str]) -> dict[str, Any]:
    axis = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(names),
        "autorange": "reversed",
    }
    return ground(language) | {
        "yaxis": axis | {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""},
        "bargap": 0.28,
        "showlegend": False,
    }
