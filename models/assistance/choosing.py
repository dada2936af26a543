"""Which choice is made: on one half of the joint paths, and checked on the other."""

from __future__ import annotations

from dataclasses import dataclass

from models.assistance import greedy, programme
from models.assistance.problem import Chosen, Limits, Problem, halves

TRIES = 4
MOST_POINTS = 24
WORTH = 0.005
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
    probability = check.probability(most.chosen)
    tried.append(Found(most.chosen, by.probability(most.chosen), probability, probability >= wanted))
    return max(tried, key=lambda one: (one.probability, -problem.cost(one.chosen)))


def everything(problem: Problem, limits: Limits, wanted: float) -> Found:
    """All that helps, whatever it costs: the most that actions can do."""
    by, check = halves(problem)
    free = Limits(None, limits.enterprises)
    chosen = max(greedy.climb(by, free, wanted), key=lambda rung: by.expected(rung.chosen)).chosen
    probability = check.probability(chosen)
    return Found(chosen, by.probability(chosen), probability, probability >= wanted)


def frontier(problem: Problem, limits: Limits, wanted: float) -> list[Chosen]:
    """Choices from nothing to everything, by rising cost, each more probable on the paths not chosen by."""
    by, check = halves(problem)
    points: list[tuple[float, Chosen]] = []
    for rung in greedy.climb(by, Limits(None, limits.enterprises), wanted):
        probability = check.probability(rung.chosen)
        if not points or probability > points[-1][0] + WORTH:
            points.append((probability, rung.chosen))
    step = max(-(-len(points) // MOST_POINTS), 1)
    kept = points[::step]
    return [chosen for _, chosen in (kept if not points or kept[-1] is points[-1] else [*kept, points[-1]])]


def per_million(problem: Problem, limits: Limits, wanted: float, budget: float) -> float:
    """What a million CNY a year beyond a budget adds to the probability."""
    here, there = (
        problem.probability(greedy.most_probable(problem, Limits(own, limits.enterprises), wanted))
        for own in (budget, budget + MILLION)
    )
    return max(there - here, 0.0)
