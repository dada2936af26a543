"""The choice of whom to help: against every choice there is, on small problems."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.assistance import greedy, programme
from models.assistance.problem import Limits, Problem, halves

SECONDS = 20.0


def random(seed, enterprises=5, most=3, paths=12, harm=0.05):
    """Some enterprises with one to three options each; now and then an option does harm on a path."""
    rng = np.random.default_rng(seed)
    owner = np.concatenate([np.full(rng.integers(1, most + 1), e) for e in range(enterprises)])
    gains = (rng.random((len(owner), paths)) < rng.uniform(0.1, 0.9, (len(owner), 1))).astype(np.int8)
    gains -= (rng.random(gains.shape) < harm).astype(np.int8)
    base = rng.poisson(3, paths).astype(np.int64)
    return Problem(base, gains, rng.integers(0, 20, len(owner)) * 1e5, owner, int(np.median(base)) + 2)


def every(problem, limits):
    """All choices that the limits allow."""
    options = [[None, *np.flatnonzero(problem.owner == e).tolist()] for e in np.unique(problem.owner)]
    for one in product(*options):
        chosen = tuple(sorted(o for o in one if o is not None))
        if problem.allows(chosen, limits):
            yield chosen


def limits_of(seed):
    rng = np.random.default_rng([seed, 1])
    budget = None if rng.random() < 0.3 else float(rng.integers(0, 50)) * 1e5
    return Limits(budget, None if rng.random() < 0.5 else int(rng.integers(0, 5)))


@pytest.mark.parametrize("wanted", [0.5, 0.8])
@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_choice_is_the_cheapest_of_all(seed, wanted):
    problem, limits = random(seed), limits_of(seed)
    meeting = [problem.cost(c) for c in every(problem, limits) if problem.probability(c) >= wanted]
    found = programme.cheapest(problem, limits, wanted, SECONDS)
    assert (found is None) == (not meeting)
    if found is not None:
        assert problem.allows(found.chosen, limits)
        assert problem.probability(found.chosen) >= wanted
        assert problem.cost(found.chosen) == pytest.approx(min(meeting))
        assert found.bound <= min(meeting) * (1 + 1e-4) + 10.0
        assert found.proven


@pytest.mark.parametrize("seed", range(12))
def test_the_most_probable_choice_is_the_most_probable_of_all(seed):
    problem, limits = random(seed), limits_of(seed)
    best = max(problem.probability(c) for c in every(problem, limits))
    found = programme.most_probable(problem, limits, 0.8, SECONDS)
    assert problem.allows(found.chosen, limits)
    assert problem.probability(found.chosen) == pytest.approx(best)
    assert found.bound == pytest.approx(best)


@given(st.integers(0, 10_000), st.sampled_from([0.3, 0.5, 0.8, 0.95]))
@settings(max_examples=80, deadline=None)
def test_the_climb_keeps_the_limits_and_says_what_it_does(seed, wanted):
    problem, limits = random(seed, 6), limits_of(seed)
    rungs = list(greedy.climb(problem, limits, wanted))
    assert rungs[0].chosen == ()
    for rung in rungs:
        assert problem.allows(rung.chosen, limits)
        assert rung.probability == problem.probability(rung.chosen)
        assert rung.cost == pytest.approx(problem.cost(rung.chosen))
    quick = greedy.cheapest(problem, limits, wanted)
    if quick is not None:
        assert problem.probability(quick) >= wanted
        assert problem.allows(quick, limits)
    assert problem.probability(greedy.most_probable(problem, limits, wanted)) == max(
        r.probability for r in rungs
    )


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_price_of_the_budget_is_that_of_a_divisible_knapsack(seed):
    """One option each, so that the best divisible choice is by gain per yuan (Dantzig)."""
    problem = random(seed, 6, most=1, harm=0.0)
    problem = Problem(problem.base, problem.gains, problem.costs + 1e4, problem.owner, problem.wanted)
    budget = float(problem.costs.sum()) * 0.5
    rate, left = problem.mean / problem.costs, budget
    marginal = 0.0
    for o in np.argsort(-rate):
        marginal = float(rate[o])
        if problem.costs[o] > left:
            break
        left -= problem.costs[o]
    assert programme.price(problem, Limits(budget)).enterprises == pytest.approx(marginal, rel=1e-6)
    assert programme.price(problem, Limits(float(problem.costs.sum()) * 2)).of_one is None


def test_without_options_nothing_is_chosen():
    none = Problem(np.array([1, 2]), np.zeros((0, 2), np.int8), np.zeros(0), np.zeros(0, np.int64), 2)
    assert programme.cheapest(none, Limits(), 0.5).chosen == ()
    assert programme.cheapest(none, Limits(), 0.8) is None
    assert programme.most_probable(none, Limits(), 0.8).chosen == ()
    assert programme.price(none, Limits(1.0)).of_one is None


def test_each_half_has_every_other_path():
    problem = random(3)
    first, second = halves(problem)
    assert first.paths + second.paths == problem.paths
    assert (first.base == problem.base[::2]).all()
    assert (second.gains == problem.gains[:, 1::2]).all()
