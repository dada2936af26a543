"""From a curve to whole units that do what is needed and are hardly dearer; at plain costs never dearer."""

from __future__ import annotations

from math import prod

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
    passed = prod(levels)
    while passed < needed:
        at = _next(curve, counts, levels, passed // (needed - passed) if passed else 0)
        _add(curve, counts, at)
        levels[at] += 1
        passed = passed // (levels[at] - 1) * levels[at] if passed else prod(levels)
    return _trimmed(curve, counts, levels, needed)


def _next(curve: Curve, counts: Counts, levels: list[int], enough: int) -> int:
    """Return the stage of the next unit: the cheapest one that is enough alone, else the best for its cost.

    One unit more at a stage that passes x is enough exactly if x ≤ `enough`.
    """
    offers = []
    for at, stage in enumerate(curve.route.stages):
        process = _first(curve, counts, at)
        if process is not None:
            cost, level = stage.processes[process].cost, levels[at]
            is_enough = 0 < level <= enough
            offers.append((not is_enough, cost if is_enough else cost * level, level, at))
    return min(offers)[3]


def _first(curve: Curve, counts: Counts, at: int) -> int | None:
    """Return the stage's cheapest process that still has failures."""
    processes = curve.route.stages[at].processes
    pairs = enumerate(zip(processes, counts[at], strict=True))
    return next((number for number, (process, more) in pairs if more < process.room), None)


def _add(curve: Curve, counts: Counts, at: int) -> None:
    process = _first(curve, counts, at)
    if process is not None:
        counts[at][process] += 1


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
