"""The chart of a comparison: who newly reaches a level by each month, a line a scenario."""

from __future__ import annotations

from typing import Any

from serving.palette import token
from serving.web.axes import period_axis, round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language
from serving.web.scenarios.schemas import ScenarioColumn, ScenarioMonth

LOOKS = (
    ("history", "solid"),
    ("accent", "solid"),
    ("bad", "dash"),
    ("warn-ink", "dot"),
    ("soft", "dashdot"),
)
"""Colour and dash of each column; `scenarios.css` has the same for the key."""


def side_by_side(t: Language, columns: list[ScenarioColumn], level: str, last: int) -> Figure:
    """Return the expected counts of every computed column for `last` months, with their 90 % on touch."""
    drawn = [(at, column, column.levels[level][:last]) for at, column in enumerate(columns) if column.levels]
    months = drawn[0][2]
    high = max(month.count.expected for *_, own in drawn for month in own)
    top = max(high * 1.15, 1.0)
    ticks = round_steps(0.0, top)
    layout = ground(t) | {
        "xaxis": period_axis(t, [month.month for month in months]),
        "yaxis": {
            "range": [0, top],
            "tickvals": ticks,
            "ticktext": [t.number(tick, 0 if tick == int(tick) else 1) for tick in ticks],
            "gridcolor": token("line"),
            "griddash": "dot",
            "zeroline": False,
            "fixedrange": True,
        },
        "margin": {"l": 48, "r": 14, "t": 10, "b": 34},
        "showlegend": False,
    }
    return {"data": [_line(t, *one) for one in drawn], "layout": layout}


def _line(t: Language, at: int, column: ScenarioColumn, months: list[ScenarioMonth]) -> dict[str, Any]:
    colour, dash = LOOKS[at]
    name = column.name or t("scenarios.as_it_stands")
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(range(len(months))),
        "y": [month.count.expected for month in months],
        "customdata": [[t.period(month.month), told(t, month)] for month in months],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra>%{fullData.name}</extra>",
        "line": {"color": token(colour), "width": 2.5, "dash": dash},
    }


def told(t: Language, month: ScenarioMonth) -> str:
    """Return a count with its 90 %."""
    own = month.count
    count = t.number(own.expected, 1 if own.expected < 100 else 0)
    return t("board.between", count=count, low=t.number(own.low), high=t.number(own.high))
