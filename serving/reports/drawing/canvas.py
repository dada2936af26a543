"""A drawing as a list of shapes in points (1/72 inch), the origin at the top left.

A chart is worked out once here; PDF, Word and page only put the shapes down, so that they show the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from serving.palette import LIGHT

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]
SMALL = 7.0
"""Size of the labels, in points."""


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: width and height in points, and its shapes as plain data."""

    width: float
    height: float
    shapes: tuple[dict[str, Any], ...]


@dataclass
class Canvas:
    """A drawing under way. Colours are roles of the palette (`ink`, `level-3`), or None for nothing."""

    width: float
    height: float
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def line(
        self, start: Point, end: Point, colour: str = "ink", thickness: float = 0.6, dash: bool = False
    ) -> None:
        """Draw a straight line."""
        self.path([start, end], colour, thickness, dash)

    def path(
        self, points: Sequence[Point], colour: str = "ink", thickness: float = 0.8, dash: bool = False
    ) -> None:
        """Draw a line through points."""
        places = [[_short(x), _short(y)] for x, y in points]
        self._add("path", points=places, stroke=LIGHT[colour], thickness=thickness, dash=dash)

    def box(
        self,
        at: Point,
        size: Point,
        fill: str | None,
        stroke: str | None = None,
        thickness: float = 0.6,
        dash: bool = False,
    ) -> None:
        """Draw a box from its top left corner."""
        self._add(
            "box", x=_short(at[0]), y=_short(at[1]), width=_short(size[0]), height=_short(size[1]),
            fill=fill and LIGHT[fill], stroke=stroke and LIGHT[stroke], thickness=thickness, dash=dash,
        )  # fmt: skip

    def dot(self, at: Point, radius: float, fill: str | None, stroke: str | None = "ink") -> None:
        """Draw a disc."""
        self._add(
            "dot", x=_short(at[0]), y=_short(at[1]), radius=radius,
            fill=fill and LIGHT[fill], stroke=stroke and LIGHT[stroke],
        )  # fmt: skip

    def text(
        self,
        at: Point,
        text: str,
        size: float = SMALL,
        anchor: Anchor = "start",
        colour: str = "ink",
        strong: bool = False,
    ) -> None:
        """Write one line of text; `at` is where its base line starts, has its middle or ends."""
        self._add(
            "text", x=_short(at[0]), y=_short(at[1]), text=text, size=size, anchor=anchor,
            fill=LIGHT[colour], strong=strong,
        )  # fmt: skip

    def done(self) -> Drawing:
        """Return the finished drawing."""
        return Drawing(self.width, self.height, tuple(self.shapes))

    def _add(self, shape: str, **values: Any) -> None:  # noqa: ANN401 - what JSON can hold
        self.shapes.append({"shape": shape, **values})


def width_of(text: str, size: float = SMALL) -> float:
    """Return about how wide a text is in points: a full-width character is one size wide, others 0.58."""
    return sum(size * (1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.58) for letter in text)


def fitted(text: str, width: float, size: float = SMALL) -> str:
    """Return the text, shortened with an ellipsis where it is wider than `width` points."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text, size) + size > width:
        text = text[:-1]
    return f"{text}…"


def _short(value: float) -> float:
    return round(float(value), 2)
