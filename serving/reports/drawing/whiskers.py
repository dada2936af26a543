"""Estimates with their intervals: one bar a row from zero, the interval as a whisker, a mark for the cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from serving.reports.drawing.canvas import Canvas, Drawing, Point, fitted, width_of

WIDTH, LABEL, TEXT, ROW, HEAD, FOOT = 470.0, 132.0, 118.0, 22.0, 16.0, 16.0
TICKS = 4


class Whisker(NamedTuple):
    """One row: name, estimate, ends of its interval (None: unknown), a mark beside it, text at its end."""

    name: str
    estimate: float
    low: float | None
    high: float | None
    mark: float | None
    value: str


def whiskers(rows: Sequence[Whisker], words: tuple[str, str, str], tick: Sequence[str]) -> Drawing:
    """Draw the rows over one axis that holds zero.

    `words` name bar, whisker and mark; `tick` are the texts of `ticks(rows)`.
    """
    low, high = span(rows)
    foot = HEAD + ROW * len(rows)
    canvas = Canvas(WIDTH, foot + FOOT)
    _legend(canvas, words)
    room = WIDTH - LABEL - TEXT

    def at(value: float) -> float:
        return LABEL + room * (value - low) / (high - low)

    for value, text in zip(ticks(rows), tick, strict=True):
        canvas.line((at(value), HEAD), (at(value), foot), "line", 0.5)
        canvas.text((at(value), foot + 9), text, 6.5, "middle", "soft")
    for index, row in enumerate(rows):
        _row(canvas, row, HEAD + ROW * index, (at(0.0), at(row.estimate)))
        _interval(canvas, row, HEAD + ROW * index + ROW / 2, at)
    canvas.line((at(0.0), HEAD), (at(0.0), foot), "ink", 0.8)
    return canvas.done()


def span(rows: Sequence[Whisker]) -> Point:
    """Return the ends of the axis: zero and all that is drawn, with a little room."""
    drawn = [
        value for row in rows for value in (row.estimate, row.low, row.high, row.mark) if value is not None
    ]
    low, high = min([0.0, *drawn]), max([0.0, *drawn])
    margin = (high - low or 1.0) * 0.04
    return (low - margin if low < 0 else low), high + margin


def ticks(rows: Sequence[Whisker]) -> list[float]:
    """Return two to six round values on the axis, zero among them."""
    low, high = span(rows)
    step = _round_up((high - low) / TICKS)
    # Where zero stands in the middle both sides may be shorter than a step: then the next smaller one.
    return next(found for s in (step, _round_up(step / 2.5)) if len(found := _multiples(low, high, s)) > 1)


def _multiples(low: float, high: float, step: float) -> list[float]:
    first = int(low // step) + (low % step > 0)
    return [step * index for index in range(first, int(high // step) + 1)]


def _round_up(step: float) -> float:
    """Return the next of 1, 2, 5, 10, … times a power of ten."""
    power = 1.0
    while power > step:
        power /= 10
    while power * 10 <= step:
        power *= 10
    return next(power * times for times in (1, 2, 5, 10) if power * times >= step)


def _row(canvas: Canvas, row: Whisker, top: float, ends: Point) -> None:
    canvas.text((LABEL - 6, top + ROW / 2 + 2.6), fitted(row.name, LABEL - 8, 7.5), 7.5, "end")
    left, right = sorted(ends)
    good = ends[1] >= ends[0]
    canvas.box((left, top + 5), (max(right - left, 0.6), ROW - 10), "level-3" if good else "level-2")
    canvas.text((WIDTH, top + ROW / 2 + 2.6), fitted(row.value, TEXT - 8, 7), 7, "end")


def _interval(canvas: Canvas, row: Whisker, y: float, at: Callable[[float], float]) -> None:
    if row.low is not None and row.high is not None:
        canvas.line((at(row.low), y), (at(row.high), y), "ink", 1.1)
        for end in (row.low, row.high):
            canvas.line((at(end), y - 3.5), (at(end), y + 3.5), "ink", 1.1)
    if row.mark is not None:
        canvas.line((at(row.mark), y - 8), (at(row.mark), y + 8), "bad", 1.6)


def _legend(canvas: Canvas, words: tuple[str, str, str]) -> None:
    x = LABEL
    for index, word in enumerate(words):
        if index == 0:
            canvas.box((x, 2), (12, 7), "level-3")
        elif index == 1:
            canvas.line((x, 5.5), (x + 12, 5.5), "ink", 1.1)
            canvas.line((x, 2.5), (x, 8.5), "ink", 1.1)
            canvas.line((x + 12, 2.5), (x + 12, 8.5), "ink", 1.1)
        else:
            canvas.line((x + 6, 1.5), (x + 6, 9.5), "bad", 1.6)
        canvas.text((x + 16, 8.5), word, 7.5)
        x += 30 + width_of(word, 7.5)
