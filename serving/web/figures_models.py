"""Figures for whoever judges models and choices: values by horizon, ranked shares.

In the same form as `serving.web.figures`. Names are the caller's (of models, features, ways to choose).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from serving.palette import LIGHT, resolve, token
from serving.web.figures import Figure, ground
from serving.web.language import Language

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawn

COLOURS = ("forecast", "history", "level-2", "bad", "level-3", "faint", "level-1")
Points = Sequence[tuple[float, float]]


def drawn(figure: Figure, width: int = 760, height: int = 380) -> Drawn:
    """Return a figure as plotly shows it in a notebook, on the page's own ground."""
    from plotly.graph_objects import Figure as Drawn

    plain = {**figure, "layout": {k: v for k, v in figure["layout"].items() if k != "meta"}}
    shown = Drawn(resolve(plain, LIGHT))
    font = {"family": "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif"}
    return shown.update_layout(width=width, height=height, paper_bgcolor=LIGHT["card"], font=font)


def by_horizon(
    language: Language, lines: Mapping[str, Points], title: str, reference: float | None = None
) -> Figure:
    """Return one line per name over the horizons 1 … 12; `reference` is drawn dotted (as 1 for a ratio)."""
    axis = {"title": {"text": title}, "gridcolor": token("line"), "zeroline": False}
    layout = _layout(language) | {
        "xaxis": {
            "title": {"text": language("figure.horizon")},
            "dtick": 1,
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": axis,
        "shapes": [] if reference is None else [_dotted(reference)],
    }
    return {"data": _lines(lines), "layout": layout}


def ranked(language: Language, bars: Sequence[tuple[str, float]], title: str, digits: int = 0) -> Figure:
    """Return horizontal bars of shares (fractions) in the given order, the first on top; losses in red."""
    values = [value for _, value in bars]
    data = {
        "type": "bar",
        "orientation": "h",
        "y": [name for name, _ in bars],
        "x": values,
        "text": [language.percent(value, digits) for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {"color": [token("forecast" if value >= 0 else "bad") for value in values]},
    }
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.14 * ((high - low) or 1.0)
    span = [low - room * (low < 0), high + room]
    layout = _layout(language) | {
        "xaxis": {"range": span, "title": {"text": title}, "showticklabels": False, "showgrid": False},
        "yaxis": {"autorange": "reversed", "automargin": True, "ticklabelstandoff": 8},
        "showlegend": False,
    }
    return {"data": [data], "layout": layout}


def _lines(lines: Mapping[str, Points]) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": [x for x, _ in points],
            "y": [y for _, y in points],
            "line": {"color": token(COLOURS[i % len(COLOURS)]), "width": 2.5 if i == 0 else 1.6},
            "marker": {"size": 5},
        }
        for i, (name, points) in enumerate(lines.items())
    ]


def _dotted(y: float) -> dict[str, Any]:
    line = {"color": token("faint"), "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def _layout(language: Language) -> dict[str, Any]:
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    return ground(language) | {"margin": {"l": 60, "r": 24, "t": 40, "b": 48}, "legend": legend}
