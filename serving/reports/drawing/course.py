"""One indicator over time: what is known, its forecast, and what a move is expected to add on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from serving.reports.drawing.canvas import Canvas, Drawing, Point, fitted, width_of

WIDTH, HEIGHT = 470.0, 168.0
TOP, FOOT, LEFT, RIGHT = 24.0, 146.0, 44.0, 392.0


@dataclass(frozen=True)
class Course:
    """What is drawn, in the unit of the axis.

    `known` are past values (NaN: none), `mean`, `low`, `high` the forecast of the periods after them.
    `without` is the forecast's mean over these periods, `with_` the same with the move: estimate and the ends
    of its interval. `bounds` are thresholds in sight with their names. `first`, `split` and `last` are
    periods as text: of the first known value, of the first forecast and of the last.
    """

    known: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    without: float
    with_: tuple[float, float | None, float | None] | None
    bounds: Sequence[tuple[float, str]]
    first: str
    split: str
    last: str
    words: tuple[str, str, str, str]
    label: Callable[[float], str]


def course(it: Course) -> Drawing:
    """Draw the course; `words` name: known, forecast, mean without the move, mean with it."""
    canvas, total = Canvas(WIDTH, HEIGHT), len(it.known) + len(it.mean)
    low, high = _range(it)
    step = (RIGHT - LEFT) / max(total, 1)

    def at(index: float, value: float) -> Point:
        return LEFT + step * (index + 0.5), FOOT - (FOOT - TOP) * (value - low) / (high - low)

    _ground(canvas, it, low, high, at)
    canvas.path([at(i, v) for i, v in enumerate(it.known) if isfinite(v)], "history", 1.1)
    start = len(it.known)
    for index, ends in enumerate(zip(it.low, it.high, strict=True), start):
        (x, bottom), (_, top) = at(index, ends[0]), at(index, ends[1])
        canvas.box((x - step / 2, top), (step, bottom - top), "accent-ground")
    canvas.path([at(i, v) for i, v in enumerate(it.mean, start)], "forecast", 1.1, dash=True)
    _means(canvas, it, at, (start - 0.4, total - 0.6))
    canvas.line((at(start - 0.5, low)[0], TOP), (at(start - 0.5, low)[0], FOOT), "soft", 0.6)
    _legend(canvas, it)
    return canvas.done()


def _range(it: Course) -> Point:
    with_ = [value for value in it.with_ or () if value is not None]
    drawn = [v for v in (*it.known, *it.low, *it.high, it.without, *with_) if isfinite(v)]
    low, high = min(drawn, default=0.0), max(drawn, default=1.0)
    margin = (high - low) * 0.08 or abs(high) * 0.02 or 1.0
    return (max(low - margin, 0.0) if low >= 0 else low - margin), high + margin


def _ground(canvas: Canvas, it: Course, low: float, high: float, at: Callable[[float, float], Point]) -> None:
    canvas.box((LEFT, TOP), (RIGHT - LEFT, FOOT - TOP), None, "line", 0.5)
    for value in (low, (low + high) / 2, high):
        canvas.text((LEFT - 4, at(0, value)[1] + 2.3), it.label(value), 6.5, "end", "soft")
    for bound, name in it.bounds:
        if low < bound < high:
            y = at(0, bound)[1]
            canvas.line((LEFT, y), (RIGHT, y), "faint", 0.6, dash=True)
            canvas.text((RIGHT + 4, y + 2.3), fitted(name, WIDTH - RIGHT - 4, 6.5), 6.5, "start", "soft")
    canvas.text((LEFT, FOOT + 10), it.first, 6.5, "start", "soft")
    canvas.text((at(len(it.known), low)[0], FOOT + 10), it.split, 6.5, "middle", "soft")
    canvas.text((RIGHT, FOOT + 10), it.last, 6.5, "end", "soft")


def _means(canvas: Canvas, it: Course, at: Callable[[float, float], Point], ends: Point) -> None:
    """Draw both means across the forecast periods, and the interval of the one with the move at its end."""
    canvas.path([at(end, it.without) for end in ends], "soft", 1.8)
    if it.with_ is None:
        return
    estimate, low, high = it.with_
    canvas.path([at(end, estimate) for end in ends], "good", 1.8)
    if low is not None and high is not None:
        (x, bottom), (_, top) = at(ends[1], low), at(ends[1], high)
        canvas.line((x, bottom), (x, top), "good", 1.1)
        for y in (bottom, top):
            canvas.line((x - 3, y), (x + 3, y), "good", 1.1)


def _legend(canvas: Canvas, it: Course) -> None:
    x, colours = LEFT, ("history", "forecast", "soft", "good")
    for index, (word, colour) in enumerate(zip(it.words, colours, strict=True)):
        if index == 3 and it.with_ is None:
            continue
        if index == 1:
            canvas.box((x, 3), (14, 9), "accent-ground")
        canvas.line((x, 7.5), (x + 14, 7.5), colour, 1.8 if index > 1 else 1.1, dash=index == 1)
        canvas.text((x + 18, 10), word, 7)
        x += 30 + width_of(word, 7)
