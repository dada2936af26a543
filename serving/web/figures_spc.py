"""Control charts as plain JSON for plotly.

In the style of `serving.web.figures`: colours are tokens, words and numbers come from a `Language`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from serving.palette import token
from serving.web.axes import TICKS, round_steps
from serving.web.figures import Figure, ground
from serving.web.figures_histogram import decimals
from serving.web.language import Language
from serving.web.spc_words import rules

if TYPE_CHECKING:
    from features.control_charts import Chart

Trace = dict[str, Any]
Format = Callable[[float], str]
ZONES = (-2, -1, 1, 2)
"""Borders of the zones of the run rules, in standard errors; the third is the limit itself."""
WITHOUT_ERROR = frozenset({"cusum", "cusum_low", "T2"})
DATED = re.compile(r"\d{4}-(W\d{2}|\d{2}(-\d{2})?)")
SHARES = frozenset({"p", "p_laney"})
"""Charts whose points are shares, shown in per cent."""


def control_chart(language: Language, chart: Chart) -> Figure:
    """Return the points with centre line, limits and zones; what signals is marked and says why.

    A point beyond a limit is a red square, one that completes a rule's pattern a red ring, and the points
    that make the pattern are ringed faintly. A dotted line divides the baseline from later points. The
    lower sum of a CUSUM stands in the same figure; the chart of the spread (`chart.beside`) is a figure of
    its own.
    """
    sides = _sides(chart)
    numbers = [value for side in sides for value in _drawn(side)]
    written = value_format(language, chart)
    data = [trace for side in sides for trace in (*_lines(language, side), _points(language, side, written))]
    data += [trace for side in sides for trace in _marks(side)]
    layout = ground(language) | {
        "xaxis": _label_axis(language, chart.labels),
        "yaxis": _value_axis(written, numbers),
        "shapes": _boundary(chart),
        "margin": {"l": 64, "r": 16, "t": 10, "b": 34},
        "showlegend": False,
    }
    return {"data": data, "layout": layout}


def _lines(language: Language, chart: Chart) -> list[Trace]:
    """Centre line, limits and zones as steps: each point has its own stretch, so limits may vary.

    Limits that vary are drawn without dashes and zones, which would hide the points.
    """
    even = len({value for value in chart.error.tolist() if math.isfinite(value)}) == 1
    dash = "dash" if even or chart.kind in WITHOUT_ERROR else "solid"
    traces = [
        _step(language("spc.centre"), chart.centre.tolist(), "solid", "soft"),
        _step(language("spc.lcl"), chart.lcl.tolist(), dash, "bad"),
        _step(language("spc.ucl"), chart.ucl.tolist(), dash, "bad"),
    ]
    if even and len(chart.rule_numbers) > 2:
        traces += [_step("", (chart.centre + at * chart.error).tolist(), "dot", "line") for at in ZONES]
    return traces


def _step(name: str, values: Sequence[float], dash: str, colour: str) -> Trace:
    known = [value if math.isfinite(value) else None for value in values]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [x + half for x in range(len(known)) for half in (-0.5, 0.5)],
        "y": [value for value in known for _ in range(2)],
        "line": {"color": token(colour), "width": 1.2, "dash": dash},
        "hoverinfo": "skip",
    }


def _points(language: Language, chart: Chart, written: Format) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(chart.labels))),
        "y": [value if math.isfinite(value) else None for value in map(float, chart.statistic)],
        "customdata": [_hover(language, chart, written, point) for point in range(len(chart.labels))],
        "hovertemplate": "<br>".join(f"%{{customdata[{i}]}}" for i in range(4)) + "<extra></extra>",
        "line": {"color": token("history"), "width": 1.4},
        "marker": {"size": 4.5, "color": token("history")},
    }


def _marks(chart: Chart) -> list[Trace]:
    """Rings around the points of a pattern, around those that complete one, and squares on those beyond."""
    completes, members = chart.completes.any(axis=1), chart.members.any(axis=1)
    kinds = [
        (members & ~completes & ~chart.beyond, "circle-open", "accent", 10),
        (completes & ~chart.beyond, "circle-open", "bad", 11),
        (chart.beyond, "square", "bad", 9),
    ]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [int(at) for at in flags.nonzero()[0]],
            "y": [float(chart.statistic[at]) for at in flags.nonzero()[0]],
            "marker": {"symbol": symbol, "size": size, "color": token(colour), "line": {"width": 1.6}},
            "hoverinfo": "skip",
        }
        for flags, symbol, colour, size in kinds
        if flags.any()
    ]


def _hover(language: Language, chart: Chart, written: Format, point: int) -> list[str]:
    name = f"{_label(language, chart.labels[point])} {chart.names[point]}".strip()
    low, high = (written(float(side[point])) for side in (chart.lcl, chart.ucl))
    said = [language("spc.beyond") if chart.beyond[point] else "", rules(language, chart, point)]
    limits = language("spc.limits", low=low, high=high)
    return [name, written(float(chart.statistic[point])), limits, " · ".join(filter(None, said))]


def _boundary(chart: Chart) -> list[dict[str, Any]]:
    """Return a line where the baseline ends, if later points follow."""
    inside = [at for at, used in enumerate(chart.baseline) if used]
    if not inside or inside[-1] == len(chart.baseline) - 1:
        return []
    x = inside[-1] + 0.5
    line = {"color": token("faint"), "width": 1, "dash": "dot"}
    return [{"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}]


def _sides(chart: Chart) -> list[Chart]:
    """Return what stands in one figure: both sums of a CUSUM, else the chart alone."""
    return [chart, chart.beside] if chart.kind == "cusum" and chart.beside is not None else [chart]


def _drawn(chart: Chart) -> list[float]:
    numbers = [*chart.statistic, *chart.lcl, *chart.ucl, *chart.centre]
    return [float(value) for value in numbers if math.isfinite(value)]


def _label_axis(language: Language, labels: Sequence[str]) -> dict[str, Any]:
    step = max(1, math.ceil(len(labels) / TICKS))
    at = list(range(len(labels) - 1, -1, -step))[::-1]
    return {
        "range": [-0.6, max(len(labels), 1) - 0.4],
        "tickvals": at,
        "ticktext": [_label(language, labels[i], short=True) for i in at],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickangle": 0,
    }


def _label(language: Language, label: str, *, short: bool = False) -> str:
    """Return a period, or the day of a moment (with the time of day where there is room); else as it is."""
    day, _, clock = label.partition(" ")
    if not DATED.fullmatch(day):
        return label
    text = language.period(day, short=short)
    return text if short or not clock else f"{text} {clock}"


def _value_axis(written: Format, numbers: Sequence[float]) -> dict[str, Any]:
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    pad = 0.06 * (high - low or abs(high) or 1.0)
    ticks = round_steps(low - pad, high + pad)
    return {
        "range": [low - pad, high + pad],
        "tickvals": ticks,
        "ticktext": [written(tick) for tick in ticks],
        "gridcolor": token("line"),
        "griddash": "dot",
        "zeroline": False,
        "fixedrange": True,
    }


def value_format(language: Language, chart: Chart) -> Format:
    """Return how a value of the chart is written: shares in per cent, others with their unit."""
    numbers = [value for side in _sides(chart) for value in _drawn(side)]
    share = 100 if chart.kind in SHARES else 1
    digits = decimals([share * number for number in numbers])
    unit = "" if chart.unit is None else f" {chart.unit}"

    def write(value: float) -> str:
        if not math.isfinite(value):
            return language("none.dash")
        return language.percent(value, digits) if share > 1 else f"{language.number(value, digits)}{unit}"

    return write
