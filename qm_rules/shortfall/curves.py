"""What a product's yield can become for a given cost: the best curve, and its concave hull.

Within one product the yield is a product over stages, so the cheapest way up is water-filling: of all
processes the one with the lowest passed × unit cost is raised first (Karush-Kuhn-Tucker conditions of
minimising Σ cost subject to a bound on Σ log; Boyd and Vandenberghe, Convex Optimization, 5.5.3). So the
curve is made of pieces: on each, m processes rise together at one level u of passed × cost, and the passed
units multiplied over the stages are F·uᵐ ÷ Πcost: convex in the cost. Where a process is full or another
one joins, the next piece begins. All in whole numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from math import prod
from typing import NamedTuple

from qm_rules.shortfall.routes import Route

Counts = list[list[int]]
"""More first-pass units, by stage and process."""


class Segment(NamedTuple):
    """The units that one process can still gain; before the first of them its stage passes `start`."""

    stage: int
    process: int
    start: int
    room: int
    cost: int


class Piece(NamedTuple):
    """From level `low` to `high`: cost `spent` at `low`, `rising` processes, F and Πcost as above."""

    spent: int
    low: int
    high: int
    rising: int
    fixed: int
    costs: int

    @property
    def length(self) -> int:
        """What the piece costs."""
        return self.rising * (self.high - self.low)


class Curve:
    """The cheapest way of one product from its present yield to no failure at all."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.segments = _segments(route)
        self.is_plain = all(segment.cost == 1 for segment in self.segments)
        self.pieces = _pieces(route, self.segments)
        self._spent = [piece.spent for piece in self.pieces]
        self.most = self.pieces[-1].spent + self.pieces[-1].length if self.pieces else 0

    @cached_property
    def corners(self) -> list[int]:
        """The costs at which pieces begin, and the last one's end."""
        return [*self._spent, self.most] if self.pieces else [0]

    def reached(self, cost: int) -> tuple[int, int]:
        """Return, as a ratio, the most that the passed units multiplied over the stages can be for a cost.

        At plain costs exactly the most in whole units, otherwise never less than that.
        """
        if not self.pieces:
            return self.route.passed, 1
        piece, rest = self._piece(cost)
        if self.is_plain:
            rounds, extra = divmod(rest, piece.rising)
            level = piece.low + rounds
            return piece.fixed * level ** (piece.rising - extra) * (level + 1) ** extra, 1
        raised = (piece.low * piece.rising + rest) ** piece.rising
        return piece.fixed * raised, piece.costs * piece.rising**piece.rising

    def counts(self, cost: int) -> Counts:
        """Return whole units that cost no more and lie on the curve, rounded down."""
        found = [[0] * len(stage.processes) for stage in self.route.stages]
        if not self.pieces:
            return found
        piece, rest = self._piece(cost)
        numerator, denominator = piece.low * piece.rising + rest, piece.rising
        for stage, process, start, room, each in self.segments:
            level = numerator // (denominator * each)
            found[stage][process] = min(max(level - start, 0), room)
        return found

    def least_cost(self, needed: int) -> int:
        """Return the least whole cost at which the curve reaches a number of multiplied units."""
        pieces = self.pieces
        at = first(
            len(pieces), lambda at: _raised(pieces[at], pieces[at].length) >= needed * _unit(pieces[at])
        )
        if at == len(pieces):
            return self.most
        piece, enough = pieces[at], needed * _unit(pieces[at])
        return piece.spent + first(piece.length, lambda rest: _raised(piece, rest) >= enough)

    def _piece(self, cost: int) -> tuple[Piece, int]:
        piece = self.pieces[max(bisect_right(self._spent, cost) - 1, 0)]
        return piece, min(cost - piece.spent, piece.length)


def first(end: int, holds: Callable[[int], bool]) -> int:
    """Return the first whole number from 0 on for which it holds, `end` if for none (bisection)."""
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _raised(piece: Piece, rest: int) -> int:
    power: int = (piece.low * piece.rising + rest) ** piece.rising
    return piece.fixed * power


def _unit(piece: Piece) -> int:
    power: int = piece.rising**piece.rising
    return piece.costs * power


def _segments(route: Route) -> list[Segment]:
    found = []
    for at, stage in enumerate(route.stages):
        start = stage.passed
        for number, process in enumerate(stage.processes):
            if process.room:
                found.append(Segment(at, number, start, process.room, process.cost))
            start += process.room
    return found


def _pieces(route: Route, segments: Sequence[Segment]) -> list[Piece]:
    """Sweep the level upwards; at each stop processes become full (first) or begin to rise (then)."""
    stops = sorted(
        [(one.start * one.cost, 1, one) for one in segments]
        + [((one.start + one.room) * one.cost, 0, one) for one in segments]
    )
    passed = [stage.passed for stage in route.stages]
    fixed = prod([one for one in passed if one])
    pieces: list[Piece] = []
    spent, rising, costs, low = 0, 0, 1, 0
    for level, begins, one in stops:
        if rising and level > low:
            pieces.append(Piece(spent, low, level, rising, fixed, costs))
            spent += rising * (level - low)
        low = level
        if begins:
            rising, costs = rising + 1, costs * one.cost
            fixed //= one.start or 1  # a stage where nothing passed is no factor yet
        else:
            rising, costs = rising - 1, costs // one.cost
            fixed *= one.start + one.room
    return pieces
