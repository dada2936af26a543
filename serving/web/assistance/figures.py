"""The curve of what money buys: cost a year, and the probability of the target."""

from __future__ import annotations

from typing import Any

from models.assistance.rows import Assistance, MoneyPoint
from serving.palette import token
from serving.web.axes import round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language


def frontier(t: Language, found: Assistance) -> Figure:
    """Return the curve, with effects as estimated and at their weak ends."""
    top = max([point.cost for point in found.frontier] + [1.0])
    layout = ground(t) | {
        "xaxis": _money(t, top * 1.03),
        "yaxis": _chances(t),
        "shapes": _marks(found, top),
        "margin": {"l": 52, "r": 14, "t": 10, "b": 40},
        "showlegend": False,
    }
    return {"data": [_line(t, found, "weak"), _line(t, found, "probability")], "layout": layout}


def _line(t: Language, found: Assistance, name: str) -> dict[str, Any]:
    weak = name == "weak"
    return {
        "type": "scatter",
        "mode": "lines" if weak else "lines+markers",
        "x": [point.cost for point in found.frontier],
        "y": [getattr(point, name) for point in found.frontier],
        "customdata": [_told(t, point, getattr(point, name)) for point in found.frontier],
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {
            "color": token("history" if weak else "forecast"),
            "width": 1.5 if weak else 2.5,
            "dash": "dot" if weak else "solid",
            "shape": "hv",
        },
        "marker": {"size": 6},
    }


def _told(t: Language, point: MoneyPoint, probability: float) -> str:
    return t(
        "assistance.figure.point",
        cost=t.money(point.cost),
        count=t.number(point.enterprises),
        probability=t.chance(probability),
    )


def _money(t: Language, top: float) -> dict[str, Any]:
    ticks = round_steps(0.0, top)
    return {
        "range": [-0.02 * top, top],
        "tickvals": ticks,
        "ticktext": [t.money(tick) for tick in ticks],
        "title": {"text": t("assistance.figure.cost")},
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }


def _chances(t: Language) -> dict[str, Any]:
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    return {
        "range": [-0.02, 1.03],
        "tickvals": ticks,
        "ticktext": [t.percent(tick, 0) for tick in ticks],
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }


def _marks(found: Assistance, top: float) -> list[dict[str, Any]]:
    """The probability that is wanted, and the budget where it lies inside the chart."""
    line = {"color": token("bad"), "width": 1.5, "dash": "dash"}
    wanted = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "line": line}
    marks = [wanted | {"y0": found.probability, "y1": found.probability}]
    if found.budget is not None and found.budget <= top:
        upright = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "xref": "x"}
        marks.append(
            upright | {"x0": found.budget, "x1": found.budget, "line": {"color": token("line"), "width": 1}}
        )
    return marks
