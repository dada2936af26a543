"""The chance of a level by month, left alone and with the moves; in the form of `serving.web.figures`."""

from __future__ import annotations

from models.what_if.rows import Future
from serving.palette import token
from serving.web.axes import period_axis
from serving.web.figures import Figure, ground
from serving.web.language import Language

SHARES = (0, 0.25, 0.5, 0.75, 1)


def chances(language: Language, future: Future, level: int) -> Figure:
    """Return two lines: chance of the level or a better one at least once by each month."""
    periods = [month.period for month in future.before]
    lines = (
        ("whatif.alone", future.before, {"color": token("history"), "width": 1.8, "dash": "dot"}),
        ("whatif.moved", future.after, {"color": token("forecast"), "width": 2.8}),
    )
    data = []
    for key, months, line in lines:
        values = [month.reached_by[str(level)] for month in months]
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": language(key),
                "x": list(range(len(periods))),
                "y": values,
                "customdata": [
                    [language.period(period), language.chance(value)]
                    for period, value in zip(periods, values, strict=True)
                ],
                "hovertemplate": f"{language(key)}<br>%{{customdata[0]}}: %{{customdata[1]}}<extra></extra>",
                "line": line,
                "marker": {"size": 4.5},
            }
        )
    axis = {"range": [-0.02, 1.02], "tickvals": list(SHARES), "fixedrange": True, "zeroline": False}
    axis |= {"ticktext": [language.percent(value, 0) for value in SHARES], "gridcolor": token("line")}
    layout = ground(language) | {
        "xaxis": period_axis(language, periods),
        "yaxis": axis,
        "margin": {"l": 48, "r": 14, "t": 10, "b": 34},
        "showlegend": False,
    }
    return {"data": data, "layout": layout}
