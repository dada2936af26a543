"""The choice as a chance-constrained programme over joint paths (Luedtke & Ahmed 2008, *SIAM J. Optimization*
19), solved by HiGHS through `scipy.optimize`.

One row a path: the options taken make up what is missing there, or the path is given up; at most a share
1 − p may be. The greedy choice bounds the cost from above, the solver's dual bound from below: what lies
between is said as the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from models.assistance import greedy
from models.assistance.problem import Array, Chosen, Index, Limits, Problem

SECONDS: Final = 10.0
MOST_OPTIONS: Final = 1500
"""Beyond so many the programme sees those alone that bring most per yuan, and its bound is none."""
ROUNDS: Final = 3
SAME: Final = 1e-6


@dataclass(frozen=True)
class Solved:
    """A choice and how good it can be at best: `bound` is a cost that none can be below (for `cheapest`) or a
    probability that none can be above; None: not known. `proven` if nothing better exists on these paths.
    """

    chosen: Chosen
    bound: float | None
    proven: bool


@dataclass(frozen=True)
class Price:
    """Of the last yuan of a budget: `enterprises` more expected per CNY a year (zero: money is not what is
    short), in the choice with the highest expected count, enterprises divisible.
    """

    enterprises: float

    @property
    def of_one(self) -> float | None:
        """CNY a year for one more expected enterprise; None where money buys none."""
        return 1.0 / self.enterprises if self.enterprises > 0 else None


def cheapest(problem: Problem, limits: Limits, wanted: float, seconds: float = SECONDS) -> Solved | None:
    """The cheapest choice with a probability of at least `wanted`; None: none is known within the limits.

    Never dearer than the greedy one.
    """
    start = greedy.cheapest(problem, limits, wanted)
    if start == ():
        return Solved((), 0.0, proven=True)
    few = _useful(problem)
    if start is not None:
        start = _covered(few, problem, limits, wanted, start, seconds / 2)
    answer = _run(few.problem, limits, wanted, seconds / 2)
    found = _chosen(answer, few)
    if found is not None and problem.allows(found, limits) and problem.probability(found) >= wanted:
        found = greedy.pruned(problem, found, wanted)
        start = found if start is None else min(start, found, key=problem.cost)
    if start is None:
        return None
    bound = _dual(answer, few)
    least = None if bound is None else max((bound - SAME * len(problem)) * _scale(few.problem), 0.0)
    return _solved(start, least, problem.cost(start))


def most_probable(problem: Problem, limits: Limits, wanted: float, seconds: float = SECONDS) -> Solved:
    """The most probable choice within the limits; `wanted` is what the greedy start climbs for."""
    start, few = greedy.most_probable(problem, limits, wanted), _useful(problem)
    answer = _run(few.problem, limits, None, seconds)
    found = _chosen(answer, few)
    if found is not None and problem.allows(found, limits):
        start = max(start, found, key=lambda one: (problem.probability(one), -problem.cost(one)))
    bound, own = _dual(answer, few), problem.probability(start)
    # The programme counts the paths that are given up; what it pays for is below a hundredth of one.
    most = None if bound is None else max(1.0 - np.ceil(bound - 0.01) / problem.paths, own)
    return _solved(start, most, own)


def _covered(
    few: _Few, problem: Problem, limits: Limits, wanted: float, start: Chosen, seconds: float
) -> Chosen:
    """Again and again: give up the paths on which the choice falls shortest, and cover the rest as cheaply as
    can be; never dearer than `start`. Without the question which paths to give up it is a far easier
    programme.
    """
    kept = int(np.ceil(wanted * problem.paths - SAME))
    for _ in range(ROUNDS):
        paths = np.argsort(-problem.counts(start), kind="stable")[:kept]
        answer = _run(few.problem.on(paths), limits, 1.0, seconds / ROUNDS)
        found = _chosen(answer, few)
        if found is None or not problem.allows(found, limits) or problem.probability(found) < wanted:
            return start
        found = greedy.pruned(problem, found, wanted)
        if problem.cost(found) >= problem.cost(start):
            return start
        start = found
    return start


def _solved(chosen: Chosen, bound: float | None, own: float) -> Solved:
    close = bound is not None and abs(bound - own) <= 1e-4 * max(abs(own), 1.0)
    return Solved(chosen, own if close else bound, proven=close)


def price(problem: Problem, limits: Limits) -> Price:
    """The shadow price of the budget: the dual of its row in the linear programme of the expected count."""
    if limits.budget is None or not len(problem):
        return Price(0.0)
    rows, upper = _limits(problem, limits)
    answer = linprog(-problem.mean, A_ub=rows, b_ub=upper, bounds=(0.0, 1.0), method="highs")
    if answer.x is None:
        return Price(0.0)
    return Price(max(-float(answer.ineqlin.marginals[0]), 0.0) / _scale(problem))


@dataclass(frozen=True)
class _Few:
    """The problem without what can never help; `place` says where its options stand, `whole` whether nothing
    else was left out.
    """

    problem: Problem
    place: Index
    whole: bool


def _useful(problem: Problem) -> _Few:
    missing = problem.base < problem.wanted
    brings = (problem.gains[:, missing] > 0).sum(axis=1)
    useful = np.flatnonzero(brings)
    whole = len(useful) <= MOST_OPTIONS
    if not whole:
        rate = brings[useful] / (problem.costs[useful] + 1.0)
        useful = np.sort(useful[np.argsort(-rate, kind="stable")[:MOST_OPTIONS]])
    return _Few(problem.of(useful), useful, whole)


def _run(problem: Problem, limits: Limits, wanted: float | None, seconds: float) -> Any:  # noqa: ANN401
    """Solve: least cost at a probability, or (None) the fewest paths given up. None: nothing to choose."""
    if not len(problem):
        return None
    kept, lost = _paths(problem)
    rows, upper = _limits(problem, limits)
    none = sparse.csr_array((rows.shape[0], lost))
    limited = [kept, LinearConstraint(sparse.hstack([rows, none]), ub=upper)]
    cost = problem.costs / _scale(problem) + SAME
    if wanted is None:
        weight = np.append(SAME * cost, np.ones(lost))
    else:
        weight, given_up = np.append(cost, np.zeros(lost)), np.append(np.zeros(len(cost)), np.ones(lost))
        limited.append(LinearConstraint(given_up, ub=np.floor((1.0 - wanted) * problem.paths + SAME)))
    return milp(
        weight,
        integrality=np.ones(len(weight)),
        bounds=Bounds(0.0, 1.0),
        constraints=limited,
        options={"time_limit": seconds},
    )


def _paths(problem: Problem) -> tuple[LinearConstraint, int]:
    """A row for each path that can be missed: options taken + slack of the path given up ≥ what is missing;
    and how many such paths there are.
    """
    missing = (problem.wanted - problem.base).astype(np.float64)
    most = missing + (problem.gains < 0).sum(axis=0)
    at_risk = np.flatnonzero(most > 0)
    gains = sparse.csr_array(problem.gains[:, at_risk].T.astype(np.float64))
    slack = sparse.diags_array(most[at_risk], format="csr")
    return LinearConstraint(sparse.hstack([gains, slack]), lb=missing[at_risk]), len(at_risk)


def _limits(problem: Problem, limits: Limits) -> tuple[sparse.csr_array, Array]:
    """Rows of the budget (the first, if there is one), of how many are helped, and of one option each."""
    names, own = np.unique(problem.owner, return_inverse=True)
    single = sparse.csr_array((np.ones(len(own)), (own, np.arange(len(own)))), shape=(len(names), len(own)))
    rows, upper = [single], [np.ones(len(names))]
    if limits.enterprises is not None:
        rows.insert(0, sparse.csr_array(np.ones((1, len(own)))))
        upper.insert(0, np.array([float(limits.enterprises)]))
    if limits.budget is not None:
        scale = _scale(problem)
        rows.insert(0, sparse.csr_array(problem.costs[None] / scale))
        upper.insert(0, np.array([limits.budget / scale]))
    return sparse.csr_array(sparse.vstack(rows)), np.concatenate(upper)


def _scale(problem: Problem) -> float:
    """CNY a year of a typical option: the solver's unit of money."""
    return max(float(problem.costs.mean()) if len(problem) else 0.0, 1.0)


def _chosen(answer: Any, few: _Few) -> Chosen | None:  # noqa: ANN401 - scipy's
    if answer is None or answer.x is None:
        return None
    return tuple(int(few.place[o]) for o in np.flatnonzero(answer.x[: len(few.place)] > 0.5))


def _dual(answer: Any, few: _Few) -> float | None:  # noqa: ANN401 - scipy's
    """What no choice can be better than, in the solver's terms."""
    bound = None if answer is None or not few.whole else getattr(answer, "mip_dual_bound", None)
    return float(bound) if bound is not None and np.isfinite(bound) else None
