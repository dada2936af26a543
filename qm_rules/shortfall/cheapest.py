"""The cheapest split: more first-pass units over products and processes until the yield reaches a bound.

    minimise    Σ unit cost × units      (whole units, at most the failures of each process)
    subject to  Σ started × yield ÷ Σ started ≥ bound      (the official 全过程一次交验合格率)

Within a product the best curve is known (`curves`). Over products it is not concave, so the problem is
solved by branch and bound over each product's cost (Horst and Tuy, Global Optimization, 1996, ch. IV): a
relaxation by concave hulls gives what no split can undercut, its corners give a split that reaches the
bound, and the one product between two corners is divided there.

- The split always reaches the bound, and `least` is always proven, in whole numbers.
- The split is the cheapest where `cost == least`. Plain costs (1 a unit) get there unless the search runs
  out of `WORK`, which large products that are all alike make it do. Other costs mostly stay above `least`,
  by about the cost of a unit or two, because their curve does not know that units are whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from math import lcm
from typing import NamedTuple

from qm_rules.exact import Ratio
from qm_rules.shortfall.curves import Counts, Curve
from qm_rules.shortfall.hulls import Hull, Step, hull
from qm_rules.shortfall.rounding import closing
from qm_rules.shortfall.routes import Route

WORK, MOST_NODES = 120_000, 2_000
"""Hull steps and nodes that the search may look at: fixed numbers, so that answers never vary."""

MOST_CLOSED = 100
"""With more products than this, only the one between two corners is tried as what makes up the rest."""

_EXACT_BITS = 2_048
_LONG = 512
_GUARD = 60


class Split(NamedTuple):
    """More first-pass units by product, stage and process; their cost; what no split can cost less than."""

    counts: tuple[Counts, ...]
    cost: int
    least: int


class Relaxed(NamedTuple):
    """The relaxation's optimum: its cost rounded up, each product's corner, and the product between two."""

    least: int
    costs: tuple[int, ...]
    between: Step | None
    at: int


Hulls = tuple[Hull, ...]


def cheapest(routes: Sequence[Route], bound: Ratio) -> Split:
    """Return the cheapest split that lifts the yield to numerator/denominator (at most 1)."""
    return Search(routes, bound).run()


class Search:
    """Values are units × yield, in whole multiples of 1/`scale`."""

    def __init__(self, routes: Sequence[Route], bound: Ratio) -> None:
        self.routes = routes
        self.curves = [Curve(route) for route in routes]
        self.divisors = [route.submitted for route in routes]
        # a common denominator makes all exact; where it is too long, all is rounded to the safe side
        self.scale = (_common(self.divisors) or 1 << _EXACT_BITS) * bound[1]
        self.target = bound[0] * sum(route.started for route in routes) * (self.scale // bound[1])
        self._rounded: dict[tuple[int, int], tuple[Counts, int, int]] = {}
        self.best: tuple[int, dict[int, Counts], tuple[int, ...]] | None = None

    def run(self) -> Split:
        """Return the best split found, and the proof that goes with it."""
        root = tuple(self.hull(at, 0, curve.most) for at, curve in enumerate(self.curves))
        least = self._explore(root, self._relax(root))
        assert self.best is not None  # noqa: S101 - no failure at all reaches every bound
        cost, closed, costs = self.best
        counts = tuple(closed.get(at) or self.rounded(at, each)[0] for at, each in enumerate(costs))
        return Split(counts, cost, min(least, cost))

    def hull(self, at: int, low: int, high: int) -> Hull:
        """Return the concave hull of a product's curve between two costs."""
        curve, started, divisor = self.curves[at], self.routes[at].started, self.divisors[at]

        def value(cost: int) -> int:
            passed, over = curve.reached(cost)
            return -(-started * passed * self.scale // (divisor * over))

        inner = [cost for cost in curve.corners if low < cost < high]
        return hull(at, [(cost, value(cost)) for cost in dict.fromkeys((low, *inner, high))])

    def rounded(self, at: int, cost: int) -> tuple[Counts, int, int]:
        """Return a product's whole units for at most a cost, what they cost, and their value."""
        if (at, cost) not in self._rounded:
            counts = self.curves[at].counts(cost)
            self._rounded[at, cost] = counts, _cost(self.routes[at], counts), self.value(at, counts)
        return self._rounded[at, cost]

    def value(self, at: int, counts: Counts) -> int:
        """Return the value of a product with more first-pass units, never too much."""
        passed = 1
        for stage, more in zip(self.routes[at].stages, counts, strict=True):
            passed *= stage.passed + sum(more)
        return self.routes[at].started * passed * self.scale // self.divisors[at]

    def needed(self, at: int, others: int) -> int:
        """Return the multiplied passed units that a product needs beside the others' value."""
        return -(-(self.target - others) * self.divisors[at] // (self.routes[at].started * self.scale))

    def _explore(self, root: Hulls, relaxed: Relaxed | None) -> int:
        """Branch and bound, the lowest bound first; return the proven least cost."""
        assert relaxed is not None  # noqa: S101 - as above
        self._close_each(relaxed)
        heap: list[tuple[int, int, Relaxed, Hulls]] = [(relaxed.least, 0, relaxed, root)]
        settled, number = self._cost(), 0
        each = sum(len(one.steps) + 1 for one in root) * (1 + max(self.divisors).bit_length() // _LONG)
        most = min(MOST_NODES, WORK // each)
        while heap and heap[0][0] < self._cost() and number < most:
            least, _, node, hulls = heappop(heap)
            if node.between is None or node.between.high - node.between.low < 2:
                settled = min(settled, least)  # nothing left to divide
                continue
            for child in self._divided(node.between, node.at, hulls):
                found, number = self._relax(child), number + 1
                if found is not None and found.least < self._cost():
                    self._close(found.costs, found.between.route if found.between else 0)
                    heappush(heap, (max(found.least, least), number, found, child))
        return min([settled, self._cost(), *(entry[0] for entry in heap)])

    def _divided(self, between: Step, at: int, hulls: Hulls) -> list[Hulls]:
        route, points = between.route, hulls[between.route].points
        middle = min(max(at, between.low), between.high - 1)
        halves = [(points[0][0], middle), (middle + 1, points[-1][0])]
        return [(*hulls[:route], self.hull(route, low, high), *hulls[route + 1 :]) for low, high in halves]

    def _relax(self, hulls: Hulls) -> Relaxed | None:
        """Take the hulls' steps, the steepest first, until the target is met; None if it cannot be met."""
        costs = [one.points[0][0] for one in hulls]
        spent, need = sum(costs), self.target - sum(one.points[0][1] for one in hulls)
        if need <= 0:
            return Relaxed(spent, tuple(costs), None, 0)
        for step in sorted(step for one in hulls for step in one.steps):
            length = step.high - step.low
            if step.gain < need:
                need, spent = need - step.gain, spent + length
                costs[step.route] = step.high
                continue
            part = need * length - (step.gain >> _GUARD)  # slopes are sorted by so many binary digits
            return Relaxed(
                spent + max(0, -(-part // step.gain)), tuple(costs), step,
                step.low + need * length // step.gain,
            )  # fmt: skip
        return None

    def _close_each(self, relaxed: Relaxed) -> None:
        """Try every product as the one that makes up the rest, before and after the last step is taken."""
        starts, tried = [relaxed.costs], range(len(self.routes))
        if relaxed.between is not None:
            at = relaxed.between.route
            starts.append((*relaxed.costs[:at], relaxed.between.high, *relaxed.costs[at + 1 :]))
            tried = tried if len(tried) <= MOST_CLOSED else range(at, at + 1)
        for costs in starts:
            for at in tried:
                self._close(costs, at)

    def _close(self, costs: tuple[int, ...], at: int) -> None:
        """Let one product make up what the others leave, and keep the split if it is the cheapest so far."""
        rest = [self.rounded(other, cost) for other, cost in enumerate(costs) if other != at]
        needed = self.needed(at, sum(value for _, _, value in rest))
        counts = closing(self.curves[at], needed)
        if counts is None:
            return
        cost = _cost(self.routes[at], counts) + sum(spent for _, spent, _ in rest)
        if self.best is None or cost < self.best[0]:
            self.best = cost, {at: counts}, costs

    def _cost(self) -> int:
        return self.best[0] if self.best else sum(curve.most for curve in self.curves)


def _common(divisors: Sequence[int]) -> int | None:
    """Return the least common multiple, None where it is too long to calculate with."""
    common = 1
    for divisor in divisors:
        common = lcm(common, divisor)
        if common.bit_length() > _EXACT_BITS:
            return None
    return common


def _cost(route: Route, counts: Counts) -> int:
    pairs = zip(route.stages, counts, strict=True)
    return sum(
        one.cost * more for stage, row in pairs for one, more in zip(stage.processes, row, strict=True)
    )
