"""The search against brute force straight from the definition, and the programme against both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plans import Grounds
from models.plans.asked import read
from models.plans.plan import search_for
from models.plans.programme import proposed
from models.plans.search import Tried
from models.plans.ways import Search
from tests.models.plans.plant import Lever, goal, plant

PATHS = 60
QUICK = settings(max_examples=25, deadline=None)
NEEDED = float(np.log(9000 / 6200))


def search_in(grounds: Grounds, **asked: object) -> Search:
    return search_for(grounds, read(goal(**asked), grounds), grounds.actions("P"))


def every(names: Mapping[str, Lever]) -> list[frozenset[str]]:
    return [frozenset(s) for s in chain.from_iterable(combinations(names, k) for k in range(len(names) + 1))]


def by_hand(grounds: Grounds, own: frozenset[str]) -> float:
    """Straight from the definition: the mean ppm of the last twelve months, month by month, on each path."""
    actions = grounds.actions("P")
    draws = grounds.joint("P", actions).draw(PATHS, grounds.chosen_by.sample.seed)
    chosen = [i for i, action in enumerate(actions) if action.parameter_id in own]
    change = draws.single[:, 0, chosen].sum(axis=1) + draws.single[:, 1, chosen].sum(axis=1)
    after = grounds.chosen_by.sample.drawn["ppm"].paths(slice(0, 1))[0] * np.exp(change)[:, None]
    windows = [(9000 * (12 - k) + after[:, :k].sum(axis=1)) / 12 for k in range(1, 13)]
    return float((np.min(windows, axis=0) <= 6200).mean())


def helping(failing: float, cost: int, doubt: float, escape: float) -> Lever:
    """A lever whose doubt is a share of its effect: where a draw makes more units fail, other indicators than
    ppm bind, and `by_hand` looks at ppm alone.
    """
    return Lever(failing, float(cost), doubt * abs(failing), escape)


some_levers = st.lists(
    st.builds(
        helping, st.floats(-0.5, -0.01), st.integers(0, 50), st.floats(0.0, 0.25), st.floats(-0.2, 0.0)
    ),
    min_size=1,
    max_size=4,
).map(lambda drawn: {f"x{i}": lever for i, lever in enumerate(drawn)})


@QUICK
@given(some_levers, st.floats(0.05, 0.95))
def test_the_cheapest_set_is_that_of_trying_every_set_by_hand(levers, wanted) -> None:
    grounds = plant(levers, spread=0.3, paths=PATHS)
    search = search_in(grounds)
    among = search.sets(search.asked.target, wanted)
    oracle = {own: by_hand(grounds, own) for own in every(levers)}
    named = [frozenset(search.actions[a].parameter_id for a in own) for own in among.sets]
    assert dict(zip(named, among.probability.tolist(), strict=True)) == oracle
    meeting = [sum(levers[x].cost for x in own) for own, chance in oracle.items() if chance >= wanted]
    found = among.meeting(wanted)
    assert bool(found) == bool(meeting)
    if found:
        assert among.cost[found[0]] == min(meeting)


@QUICK
@given(some_levers, st.floats(0, 60), st.floats(0, 60))
def test_more_money_never_buys_less(levers, one, other) -> None:
    grounds = plant(levers, spread=0.3, paths=PATHS)
    most = []
    for budget in sorted((one, other)):
        search = search_in(grounds, budget=budget)
        among = search.sets(search.asked.target, 0.9)
        assert among.cost.max() <= budget + 1e-9
        most.append(among.probability.max())
    assert most[0] <= most[1]


@QUICK
@given(some_levers)
def test_one_more_surely_good_action_never_lowers_the_probability(levers) -> None:
    sure = {name: replace(lever, sd=0.0) for name, lever in levers.items()}
    search = search_in(plant(sure, spread=0.3, paths=PATHS))
    every_start = np.stack([search.starts(tuple(range(k))) for k in range(len(sure) + 1)])
    found = search.chosen_by.chances(every_start)["performance"]
    for counted in (found.reached, found.kept):
        assert (np.diff(counted, axis=0) >= 0).all()


@QUICK
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_the_frontier_is_what_nothing_beats(points, wanted) -> None:
    cost, probability = (np.array(values) for values in zip(*points, strict=True))
    tried = Tried(tuple((i,) for i in range(len(points))), cost, probability)
    on = tried.frontier()
    for i in range(len(points)):
        beaten = any(
            cost[j] <= cost[i] and probability[j] >= probability[i] and (cost[j], probability[j]) != points[i]
            for j in range(len(points))
        )
        assert beaten or any(points[j] == points[i] for j in on)
    cheapest = tried.meeting(wanted)
    assert [i for i in range(len(points)) if probability[i] >= wanted] == sorted(cheapest)


def many(count: int, seed: int, sd: float) -> dict[str, Lever]:
    rng = np.random.default_rng(seed)
    drawn = rng.uniform([-0.14, 5.0], [-0.02, 60.0], (count, 2))
    return {f"x{i:02d}": Lever(float(f), float(round(c)), sd) for i, (f, c) in enumerate(drawn)}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_programme_solves_the_knapsack_that_sure_effects_make(seed) -> None:
    # Without any doubt the question is: the least cost whose effects add up to log(9000 ÷ 6200).
    levers = many(16, seed, 0.0)
    search = search_in(plant(levers, paths=20))
    among = search.sets(search.asked.target, 0.8)
    chosen = (np.arange(2**16)[:, None] >> np.arange(16)) & 1
    failing, cost = (
        np.array([getattr(one, name) for one in levers.values()]) for name in ("failing", "cost")
    )
    least = (chosen @ cost)[chosen @ failing <= -NEEDED].min()
    assert among.cost[among.meeting(0.8)[0]] == pytest.approx(least)


@pytest.mark.parametrize("seed", [4, 5])
def test_the_programme_comes_near_to_what_trying_every_set_finds(seed) -> None:
    levers = many(8, seed, 0.05)
    levers = {name: replace(one, failing=2 * one.failing) for name, one in levers.items()}
    search = search_in(plant(levers, spread=0.2, paths=200))
    exact = search.sets(search.asked.target, 0.8)
    args = (search.chosen_by, search.asked.target, 0.8, search.costs, None, search.starts)
    near = proposed(*args)
    assert near.cost[near.meeting(0.8)[0]] <= 1.1 * exact.cost[exact.meeting(0.8)[0]]
    budget = 0.5 * float(exact.cost[exact.meeting(0.8)[0]])
    poor = proposed(*args[:4], budget, search.starts)
    best = exact.probability[exact.cost <= budget].max()
    assert poor.cost.max() <= budget
    assert poor.probability.max() >= best - 0.05
