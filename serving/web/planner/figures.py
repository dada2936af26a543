"""The burn-up chart of a target: newly added so far, the fan of the months ahead, and what is wanted.

In the same form as `serving.web.figures`.
"""

from __future__ import annotations

from typing import Any

from serving.palette import token
from serving.web.axes import period_axis, round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language
from serving.web.planner.schemas import MonthCount, TargetProgress

FAR = 4.0
"""A target so many times above everything drawn is told in words: its line would flatten the curve."""


def burn_up(language: Language, found: TargetProgress) -> Figure:
    """Return the curve of a target, month by month."""
    past = [month for month in found.months if not month.forecast]
    ahead = [month for month in found.months if month.forecast]
    start = len(past) - 1
    top = max([month.high for month in found.months] + [1])
    drawn = found.count <= FAR * top
    data = [_line(language, past, 0, "history")]
    if ahead:
        joined = [past[-1], *ahead]
        data = [_fan(joined, start), _line(language, joined, start, "forecast"), *data]
    high = max(top, found.count if drawn else 0) * 1.12
    layout = ground(language) | {
        "xaxis": period_axis(language, [month.month for month in found.months]),
        "yaxis": _counts(language, high),
        "shapes": _marks(found, drawn=drawn),
        "margin": {"l": 48, "r": 14, "t": 10, "b": 34},
        "showlegend": False,
    }
    return {"data": data, "layout": layout}


def _fan(months: list[MonthCount], start: int) -> dict[str, Any]:
    x = list(range(start, start + len(months)))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x + x[::-1],
        "y": [month.high for month in months] + [month.low for month in reversed(months)],
        "fill": "toself",
        "fillcolor": token("fan-wide"),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _line(language: Language, months: list[MonthCount], start: int, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(start, start + len(months))),
        "y": [month.count for month in months],
        "customdata": [[language.period(month.month), _count(language, month)] for month in months],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": token(colour), "width": 2.5, "shape": "hv" if colour == "history" else "linear"},
    }


def _count(language: Language, month: MonthCount) -> str:
    if not month.forecast:
        return language.number(month.count)
    low, high = language.number(month.low), language.number(month.high)
    return language("board.between", count=language.number(month.count, 1), low=low, high=high)


def _counts(language: Language, high: float) -> dict[str, Any]:
    ticks = [tick for tick in round_steps(0.0, high) if tick == int(tick)]
    return {
        "range": [0, high],
        "tickvals": ticks,
        "ticktext": [language.number(tick) for tick in ticks],
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }


def _marks(found: TargetProgress, *, drawn: bool) -> list[dict[str, Any]]:
    """The wanted count, and the month that it is wanted by, where they lie inside the chart."""
    line = {"color": token("bad"), "width": 1.5, "dash": "dash"}
    wanted = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "line": line}
    marks = [wanted | {"y0": found.count, "y1": found.count}] if drawn else []
    months = [month.month for month in found.months]
    if found.by in months:
        at = months.index(found.by)
        upright = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "xref": "x", "x0": at, "x1": at}
        marks.append(upright | {"line": {"color": token("line"), "width": 1}})
    return marks
