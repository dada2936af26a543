"""A capability histogram as plain JSON for plotly: measured values, their limits, and normal curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from serving.palette import token
from serving.web.axes import round_steps
from serving.web.figures import Figure, ground
from serving.web.language import Language

Trace = dict[str, Any]
Numbers = Sequence[float]
STEPS = 120
"""Points of a curve that looks smooth."""
MOST_BINS = 200


def capability_histogram(
    language: Language,
    values: Numbers,
    lsl: float | None = None,
    usl: float | None = None,
    nominal: float | None = None,
    sd_within: float | None = None,
    sd_overall: float | None = None,
) -> Figure:
    """Return the measured values in bins, with the limits and a normal curve for σ within and σ overall.

    Bins after Scott (1979), as in R's qcc; the curves are scaled to the height of the bars.
    """
    edges, counts = bins([value for value in values if math.isfinite(value)])
    wall = [("lsl", lsl), ("usl", usl), ("nominal", nominal)]
    known = [(name, float(at)) for name, at in wall if at is not None and math.isfinite(at)]
    digits = decimals([*edges, *(at for _, at in known)])
    data = [_bars(language, edges, counts, digits)]
    for sd, name, dash in ((sd_within, "within", "solid"), (sd_overall, "overall", "dash")):
        data += _curve(language, values, edges, sd, name, dash)
    layout = ground(language) | {
        "xaxis": _value_axis(language, edges, [at for _, at in known], digits),
        "yaxis": {"gridcolor": token("line"), "zeroline": False, "fixedrange": True, "rangemode": "tozero"},
        "shapes": [_wall(at, dotted=name == "nominal") for name, at in known],
        "annotations": [_sign(language, name, at, digits) for name, at in known],
        "bargap": 0.04,
        "margin": {"l": 48, "r": 16, "t": 30, "b": 34},
        "showlegend": False,
    }
    return {"data": data, "layout": layout}


def decimals(numbers: Numbers) -> int:
    """Return how many decimals tell apart what is drawn: three digits of its span."""
    span = max(numbers) - min(numbers) if numbers else 0.0
    return 2 if not span > 0 else min(max(0, 2 - math.floor(math.log10(span))), 9)


def bins(values: Numbers) -> tuple[list[float], list[int]]:
    """Return edges and counts of bins 3.49 s n^(−1/3) wide, one bin for values that do not vary."""
    if not values:
        return [], []
    low, high, n = min(values), max(values), len(values)
    mean = sum(values) / n
    sd = math.sqrt(sum((value - mean) ** 2 for value in values) / max(n - 1, 1))
    width = 3.49 * sd * n ** (-1 / 3)
    count = min(max(1, math.ceil((high - low) / width)), MOST_BINS) if width > 0 and high > low else 1
    width = (high - low) / count or abs(high) * 0.01 or 1.0
    counts = [0] * count
    for value in values:
        counts[min(int((value - low) / width), count - 1)] += 1
    return [low + step * width for step in range(count + 1)], counts


def _value_axis(language: Language, edges: Numbers, limits: Numbers, digits: int) -> dict[str, Any]:
    """Return an axis over bins and limits with a few round values."""
    drawn = [*edges, *limits] or [0.0, 1.0]
    low, high = min(drawn), max(drawn)
    pad = 0.05 * (high - low or abs(high) or 1.0)
    ticks = round_steps(low - pad, high + pad)
    return {
        "range": [low - pad, high + pad],
        "tickvals": ticks,
        "ticktext": [language.number(tick, max(0, digits - 1)) for tick in ticks],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "color": token("soft"),
    }


def _bars(language: Language, edges: Numbers, counts: Sequence[int], digits: int) -> Trace:
    text = [language.number(edge, digits) for edge in edges]
    return {
        "type": "bar",
        "x": [(a + b) / 2 for a, b in pairwise(edges)],
        "width": [b - a for a, b in pairwise(edges)],
        "y": list(counts),
        "customdata": [
            language("spc.count", low=low, high=high, count=language.number(count))
            for (low, high), count in zip(pairwise(text), counts, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": token("level-3"), "line": {"width": 0}},
    }


def _curve(
    language: Language, values: Numbers, edges: Numbers, sd: float | None, name: str, dash: str
) -> list[Trace]:
    known = [value for value in values if math.isfinite(value)]
    if not known or sd is None or not math.isfinite(sd) or sd <= 0:
        return []
    mean, area = sum(known) / len(known), len(known) * (edges[1] - edges[0])
    x = [mean + sd * (8 * step / STEPS - 4) for step in range(STEPS + 1)]
    height = area / (sd * math.sqrt(2 * math.pi))
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": language(f"spc.{name}"),
            "x": x,
            "y": [height * math.exp(-(((at - mean) / sd) ** 2) / 2) for at in x],
            "line": {"color": token("accent"), "width": 1.8, "dash": dash},
            "hoverinfo": "name",
        }
    ]


def _wall(x: float, *, dotted: bool) -> dict[str, Any]:
    line = {"color": token("faint" if dotted else "bad"), "width": 1.4, "dash": "dot" if dotted else "solid"}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def _sign(language: Language, name: str, x: float, digits: int) -> dict[str, Any]:
    return {
        "x": x,
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"{language(f'spc.{name}')} {language.number(x, digits)}",
        "font": {"size": 11, "color": token("soft")},
    }
