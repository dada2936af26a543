"""First passes as whole numbers: products, their stages, the processes pooled in a stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm, prod
from typing import NamedTuple

from qm_rules.json_types import Json

Rows = Sequence[Mapping[str, Json]]
UnitCosts = Mapping[tuple[str, str], Decimal]

ONE = Decimal(1)


class Process(NamedTuple):
    """One row of `first_pass`; `cost` is that of one more first-pass unit, in whole steps."""

    id: str
    passed: int
    submitted: int
    cost: int

    @property
    def room(self) -> int:
        """How many more units could have passed at the first submission."""
        return self.submitted - self.passed


class Stage(NamedTuple):
    """Processes of equal seq, pooled; the cheapest first, then those with the most failures."""

    passed: int
    submitted: int
    processes: tuple[Process, ...]


class Route(NamedTuple):
    """One product: its stages in order of seq, and the units started at the first."""

    product_id: str
    started: int
    stages: tuple[Stage, ...]

    @property
    def submitted(self) -> int:
        """What the passed units multiplied over the stages are divided by."""
        return prod([stage.submitted for stage in self.stages])

    @property
    def passed(self) -> int:
        """The passed units multiplied over the stages."""
        return prod([stage.passed for stage in self.stages])


def routes_of(rows: Rows, unit_costs: UnitCosts | None = None) -> tuple[list[Route], Fraction]:
    """Return the products in order of their ids, and what one step of `Process.cost` is worth.

    A process without a unit cost costs 1. Raises ValueError for a cost that is not a number above 0.
    """
    given = unit_costs or {}
    costs = [Fraction(_checked(given.get(_key(row), ONE), _key(row))) for row in rows]
    step = _cost_step(costs)
    stages: dict[str, dict[int, list[Process]]] = {}
    for row, cost in zip(rows, costs, strict=True):
        process = Process(row["process_id"], row["passed_first"], row["submitted"], int(cost / step))
        stages.setdefault(row["product_id"], {}).setdefault(row["seq"], []).append(process)
    return [_route(product_id, by_seq) for product_id, by_seq in sorted(stages.items())], step


def _route(product_id: str, by_seq: Mapping[int, list[Process]]) -> Route:
    stages = tuple(_stage(by_seq[seq]) for seq in sorted(by_seq))
    return Route(product_id, stages[0].submitted, stages)


def _stage(processes: list[Process]) -> Stage:
    ordered = sorted(processes, key=lambda one: (one.cost, -one.room, one.id))
    passed, submitted = (sum(one.passed for one in ordered), sum(one.submitted for one in ordered))
    return Stage(passed, submitted, tuple(ordered))


def _key(row: Mapping[str, Json]) -> tuple[str, str]:
    return row["product_id"], row["process_id"]


def _checked(cost: Decimal, key: tuple[str, str]) -> Decimal:
    if not cost.is_finite() or cost <= 0:
        raise ValueError(f"unit cost of {key[0]}, {key[1]}: found {cost}; allowed: a number above 0")
    return cost


def _cost_step(costs: Sequence[Fraction]) -> Fraction:
    """Return the greatest amount of which every cost is a whole multiple."""
    distinct = set(costs)
    return Fraction(gcd(*(one.numerator for one in distinct)), lcm(*(one.denominator for one in distinct)))
