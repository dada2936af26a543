"""Burn-up curves side by side: newly added so far, expected, the band that 90 % of the paths keep to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from serving.reports.briefing.facts import Point
from serving.reports.drawing.canvas import Canvas, Drawing, fitted
from serving.reports.drawing.canvas import Point as Spot

WIDTH, HEIGHT, BETWEEN = 470.0, 116.0, 18.0
TOP, FOOT, LEFT, RIGHT = 18.0, 101.0, 22.0, 20.0
CLOSE = 7.0
"""Points between two numbers, below which one is left out."""
FAR = 2.5
"""A wanted count so many times above everything drawn is told in the table only."""


class Panel(NamedTuple):
    """One curve: its title, points by month, the count wanted (None: none) by the month `by`, and three
    months as text: first, today, last.
    """

    title: str
    points: Sequence[Point]
    wanted: int | None
    by: str
    months: tuple[str, ...]


def curves(panels: Sequence[Panel]) -> Drawing:
    """Draw the panels side by side; a single one takes the whole width."""
    canvas = Canvas(WIDTH, HEIGHT)
    wide = (WIDTH - BETWEEN * (len(panels) - 1)) / len(panels)
    for at, panel in enumerate(panels):
        _panel(canvas, panel, at * (wide + BETWEEN), wide)
    return canvas.done()


def _panel(canvas: Canvas, panel: Panel, start: float, wide: float) -> None:
    points, left, right = panel.points, start + LEFT, start + wide - RIGHT
    highest = max([point.high for point in points] + [1])
    drawn = panel.wanted is not None and panel.wanted <= FAR * highest
    top = _round(max(highest, panel.wanted or 0) if drawn else highest)
    step = (right - left) / max(len(points) - 1, 1)

    def at(index: float, value: float) -> Spot:
        return left + step * index, FOOT - (FOOT - TOP) * value / top

    canvas.text((left, TOP - 7), fitted(panel.title, wide - LEFT, 8), 8, strong=True)
    for value in (0, top // 2, top):
        canvas.line((left, at(0, value)[1]), (right, at(0, value)[1]), "line", 0.4)
        canvas.text((left - 4, at(0, value)[1] + 2.3), str(value), 6.5, "end", "soft")
    known = sum(not point.forecast for point in points)
    _fan(canvas, points, known, at, at(0, panel.wanted)[1] if drawn and panel.wanted else -CLOSE)
    canvas.path(_steps(points[:known], at), "history", 1.2)
    canvas.path(
        [at(i, points[i].count) for i in range(max(known - 1, 0), len(points))], "forecast", 1.2, True
    )
    if drawn and panel.wanted is not None:
        y = at(0, panel.wanted)[1]
        canvas.line((left, y), (right, y), "bad", 0.8, dash=True)
        canvas.text((right + 3, y + 2.3), str(panel.wanted), 6.5, "start", "bad", strong=True)
    _months(canvas, panel, at, known)


def _fan(
    canvas: Canvas,
    points: Sequence[Point],
    known: int,
    at: Callable[[float, float], Spot],
    avoid: float,
) -> None:
    """Draw the band as slices, and its ends by numbers beside the last month, but not at height `avoid`."""
    for index in range(known, len(points)):
        (x, bottom), (before, _), (_, ceiling) = (
            at(index, points[index].low), at(index - 1, 0), at(index, points[index].high)
        )  # fmt: skip
        canvas.box((before, ceiling), (x - before, max(bottom - ceiling, 0.4)), "accent-ground")
    if known < len(points):
        last = points[-1]
        x, y = at(len(points) - 1, last.high)
        canvas.text((x + 3, y + 2.3), str(last.high), 6.5, "start", "soft")
        if last.low != last.high and abs(at(0, last.low)[1] - avoid) > CLOSE:
            canvas.text((x + 3, at(0, last.low)[1] + 2.3), str(last.low), 6.5, "start", "soft")


def _steps(points: Sequence[Point], at: Callable[[float, float], Spot]) -> list[Spot]:
    out: list[Spot] = []
    for index, point in enumerate(points):
        if out:
            out.append((at(index, 0)[0], out[-1][1]))
        out.append(at(index, point.count))
    return out


def _months(canvas: Canvas, panel: Panel, at: Callable[[float, float], Spot], known: int) -> None:
    first, today, last = panel.months
    end = len(panel.points) - 1
    x = at(max(known - 1, 0), 0)[0]
    canvas.line((x, TOP), (x, FOOT), "soft", 0.5)
    places = ((at(0, 0)[0], first, "start"), (x, today, "middle"), (at(end, 0)[0], last, "end"))
    for place, month, anchor in places:
        canvas.text((place, FOOT + 10), month.replace("-", "."), 6.5, anchor, "soft")  # type: ignore[arg-type]
    months = [point.month for point in panel.points]
    if panel.by in months and panel.by != months[-1]:
        x = at(months.index(panel.by), 0)[0]
        canvas.line((x, TOP), (x, FOOT), "bad", 0.5, dash=True)


def _round(value: int) -> int:
    """Return the next even number that is round enough for an axis."""
    for unit in (2, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000):
        if value <= unit * 6:
            return -(-value // unit) * unit
    return value + value % 2
