"""One characteristic: its control chart (level over spread) and, beside it, its values against the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log2

from serving.reports.drawing.canvas import Canvas, Drawing, Point

WIDTH, HEIGHT = 470.0, 176.0
CHART, GAP = 292.0, 34.0
LEVEL, SPREAD = (10.0, 100.0), (122.0, 164.0)
NARROW = 5.5


@dataclass(frozen=True)
class Track:
    """A run of points with its lines; NaN where there is no limit. `beyond` marks points that signal."""

    title: str
    points: Sequence[float]
    centre: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]
    signals: Sequence[bool]


@dataclass(frozen=True)
class Spread:
    """The values with what they are held against; None where there is no such limit."""

    title: str
    values: Sequence[float]
    lower: float | None
    upper: float | None
    nominal: float | None
    words: tuple[str, str, str]


def study(level: Track, spread: Track | None, held: Spread, first: str, last: str) -> Drawing:
    """Draw a characteristic; `first` and `last` say when its first and last point were taken."""
    canvas = Canvas(WIDTH, HEIGHT)
    _track(canvas, level, LEVEL if spread else (LEVEL[0], SPREAD[1]))
    if spread:
        _track(canvas, spread, SPREAD)
    canvas.text((NARROW, HEIGHT - 2), first, 6.5, "start", "soft")
    canvas.text((CHART - 34, HEIGHT - 2), last, 6.5, "end", "soft")
    _histogram(canvas, held, CHART + GAP)
    return canvas.done()


def _track(canvas: Canvas, track: Track, rows: Point) -> None:
    top, foot = rows
    low, high = _range([*track.points, *track.lower, *track.upper])
    left, right = NARROW, CHART - 34

    def at(index: int, value: float) -> Point:
        x = left + (right - left) * (index + 0.5) / max(len(track.points), 1)
        return x, foot - (foot - top) * (value - low) / (high - low)

    canvas.box((0, top - 2), (right + NARROW, foot - top + 4), None, "line", 0.5)
    canvas.text((0, top - 4), track.title, 7, "start", "soft")
    for values, dash, name in (
        (track.upper, True, "UCL"),
        (track.centre, False, "CL"),
        (track.lower, True, "LCL"),
    ):
        _limit(canvas, [at(i, v) for i, v in enumerate(values) if isfinite(v)], dash, name, values)
    canvas.path([at(i, v) for i, v in enumerate(track.points)], "accent", 0.8)
    for index, value in enumerate(track.points):
        if track.signals[index]:
            x, y = at(index, value)
            canvas.box((x - 2.4, y - 2.4), (4.8, 4.8), "bad", "ink", 0.5)
        elif len(track.points) <= 130:
            canvas.dot(at(index, value), 1.2, "accent", None)


def _limit(canvas: Canvas, points: Sequence[Point], dash: bool, name: str, values: Sequence[float]) -> None:
    if len(points) < 2:
        return
    canvas.path(points, "soft", 0.6, dash)
    last = [value for value in values if isfinite(value)][-1]
    canvas.text((CHART - 26, points[-1][1] + 2.3), f"{name} {last:.5g}", 6, "start", "soft")


def _histogram(canvas: Canvas, held: Spread, left: float) -> None:
    top, foot, right = LEVEL[0], SPREAD[1], WIDTH - 2
    limits = [limit for limit in (held.lower, held.upper, held.nominal) if limit is not None]
    low, high = _range([*held.values, *limits])
    counts, edges = _counted(held.values)

    def at(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    most = max(counts)
    for count, start, end in zip(counts, edges, edges[1:], strict=False):
        if count:
            high_bar = (foot - top - 22) * count / most
            canvas.box((at(start), foot - high_bar), (at(end) - at(start), high_bar), "level-3", "card", 0.4)
    canvas.line((left, foot), (right, foot), "ink", 0.6)
    canvas.text((left, top - 4), held.title, 7, "start", "soft")
    for limit, name, dash in zip(
        (held.lower, held.nominal, held.upper), held.words, (False, True, False), strict=True
    ):
        if limit is not None:
            canvas.line((at(limit), top + 12), (at(limit), foot), "bad" if not dash else "soft", 1.0, dash)
            canvas.text((at(limit), top + 9), name, 6.5, "middle", "ink")
            canvas.text((at(limit), foot + 8), f"{limit:.5g}", 6.5, "middle", "soft")


def _counted(values: Sequence[float]) -> tuple[list[int], list[float]]:
    """Return counts and edges of equal classes (Sturges's number of them, at least 5)."""
    low, high = min(values), max(values)
    if not high > low:
        return [len(values)], [low - 0.5 * (abs(low) or 1) * 0.02, low + 0.5 * (abs(low) or 1) * 0.02]
    number = max(5, round(1 + log2(len(values))))
    edges = [low + (high - low) * index / number for index in range(number + 1)]
    counts = [0] * number
    for value in values:
        counts[min(int((value - low) / (high - low) * number), number - 1)] += 1
    return counts, edges


def _range(values: Sequence[float]) -> Point:
    known = [value for value in values if isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    margin = (high - low) * 0.06 or abs(high) * 0.02 or 1.0
    return low - margin, high + margin
