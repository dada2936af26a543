"""全过程一次交验合格率: points of yield at which process, alone and by the cheapest split over all of them.

Submitted counts stay as they are; units move from failed to passed at their first submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from qm_rules.exact import twelve_digits
from qm_rules.shortfall.cheapest import Search, Split
from qm_rules.shortfall.curves import Counts
from qm_rules.shortfall.figures import Lack, percent, plain
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.shortfall.routes import Process, Route, UnitCosts, routes_of
from qm_rules.trace.numbers import LISTED, whole
from qm_rules.words import NOTHING, Words, joined, label, sentences

_SPLIT = Words(
    "初次提交数不变,一次合格品再增加 {units} 件即可{cost}:{where}。",
    "At the same first submissions, {units} more first-pass units are enough{cost}: {where}.",
)
_COST = Words("(成本 {cost})", " (cost {cost})")
_PROVEN = Words("已证明没有更省的分配。", "No split is cheaper (proven).")
_NOT_PROVEN = Words(
    "任何分配的成本都不低于 {least}(此分配最多贵 {gap})。",
    "No split costs less than {least} (this one is at most {gap} dearer).",
)
_WHERE = Words(
    "产品 {product} 工序 {id} {has} → {needs}(+{points} 个百分点,{units} 件)",
    "product {product}, process {id} {has} → {needs} (+{points} percentage points, {units} units)",
)
_MORE = Words("等 {n} 处", "{n} places in all")
_SENTENCE = Words("{where}。", "{where}.")
_ALONE = Words("仅提高此工序:{where}。", "This process alone: {where}.")

Place = tuple[Route, Process, int]
"""A process of a product, and its more first-pass units."""


def more_first_passes(lack: Lack, unit_costs: UnitCosts | None) -> Shortfall:
    """Return the cheapest split over processes, and which process could do it alone."""
    routes, step = routes_of(lack.grade.evidence.document["first_pass"], unit_costs)
    bound = lack.step.numerator, lack.step.denominator
    search = Search(routes, bound)
    split = search.run()
    places = sorted(_places(routes, split), key=lambda one: (-one[2], one[0].product_id, one[1].id))
    return Shortfall(
        to_level=lack.gap.to_level,
        indicator="ftq",
        kind="processes",
        sentence=_said(places, split, step, is_plain=unit_costs is None),
        amount=plain(split.cost * step),
        unit="units" if unit_costs is None else "cost",
        parts=tuple(_part(place, _SENTENCE) for place in places),
        alone=tuple(_part(place, _ALONE) for place in _alone(search)),
        least=plain(split.least * step),
    )


def _places(routes: list[Route], split: Split) -> Iterator[Place]:
    for route, counts in zip(routes, split.counts, strict=True):
        for process, more in _pairs(route, counts):
            if more:
                yield route, process, more


def _pairs(route: Route, counts: Counts) -> Iterator[tuple[Process, int]]:
    for stage, row in zip(route.stages, counts, strict=True):
        yield from zip(stage.processes, row, strict=True)


def _alone(search: Search) -> Iterator[Place]:
    """Yield every process that could reach the bound alone, with the units that it would need."""
    values = [search.value(at, _nothing(route)) for at, route in enumerate(search.routes)]
    everything = sum(values)
    for at, route in enumerate(search.routes):
        needed = search.needed(at, everything - values[at])
        for stage, others in zip(route.stages, _others(route), strict=True):
            if others:
                more = -(-needed // others) - stage.passed
                yield from ((route, one, more) for one in stage.processes if more <= one.room)


def _others(route: Route) -> list[int]:
    """Return for each stage the passed units multiplied over all other stages."""
    zeros = [stage.passed for stage in route.stages].count(0)
    rest = prod([stage.passed or 1 for stage in route.stages])
    return [0 if zeros > (not stage.passed) else rest // (stage.passed or 1) for stage in route.stages]


def _nothing(route: Route) -> Counts:
    return [[0] * len(stage.processes) for stage in route.stages]


def _said(places: list[Place], split: Split, step: Fraction, *, is_plain: bool) -> Words:
    cost = NOTHING if is_plain else _COST.fill(cost=plain(split.cost * step))
    named = [_where(place) for place in places[:LISTED]]
    named += [_MORE.fill(n=whole(len(places)))] if len(places) > LISTED else []
    units = whole(sum(more for _, _, more in places))
    head = _SPLIT.fill(units=units, cost=cost, where=joined(named, ";", "; "))
    if split.cost == split.least:
        return sentences((head, _PROVEN))
    gap = plain((split.cost - split.least) * step)
    return sentences((head, _NOT_PROVEN.fill(least=plain(split.least * step), gap=gap)))


def _where(place: Place) -> Words:
    """What is there is rounded down and what is needed up, so that reaching the figure shown is enough."""
    route, process, more = place
    has, needs = (Fraction(passed, process.submitted) for passed in (process.passed, process.passed + more))
    places = next(
        places for places in range(2, 300) if percent(has, places, up=False) != percent(needs, places)
    )
    return _WHERE.fill(
        product=label(route.product_id),
        id=label(process.id),
        has=percent(has, places, up=False),
        needs=percent(needs, places),
        points=percent(needs - has, places).removesuffix(" %"),
        units=whole(more),
    )


def _part(place: Place, text: Words) -> Part:
    route, process, more = place
    has, needs = (
        twelve_digits(passed, process.submitted) for passed in (process.passed, process.passed + more)
    )
    return Part(process.id, has, needs, str(more), text.fill(where=_where(place)), route.product_id)
