"""Which choice is made: on one half of the joint paths, and checked on the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.assistance import greedy, programme
from models.assistance.problem import Chosen, Limits, Problem, halves

TRIES = 4
MOST_POINTS, MOST_LOOKED_AT = 24, 96
WORTH = 0.01
"""Probability that is worth no money: less than what so many paths can tell."""
MILLION = 1e6


@dataclass(frozen=True)
class Found:
    """A choice; its probability where it was made and where it was checked; `bound` in CNY a year."""

    chosen: Chosen
    in_sample: float
    probability: float
    meets: bool
    bound: float | None = None
    proven: bool = False


def choose(problem: Problem, limits: Limits, wanted: float, seconds: float) -> Found:
    """The cheapest choice that is likely enough on paths it was not made on, too; else the most probable.

    Where one is not, the wish is raised by what it lacks there, a few times over.
    """
    by, check = halves(problem)
    raised, bound, tried = wanted, None, []
    for _ in range(TRIES):
        found = programme.cheapest(by, limits, raised, seconds / (2 * TRIES))
        if found is None:
            break
        bound = found.bound if raised == wanted else bound
        probability = check.probability(found.chosen)
        meets = probability >= wanted
        proven = found.proven and raised == wanted
        tried.append(Found(found.chosen, by.probability(found.chosen), probability, meets, bound, proven))
        if meets:
            return tried[-1]
        raised = min(raised + max(wanted - probability, 1.0 / by.paths), 1.0 - 0.5 / by.paths)
    most = programme.most_probable(by, limits, wanted, seconds / 2)
    tried += [_checked(problem, own, wanted) for own in (_needed(by, most.chosen), most_expected(by, limits))]
    best = max(one.probability for one in tried)
    if best <= check.probability() + WORTH:  # out of reach: then at least as many as can be
        return max(tried, key=lambda one: (by.expected(one.chosen), -problem.cost(one.chosen)))
    return min((o for o in tried if o.probability >= best - WORTH), key=lambda one: problem.cost(one.chosen))


def _needed(problem: Problem, chosen: Chosen) -> Chosen:
    """The same without what hardly makes it likelier."""
    own = problem.probability(chosen) - WORTH
    return greedy.pruned(problem, chosen, own) if own > problem.probability() else chosen


def _checked(problem: Problem, chosen: Chosen, wanted: float) -> Found:
    by, check = halves(problem)
    probability = check.probability(chosen)
    return Found(chosen, by.probability(chosen), probability, probability >= wanted)


def most_expected(problem: Problem, limits: Limits) -> Chosen:
    """The end of the climb for as many as can be, however likely the wanted count is: every step of it raises
    what is expected.
    """
    far = replace(problem, wanted=int(problem.base.max(initial=0)) + len(problem) + 1)
    *_, last = greedy.climb(far, limits, 1.0)
    return last.chosen


def everything(problem: Problem, limits: Limits, wanted: float) -> Found:
    """All that helps, whatever it costs: the most that actions can do."""
    chosen = most_expected(halves(problem)[0], Limits(None, limits.enterprises))
    return _checked(problem, chosen, wanted)


def frontier(problem: Problem, limits: Limits, wanted: float) -> list[Chosen]:
    """Choices from nothing to everything by rising cost, none less probable than a cheaper one on the paths
    not chosen by, and each better by something that can be seen.
    """
    by, check = halves(problem)
    climbed = [rung.chosen for rung in greedy.climb(by, Limits(None, limits.enterprises), wanted)]
    rungs = climbed[:: 1 + len(climbed) // MOST_LOOKED_AT]
    rungs.append(everything(problem, limits, wanted).chosen)
    rungs.sort(key=problem.cost)
    seen = max((problem.expected(one) for one in rungs), default=0.0) - problem.expected()
    points = rungs[:1]
    for one in rungs[1:]:
        more = check.probability(one) - check.probability(points[-1])
        expected = problem.expected(one) - problem.expected(points[-1])
        if more > WORTH or (more >= 0 and expected > seen / MOST_POINTS):
            points.append(one)
    step = max(-(-len(points) // MOST_POINTS), 1)
    return points[::step] if (len(points) - 1) % step == 0 else [*points[::step], points[-1]]


def per_million(problem: Problem, limits: Limits, wanted: float, budget: float) -> float:
    """What a million CNY a year beyond a budget adds to the probability."""
    here, there = (
        problem.probability(greedy.most_probable(problem, Limits(own, limits.enterprises), wanted))
        for own in (budget, budget + MILLION)
    )
    return max(there - here, 0.0)
