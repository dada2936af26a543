"""A supply chain drawn: suppliers left, makers right, as boxes and curves for one SVG, without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 178, 42, 88, 12, 8
SWEEPS = 6
MOST_DRAWN = 90
"""Boxes beyond which a picture says nothing; the tables list them all."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """One enterprise; `x`, `y` is its upper left corner."""

    id: str
    x: float
    y: float


@dataclass(frozen=True)
class Curve:
    """One link from supplier to customer, as an SVG path."""

    supplier: str
    customer: str
    path: str


@dataclass(frozen=True)
class Picture:
    """Where everything stands, and how large it is."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def picture(ids: Sequence[str], links: Sequence[Pair]) -> Picture:
    """Return the layout of the enterprises that have a link among `ids`: tiers, and few crossings in them.

    A tier is the longest way from a supplier that nobody supplies; a link that closes a circle is drawn, and
    not followed.
    """
    known = set(ids)
    pairs = [pair for pair in dict.fromkeys(links) if pair[0] in known and pair[1] in known]
    ends = {end for pair in pairs for end in pair}
    linked = [one for one in ids if one in ends]
    tiers = _tiers(linked, pairs)
    columns = _ordered(linked, pairs, tiers)
    tallest = max((len(column) for column in columns), default=0)
    height = tallest * (HIGH + GAP_Y) - GAP_Y + 2 * EDGE if tallest else 0
    boxes = {}
    for number, column in enumerate(columns):
        top = (height - (len(column) * (HIGH + GAP_Y) - GAP_Y)) / 2
        for row, one in enumerate(column):
            boxes[one] = Box(one, EDGE + number * (WIDE + GAP_X), top + row * (HIGH + GAP_Y))
    curves = tuple(Curve(*pair, _path(boxes[pair[0]], boxes[pair[1]])) for pair in pairs)
    width = len(columns) * (WIDE + GAP_X) - GAP_X + 2 * EDGE if columns else 0
    return Picture(width, int(height), tuple(boxes.values()), curves)


def _tiers(ids: Sequence[str], pairs: Sequence[Pair]) -> dict[str, int]:
    """Return the tier of everybody, by the longest way; circles are cut where a walk meets itself."""
    into: dict[str, list[str]] = {one: [] for one in ids}
    for supplier, customer in pairs:
        into[customer].append(supplier)
    tiers: dict[str, int] = {}
    for start in ids:
        stack, walking = [start], {start}
        while stack:
            one = stack[-1]
            waiting = [s for s in into[one] if s not in tiers and s not in walking]
            if waiting:
                stack.append(waiting[0])
                walking.add(waiting[0])
                continue
            tiers.setdefault(one, max((tiers[s] + 1 for s in into[one] if s in tiers), default=0))
            walking.discard(stack.pop())
    return tiers


def _ordered(ids: Sequence[str], pairs: Sequence[Pair], tiers: Mapping[str, int]) -> list[list[str]]:
    """Return the tiers from left to right; in each, everybody near the middle of those they deal with."""
    columns: list[list[str]] = [[] for _ in range(max(tiers.values(), default=-1) + 1)]
    for one in ids:
        columns[tiers[one]].append(one)
    near: dict[str, list[str]] = {one: [] for one in ids}
    for supplier, customer in pairs:
        near[supplier].append(customer)
        near[customer].append(supplier)
    place = {one: row / max(len(column), 1) for column in columns for row, one in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            column.sort(key=lambda one: sum(place[other] for other in near[one]) / len(near[one]))
            place |= {one: (row + 0.5) / len(column) for row, one in enumerate(column)}
    return columns


def _path(supplier: Box, customer: Box) -> str:
    x0, y0 = supplier.x + WIDE, supplier.y + HIGH / 2
    x1, y1 = customer.x, customer.y + HIGH / 2
    bend = max(GAP_X / 2, abs(x1 - x0) / 2)
    return f"M{x0:.0f} {y0:.1f}C{x0 + bend:.0f} {y0:.1f} {x1 - bend:.0f} {y1:.1f} {x1:.0f} {y1:.1f}"
