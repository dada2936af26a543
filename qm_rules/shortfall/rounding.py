"""From a curve to whole units that do what is needed and are hardly dearer; at plain costs never dearer."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import prod
from typing import NamedTuple

from qm_rules.shortfall.curves import Counts, Curve


def closing(curve: Curve, needed: int) -> Counts | None:
    """Return the cheapest units found that lift the multiplied passed units to `needed`; None if none can.

    At plain costs they are the cheapest: the curve rounded down, then always the stage that passes least.
    """
    stages = curve.route.stages
    if prod([stage.submitted for stage in stages]) < needed:
        return None
    counts = curve.counts(curve.least_cost(needed))
    levels = [stage.passed + sum(more) for stage, more in zip(stages, counts, strict=True)]
    offers = [offer for at in range(len(stages)) if (offer := _offer(curve, counts, levels, at))]
    heapify(offers)
    passed = prod(levels)
    while passed < needed:
        # one unit more at a stage that passes x is enough exactly if x ≤ passed ÷ what is lacking
        enough = passed // (needed - passed)
        closers = [one for one in offers if 0 < levels[one.stage] <= enough]
        taken = min(closers, key=lambda one: (one.cost, one)) if closers else heappop(offers)
        counts[taken.stage][taken.process] += 1
        levels[taken.stage] += 1
        passed = passed // (levels[taken.stage] - 1) * levels[taken.stage] if passed else prod(levels)
        following = _offer(curve, counts, levels, taken.stage)
        if following:
            heappush(offers, following)
    return _trimmed(curve, counts, levels, needed)


class Offer(NamedTuple):
    """One more unit at a stage by its cheapest process; the least `weight` gains most for its cost."""

    weight: int
    level: int
    stage: int
    process: int
    cost: int


def _offer(curve: Curve, counts: Counts, levels: list[int], at: int) -> Offer | None:
    pairs = enumerate(zip(curve.route.stages[at].processes, counts[at], strict=True))
    found = next(((number, one) for number, (one, more) in pairs if more < one.room), None)
    if found is None:
        return None
    number, process = found
    return Offer(process.cost * levels[at], levels[at], at, number, process.cost)


def _trimmed(curve: Curve, counts: Counts, levels: list[int], needed: int) -> Counts:
    """Take back units that turned out not to be needed, the dearest first."""
    dearest = sorted(curve.segments, key=lambda one: (-one.cost, one.stage, -one.process))
    passed = prod(levels)
    for stage, process, *_ in dearest:
        while counts[stage][process] and passed // levels[stage] * (levels[stage] - 1) >= needed:
            passed = passed // levels[stage] * (levels[stage] - 1)
            levels[stage] -= 1
            counts[stage][process] -= 1
    return counts
