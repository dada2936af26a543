"""Where each indicator stands between the thresholds: one row an indicator, one field a level.

All fields are equally wide, so that the position reads as a level and a fraction of the way to the next one,
whatever the unit. Within a field the scale is that of the indicator (σ logarithmic, all others linear).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from serving.reports.drawing.canvas import Canvas, Drawing, fitted

WIDTH, ROW, HEAD, LABEL, VALUE = 470.0, 30.0, 15.0, 134.0, 60.0
BAND = 12.0
LEVELS = 5


class Bullet(NamedTuple):
    """One indicator: its name, value as text, place from 0 (worst) to 5 (best), level, printed bounds.

    `place` is None where there is no value: then the field of `level` is marked as a whole.
    """

    name: str
    value: str
    place: float | None
    level: int | None
    bounds: tuple[str, ...]


def bullets(rows: Sequence[Bullet], names: Sequence[str]) -> Drawing:
    """Draw the rows under the names of the levels."""
    canvas = Canvas(WIDTH, HEAD + ROW * len(rows))
    field = (WIDTH - LABEL - VALUE) / LEVELS
    for index, name in enumerate(names):
        canvas.text((LABEL + field * (index + 0.5), 9), name, 7.5, "middle", "soft")
    for index, row in enumerate(rows):
        _row(canvas, row, HEAD + ROW * index, field)
    return canvas.done()


def _row(canvas: Canvas, row: Bullet, top: float, field: float) -> None:
    canvas.text((0, top + 9.5), fitted(row.name, LABEL - 2, 7.5), 7.5)
    for index in range(LEVELS):
        canvas.box((LABEL + field * index, top), (field, BAND), f"level-{index + 1}", "card", 0.8)
    for index, bound in enumerate(row.bounds):
        canvas.text((LABEL + field * (index + 1), top + BAND + 8), bound, 6.5, "middle", "soft")
    if row.place is not None:
        _needle(canvas, LABEL + field * row.place, top)
    elif row.level is not None:
        canvas.box((LABEL + field * (row.level - 1) + 2, top - 2), (field - 4, BAND + 4), None, "ink", 1.4)
    canvas.text((WIDTH, top + 9.5), row.value, 8, "end", strong=True)


def _needle(canvas: Canvas, x: float, top: float) -> None:
    canvas.line((x, top - 2.5), (x, top + BAND + 2.5), "card", 4.0)
    canvas.line((x, top - 2.5), (x, top + BAND + 2.5), "ink", 2.0)
    canvas.dot((x, top - 2.5), 2.2, "ink", None)


def place(
    value: float, bounds: Sequence[float], best: float, worst: float, *, scale: str = "linear"
) -> float:
    """Return where a value stands, 0 to 5: the field it lies in plus the fraction of the way through it.

    `bounds` are the thresholds of levels 2 to 5; `worst` and `best` close the two outer fields. The order
    of `bounds` says whether more is better.
    """
    ends = [_scaled(end, scale) for end in (worst, *bounds, best)]
    at = _scaled(value, scale)
    for index in range(LEVELS):
        low, high = ends[index], ends[index + 1]
        if low != high and (at - low) * (high - low) >= 0 and (at - low) / (high - low) < 1:
            return index + (at - low) / (high - low)
    return 0.0 if (at - ends[0]) * (ends[-1] - ends[0]) < 0 else float(LEVELS)


def _scaled(value: float, scale: str) -> float:
    return log(max(value, 1e-12)) if scale == "log" else value
