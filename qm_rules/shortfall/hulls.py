"""Concave hulls of rising curves, as the steps that a relaxation takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

Point = tuple[int, int]
"""A cost and the value that it buys."""

_DIGITS = 64


class Step(NamedTuple):
    """From one corner to the next; `order` is the negative slope, so that the steepest sorts first."""

    order: int
    route: int
    low: int
    high: int
    gain: int


class Hull(NamedTuple):
    """The corners of a product's hull and the steps between them."""

    points: tuple[Point, ...]
    steps: tuple[Step, ...]


def hull(route: int, points: Sequence[Point]) -> Hull:
    """Return the least concave curve over points with rising costs (Andrew 1979, monotone chain)."""
    corners: list[Point] = []
    for point in points:
        while len(corners) > 1 and _is_below(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    steps = tuple(_step(route, a, b) for a, b in pairwise(corners))
    return Hull(tuple(corners), steps)


def _is_below(before: Point, middle: Point, after: Point) -> bool:
    (a, u), (b, v), (c, w) = before, middle, after
    return (v - u) * (c - a) <= (w - u) * (b - a)


def _step(route: int, low: Point, high: Point) -> Step:
    length, gain = high[0] - low[0], high[1] - low[1]
    return Step(-((gain << _DIGITS) // length), route, low[0], high[0], gain)
