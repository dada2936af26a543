"""A supply chain drawn: suppliers left, makers right, as boxes and curves for one SVG, without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 178, 42, 88, 12, 8
ROOM, LEAST_GAP_X = 1120, 44
"""Width of a page at a desk, and how near columns may come to each other to stay in it."""
SWEEPS = 6
MOST_DRAWN = 90
"""Boxes beyond which a picture says nothing; the tables list them all."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Measures:
    """How large boxes are, and how far apart."""

    wide: float = WIDE
    high: float = HIGH
    gap_x: float = GAP_X
    gap_y: float = GAP_Y
    edge: float = EDGE
    room: float | None = None

    def closer(self, columns: int) -> Measures:
        """The same with columns as near to each other as the room wants and a curve allows."""
        if self.room is None or columns < 2:
            return self
        fits = (self.room - 2 * self.edge - columns * self.wide) / (columns - 1)
        return replace(self, gap_x=min(self.gap_x, max(fits, LEAST_GAP_X)))


SCREEN = Measures(room=ROOM)


@dataclass(frozen=True)
class Box:
    """One enterprise; `x`, `y` is its upper left corner."""

    id: str
    x: float
    y: float
    tier: int = 0


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


def picture(
    ids: Sequence[str], links: Sequence[Pair], by: Measures = SCREEN, most_tiers: int | None = None
) -> Picture:
    """Return the layout of the enterprises that have a link among `ids`: tiers, and few crossings in them.

    A tier is the longest way from a supplier that nobody supplies; a link that closes a circle is drawn, and
    not followed. Where there are more than `most_tiers`, neighbouring tiers stand in one column.
    """
    known = set(ids)
    pairs = [pair for pair in dict.fromkeys(links) if pair[0] in known and pair[1] in known]
    ends = {end for pair in pairs for end in pair}
    linked = [one for one in ids if one in ends]
    tiers = _tiers(linked, pairs)
    count = max(tiers.values(), default=0) + 1
    if most_tiers and count > most_tiers:
        tiers = {one: tier * most_tiers // count for one, tier in tiers.items()}
    columns = _ordered(linked, pairs, tiers)
    by = by.closer(len(columns))
    tallest = max((len(column) for column in columns), default=0)
    height = _length(tallest, by.high, by.gap_y, by.edge)
    boxes = {}
    for number, column in enumerate(columns):
        top = (height - _length(len(column), by.high, by.gap_y, 0)) / 2
        for row, one in enumerate(column):
            x, y = by.edge + number * (by.wide + by.gap_x), top + row * (by.high + by.gap_y)
            boxes[one] = Box(one, x, y, number)
    curves = tuple(Curve(*pair, _path(boxes[pair[0]], boxes[pair[1]], by)) for pair in pairs)
    width = _length(len(columns), by.wide, by.gap_x, by.edge)
    return Picture(int(width), int(height), tuple(boxes.values()), curves)


def _length(count: int, size: float, gap: float, edge: float) -> float:
    return count * (size + gap) - gap + 2 * edge if count else 0.0


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


def _path(supplier: Box, customer: Box, by: Measures) -> str:
    x0, y0 = supplier.x + by.wide, supplier.y + by.high / 2
    x1, y1 = customer.x, customer.y + by.high / 2
    bend = max(by.gap_x / 2, abs(x1 - x0) / 2)
    return f"M{x0:.0f} {y0:.1f}C{x0 + bend:.0f} {y0:.1f} {x1 - bend:.0f} {y1:.1f} {x1:.0f} {y1:.1f}"
