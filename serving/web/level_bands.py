"""The official levels behind a chart: coloured bands between thresholds, named in the right margin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from serving.palette import token
from serving.web.language import Language

LOGARITHMIC = frozenset({"ppm"})
"""Targets that span decades: their thresholds are 66 800, 6 200, 230 and 3.4."""

FLOOR = 0.1
"""Lowest ppm that is drawn; what lies below, zero too, stands on the floor (its label says what it is)."""


@dataclass(frozen=True)
class Band:
    """The values of one target that support exactly one official level; None is an open end."""

    level: int
    low: float | None
    high: float | None


def log(value: float) -> float:
    """Return the decimal logarithm; nothing is drawn below the floor."""
    return math.log10(max(value, FLOOR))


def band_shapes(bands: Sequence[Band], low: float, high: float) -> list[dict[str, Any]]:
    """Return the visible part of every band as a pale ground, and a dotted line on every threshold."""
    shapes: list[dict[str, Any]] = []
    for band in bands:
        bottom, top = _clipped(band, low, high)
        if top <= bottom:
            continue
        place = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
        fill = {"fillcolor": token(f"level-{band.level}"), "opacity": 0.13, "line": {"width": 0}}
        shapes.append({"type": "rect", "y0": bottom, "y1": top, **place, **fill})
        if bottom > low:
            line = {"color": token("faint"), "width": 1, "dash": "dot"}
            shapes.append({"type": "line", "y0": bottom, "y1": bottom, **place, "line": line})
    return shapes


def _clipped(band: Band, low: float, high: float) -> tuple[float, float]:
    bottom = low if band.low is None else max(low, band.low)
    return bottom, high if band.high is None else min(high, band.high)


def band_labels(
    language: Language, target: str, bands: Sequence[Band], low: float, high: float
) -> list[dict[str, Any]]:
    """Return the level's name in the right margin of each visible band, at its middle."""
    labels = []
    to = log if target in LOGARITHMIC else float
    whole = to(high) - to(low)
    for band in bands:
        bottom, top = (to(edge) for edge in _clipped(band, low, high))
        if top - bottom < 0.07 * whole:
            continue
        labels.append(
            {
                "text": language(f"level.{band.level}.mark"),
                "xref": "paper",
                "x": 1.01,
                "xanchor": "left",
                "yref": "y",
                "y": (bottom + top) / 2,
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 12, "color": token("soft")},
            }
        )
    return labels
