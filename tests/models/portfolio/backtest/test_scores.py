"""Distributions and scores of counts, against enumeration and against definitions written another way."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from models.portfolio.backtest.scores import (
    at_least,
    crps,
    histogram,
    mean_of,
    of_coins,
    of_mean,
    of_paths,
    place,
    variance_of,
)

CHANCE = st.floats(0.0, 1.0).map(lambda x: round(x, 3))


@settings(deadline=None)
@given(st.lists(CHANCE, max_size=7))
def test_coins_are_every_outcome_there_is(chances):
    expected = np.zeros(len(chances) + 1)
    for outcome in product((0, 1), repeat=len(chances)):
        terms = [p if happened else 1.0 - p for p, happened in zip(chances, outcome, strict=True)]
        expected[sum(outcome)] += np.prod(terms)
    assert of_coins(np.array(chances)) == pytest.approx(expected)


def test_equal_coins_are_a_binomial():
    assert of_coins(np.full(300, 0.03)) == pytest.approx(binom.pmf(np.arange(301), 300, 0.03), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(0, 9))
def test_crps_is_the_mean_distance_less_half_the_spread(sample, came):
    drawn = np.array(sample)
    far = np.abs(drawn - came).mean()
    spread = np.abs(drawn[:, None] - drawn).mean()
    assert crps(of_paths(drawn, 9), came) == pytest.approx(far - spread / 2)


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(0, 9))
def test_a_distribution_says_what_its_paths_say(sample, came):
    drawn, chances = np.array(sample), of_paths(np.array(sample), 9)
    assert mean_of(chances) == pytest.approx(drawn.mean())
    assert variance_of(chances) == pytest.approx(drawn.var())
    assert at_least(chances, came) == pytest.approx((drawn >= came).mean())
    assert place(chances, came) == pytest.approx(((drawn < came).mean(), (drawn <= came).mean()))


def test_a_certain_forecast_scores_its_error():
    assert crps(of_mean(0.0, 12), 7) == pytest.approx(7.0)


def test_what_lies_beyond_the_group_is_counted_at_its_size():
    chances = of_mean(4.0, 5)
    assert chances.sum() == pytest.approx(1.0)
    assert chances[5] > of_mean(4.0, 50)[5]


def test_places_of_draws_from_the_stated_distribution_are_even():
    rng, chances = np.random.default_rng(1), binom.pmf(np.arange(5), 4, 0.4)
    found = np.array([place(chances, came) for came in rng.binomial(4, 0.4, 40_000)])
    assert histogram(found[:, 0], found[:, 1]) == pytest.approx(np.full(10, 0.1), abs=0.006)


def test_places_of_too_narrow_a_distribution_are_at_the_ends():
    rng, chances = np.random.default_rng(1), binom.pmf(np.arange(21), 20, 0.5)
    came = np.clip(np.rint(10 + 2 * (rng.binomial(20, 0.5, 4000) - 10)), 0, 20).astype(int)
    found = np.array([place(chances, int(n)) for n in came])
    shares = histogram(found[:, 0], found[:, 1])
    assert shares[0] > 0.2
    assert shares[-1] > 0.2
