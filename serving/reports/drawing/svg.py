"""A drawing as SVG with its text as text: it can be selected, searched and read aloud."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from serving.reports.drawing.canvas import Drawing

DASH = "3 2"


def svg(drawing: Drawing, alt: str) -> str:
    """Return an `<svg>` element; `alt` is its title."""
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    inside = "".join(_SHAPES[shape["shape"]](shape) for shape in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label={quoteattr(alt)} class="drawing">{inside}</svg>'
    )


def _path(shape: dict[str, Any]) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in shape["points"])
    return f'<polyline points="{points}" fill="none"{_stroke(shape)}/>'


def _box(shape: dict[str, Any]) -> str:
    size = f'width="{shape["width"]:g}" height="{shape["height"]:g}"'
    return f'<rect x="{shape["x"]:g}" y="{shape["y"]:g}" {size}{_fill(shape)}{_stroke(shape)}/>'


def _dot(shape: dict[str, Any]) -> str:
    place = f'cx="{shape["x"]:g}" cy="{shape["y"]:g}" r="{shape["radius"]:g}"'
    return f"<circle {place}{_fill(shape)}{_stroke({**shape, 'thickness': 0.8, 'dash': False})}/>"


def _text(shape: dict[str, Any]) -> str:
    weight = ' font-weight="700"' if shape["strong"] else ""
    place = f'x="{shape["x"]:g}" y="{shape["y"]:g}" text-anchor="{shape["anchor"]}"'
    look = f'font-size="{shape["size"]:g}" fill="{shape["fill"]}"{weight}'
    return f"<text {place} {look}>{escape(shape['text'])}</text>"


def _fill(shape: dict[str, Any]) -> str:
    return f' fill="{shape["fill"] or "none"}"'


def _stroke(shape: dict[str, Any]) -> str:
    if not shape["stroke"]:
        return ""
    dash = f' stroke-dasharray="{DASH}"' if shape["dash"] else ""
    return f' stroke="{shape["stroke"]}" stroke-width="{shape["thickness"]:g}"{dash}'


_SHAPES = {"path": _path, "box": _box, "dot": _dot, "text": _text}
