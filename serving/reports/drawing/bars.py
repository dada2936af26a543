"""Bars: quality losses from the largest down, and the processes that lose most at first submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from serving.reports.drawing.canvas import Canvas, Drawing, fitted, width_of

WIDTH, LABEL, ROW = 470.0, 132.0, 15.0


class Bar(NamedTuple):
    """One bar: name, length (any unit), text at its end, whether it is of the second kind (hatched)."""

    name: str
    length: float
    value: str
    second: bool = False


def pareto(bars: Sequence[Bar], kinds: tuple[str, str], cumulative: str) -> Drawing:
    """Draw losses by category, largest first, with the cumulative share as a line (Pareto chart).

    `kinds` name the plain and the hatched bars; `cumulative` names the line.
    """
    top, room = 18.0, WIDTH - LABEL - 112
    canvas = Canvas(WIDTH, top + ROW * len(bars) + 14)
    _legend(canvas, kinds, cumulative)
    total = sum(bar.length for bar in bars) or 1.0
    most = max((bar.length for bar in bars), default=1.0) or 1.0
    so_far, line = 0.0, [(LABEL, top)]
    for index, bar in enumerate(bars):
        y = top + ROW * index
        _bar(canvas, bar, y, room * bar.length / most)
        so_far += bar.length
        line.append((LABEL + room * so_far / total, y + ROW - 3.5))
    foot = top + ROW * len(bars)
    canvas.line((LABEL, foot), (LABEL + room, foot), "faint", 0.5)
    for share in range(0, 101, 20):
        x = LABEL + room * share / 100
        canvas.line((x, foot), (x, foot + 2.5), "faint", 0.5)
        canvas.text((x, foot + 10), f"{share} %", 6.5, "middle", "soft")
    canvas.path(line, "bad", 0.9)
    for x, y in line[1:]:
        canvas.dot((x, y), 1.7, "card", "bad")
    return canvas.done()


def shortfall_bars(bars: Sequence[Bar]) -> Drawing:
    """Draw what each process loses at first submission; the length is the share that did not pass."""
    canvas = Canvas(WIDTH, ROW * len(bars) + 3)
    most = max((bar.length for bar in bars), default=1.0) or 1.0
    for index, bar in enumerate(bars):
        _bar(canvas, bar, ROW * index + 1, (WIDTH - LABEL - 150) * bar.length / most)
    canvas.line((LABEL, 0), (LABEL, ROW * len(bars) + 2), "faint", 0.5)
    return canvas.done()


def _bar(canvas: Canvas, bar: Bar, y: float, long: float) -> None:
    canvas.text((LABEL - 5, y + 8.5), fitted(bar.name, LABEL - 8), 7.5, "end")
    canvas.box((LABEL, y + 1), (max(long, 0.6), ROW - 4.5), "level-2" if bar.second else "level-4")
    if bar.second:
        _hatch(canvas, (LABEL, y + 1), max(long, 0.6), ROW - 4.5)
    canvas.text((WIDTH, y + 8.5), bar.value, 7, "end")


def _hatch(canvas: Canvas, at: tuple[float, float], wide: float, high: float) -> None:
    x = 5.0
    while x < wide:
        left = max(x - high, 0.0)
        canvas.line((at[0] + left, at[1] + min(high, x)), (at[0] + x, at[1]), "level-2-ink", 0.4)
        x += 5.0


def _legend(canvas: Canvas, kinds: tuple[str, str], cumulative: str) -> None:
    x = LABEL
    for index, kind in enumerate(kinds):
        canvas.box((x, 2), (12, 7), "level-2" if index else "level-4")
        if index:
            _hatch(canvas, (x, 2), 12, 7)
        canvas.text((x + 16, 8.5), kind, 7.5)
        x += 30 + width_of(kind, 7.5)
    canvas.line((x, 5.5), (x + 14, 5.5), "bad", 0.9)
    canvas.dot((x + 7, 5.5), 1.7, "card", "bad")
    canvas.text((x + 18, 8.5), cumulative, 7.5)
