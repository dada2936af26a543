"""The five levels as steps, with the one that was reached."""

from __future__ import annotations

from collections.abc import Sequence

from serving.reports.drawing.canvas import Canvas, Drawing

WIDTH, HEIGHT, GAP = 470.0, 96.0, 6.0
STEP, LOWEST, FLOOR = 11.0, 20.0, 78.0


def ladder(names: Sequence[str], reached: int, remark: str, *, possible: bool) -> Drawing:
    """Draw the levels from 1 up; those up to `reached` are filled, with dashes where it is only possible."""
    canvas = Canvas(WIDTH, HEIGHT)
    wide = (WIDTH - GAP * (len(names) - 1)) / len(names)
    for index, name in enumerate(names):
        level, left = index + 1, index * (wide + GAP)
        high = LOWEST + STEP * index
        here, done = level == reached, level <= reached and not possible
        fill = f"level-{level}" if done else None
        canvas.box((left, FLOOR - high), (wide, high), fill, "ink" if here else "faint", 1.6 if here else 0.5,
                   dash=possible and level <= reached)  # fmt: skip
        colour = f"level-{level}-ink" if done else "soft"
        canvas.text((left + wide / 2, FLOOR - high / 2 + 4.5), str(level), 12.5, "middle", colour, here)
        canvas.text((left + wide / 2, FLOOR + 10.5), name, 8.5, "middle", "ink" if here else "soft", here)
        if here:
            _marker(canvas, left + wide / 2, FLOOR - high, remark)
    return canvas.done()


def _marker(canvas: Canvas, middle: float, top: float, remark: str) -> None:
    canvas.path([(middle - 4, top - 7), (middle, top - 2), (middle + 4, top - 7)], "ink", 1.4)
    canvas.text((middle, top - 9.5), remark, 7.5, "middle", "ink", strong=True)
