"""Two small bar charts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from serving.reports.drawing.canvas import Canvas, Drawing, fitted

WIDTH, BETWEEN = 470.0, 16.0
HEAD, ROW, VALUE = 16.0, 14.0, 24.0
LABELS = (0.46, 0.36)
"""Share of a side that its labels take: items have long names, regions short ones."""
SHARES = (0.6, 0.4)


class SideBar(NamedTuple):
    """One bar: name, length, the dark part of it, text at its end."""

    name: str
    length: float
    part: float
    value: str


class Side(NamedTuple):
    """One of the charts."""

    title: str
    bars: Sequence[SideBar]


def sides(both: tuple[Side, Side]) -> Drawing:
    """Draw both; a side without bars leaves its place blank."""
    rows = max(len(side.bars) for side in both)
    canvas, start = Canvas(WIDTH, HEAD + ROW * rows + 2), 0.0
    for side, share, labels in zip(both, SHARES, LABELS, strict=True):
        wide = (WIDTH - BETWEEN) * share
        if side.bars:
            _side(canvas, side, start, wide, wide * labels)
        start += wide + BETWEEN
    return canvas.done()


def _side(canvas: Canvas, side: Side, start: float, wide: float, label: float) -> None:
    most = max(bar.length for bar in side.bars) or 1.0
    room = wide - label - VALUE
    canvas.text((start + label, HEAD - 6), side.title, 7.5, strong=True)
    for index, bar in enumerate(side.bars):
        y = HEAD + ROW * index
        canvas.text((start + label - 5, y + 8.5), fitted(bar.name, label - 6, 7.5), 7.5, "end")
        canvas.box((start + label, y + 1), (max(room * bar.length / most, 0.8), ROW - 4), "level-3")
        if bar.part:
            canvas.box((start + label, y + 1), (room * bar.part / most, ROW - 4), "level-5")
        x = start + label + room * bar.length / most + 4
        canvas.text((x, y + 8.5), bar.value, 7.5, strong=True)
    foot = HEAD + ROW * len(side.bars)
    canvas.line((start + label, HEAD - 1), (start + label, foot), "ink", 0.6)
