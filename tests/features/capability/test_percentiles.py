"""Percentiles, their intervals and shares outside, against SciPy's distributions and plain sums."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from features.capability.catalogue import HIGH, LOW, MID, catalogue
from features.capability.lmoments import ORDER, l_moments
from features.capability.percentiles import cnpk, fit, geometric, interval, share_below

PLACES = (LOW, MID, HIGH)
PROCESSES = {
    "lognormal": (stats.lognorm(0.5), 0.45, 0.25),
    "weibull": (stats.weibull_min(1.5), 0.30, 0.20),
    "exponential": (stats.expon(), 0.35, 0.20),
    "gamma": (stats.gamma(3), 0.35, 0.20),
    "folded normal": (stats.foldnorm(0), 0.25, 0.20),
    "t": (stats.t(5), 0.45, 0.45),
    "uniform": (stats.uniform(), 0.15, 0.15),
}
"""Distribution, and the largest relative error of the upper and the lower index at n = 125."""


def rows(distribution, n, count=300, seed=1):
    return np.sort(distribution.rvs(size=(count, n), random_state=np.random.default_rng(seed)), axis=1)


def both_sides(distribution, worth=1.33):
    low, mid, high = distribution.ppf(PLACES)
    return mid - worth * (mid - low), mid + worth * (high - mid)


def test_l_moments_are_means_over_all_subsets():
    x = np.sort(np.random.default_rng(0).normal(size=9))
    found = l_moments(x[None, :])[0]
    for r in range(1, ORDER + 1):
        signs = [(-1) ** k * math.comb(r - 1, k) for k in range(r)]
        subsets = np.array(list(combinations(x, r)))[:, ::-1]
        assert found[r - 1] == pytest.approx((subsets @ signs).mean() / r, abs=1e-12)


_SCIPY = {"exponential": "expon", "uniform": "uniform", "normal": "norm"}


def test_the_catalogue_agrees_with_what_is_known_of_each_shape():
    shapes = catalogue()
    known = {
        "exponential": (0.5, 1 / 3, 1 / 6),
        "uniform": (1 / 3 / 2, 0.0, 0.0),
        "normal": (1 / math.sqrt(math.pi), 0.0, 0.1226),
    }
    for name, (scale, skewness, kurtosis) in known.items():
        row = int(np.flatnonzero(shapes.family == shapes.names.index(name))[0])
        assert shapes.scale[row] == pytest.approx(scale, rel=2e-3), name
        sample = np.sort(getattr(stats, _SCIPY[name]).rvs(size=(200, 500), random_state=1), axis=1)
        ratios = l_moments(sample).mean(axis=0) / scale
        assert ratios[2:4] == pytest.approx([skewness, kurtosis], abs=0.01), name
        misfit = (l_moments(sample) / l_moments(sample)[:, 1:2]) @ shapes.misfit[row].T
        assert (500 * misfit**2).mean() == pytest.approx(1, abs=0.15), name
        assert np.all(np.diff(shapes.points[row]) > 0)
        assert shapes.points[row] == pytest.approx(
            getattr(stats, _SCIPY[name]).ppf(PLACES), rel=2e-3, abs=1e-5
        )


def test_location_and_scale_are_found_where_the_shape_is_right():
    shapes = catalogue()
    x = rows(stats.expon(5, 2), 100, count=4000)
    row = int(np.flatnonzero(shapes.family == shapes.names.index("exponential"))[0])
    location, scale = (l_moments(x) @ shapes.solve[row].T).T
    assert location.mean() == pytest.approx(5, abs=0.02)
    assert scale.mean() == pytest.approx(2, rel=0.03)
    assert scale.std() == pytest.approx(
        2 * shapes.error[row, 1].dot(shapes.error[row, 1]) ** 0.5 / 10, rel=0.1
    )


@pytest.mark.parametrize("name", PROCESSES)
def test_both_indices_are_near_the_true_ones(name):
    distribution, *allowed = PROCESSES[name]
    lsl, usl = both_sides(distribution)
    index = geometric(*fit(rows(distribution, 125)).points.T, lsl, usl)
    for found, most in zip((index.upper, index.lower), allowed, strict=True):
        assert np.sqrt(np.mean((found / 1.33 - 1) ** 2)) < most


@pytest.mark.parametrize("name", PROCESSES)
def test_they_come_as_near_as_one_wishes_with_more_values(name):
    distribution = PROCESSES[name][0]
    index = geometric(*fit(rows(distribution, 4000, 20)).points.T, *both_sides(distribution))
    np.testing.assert_allclose([index.upper.mean(), index.lower.mean()], 1.33, rtol=0.06)


def test_the_likeliest_family_is_named():
    assert set(fit(rows(stats.expon(), 1000, 20)).names()) <= {
        "exponential",
        "gamma",
        "weibull",
        "lognormal",
        "beta",
    }
    assert set(fit(rows(stats.uniform(), 1000, 20)).names()) <= {
        "uniform",
        "symmetric beta",
        "uniform with noise",
    }


def test_a_normal_process_gets_mean_and_three_sigma():
    points = fit(rows(stats.norm(10, 2), 2000, 20)).points.mean(axis=0)
    np.testing.assert_allclose(points, [4, 10, 16], atol=0.25)


@given(st.floats(0.01, 100), st.floats(-1e3, 1e3), st.integers(0, 1000), st.booleans())
def test_percentiles_move_with_unit_and_direction(factor, shift, seed, turned):
    x = np.sort(np.random.default_rng(seed).gamma(2, size=(1, 60)), axis=1)
    points = fit(x).points[0]
    sign = -1 if turned else 1
    moved = fit(np.sort(sign * factor * x + shift, axis=1)).points[0]
    expected = np.sort(sign * factor * points + shift)
    np.testing.assert_allclose(moved, expected, rtol=1e-6, atol=1e-6 * factor + 1e-9 * abs(shift))


def test_an_index_of_percentiles_is_the_usual_one_for_mean_and_three_sigma():
    found = geometric(*(np.array([x]) for x in (4.0, 10.0, 16.0, 5.0, 17.0)))
    assert (found.spread[0], found.upper[0], found.lower[0]) == pytest.approx((1.0, 7 / 6, 5 / 6))
    assert found.nearest[0] == found.lower[0]
    one = geometric(*(np.array([x]) for x in (4.0, 10.0, 16.0, np.nan, 17.0)))
    assert (one.nearest[0], np.isnan(one.spread[0])) == (pytest.approx(7 / 6), True)


def test_cnpk_takes_the_half_and_the_995th_thousandth():
    x = np.arange(1.0, 200.0)[None, :]
    assert cnpk(x, np.array([-50.0]), np.array([250.0]))[0] == pytest.approx(150 / 99)
    assert cnpk(x, np.array([np.nan]), np.array([199.0]))[0] == pytest.approx(1.0)


def test_the_share_below_a_limit_is_that_of_the_process():
    fitted = fit(rows(stats.expon(), 1000, 40))
    for limit in (0.1, 1.0, 4.0):
        assert share_below(fitted, np.full(40, limit)).mean() == pytest.approx(
            stats.expon.cdf(limit), abs=0.01
        )
    assert np.isnan(share_below(fitted, np.full(40, np.nan))).all()


@pytest.mark.parametrize(
    ("name", "least"), [("exponential", 0.90), ("gamma", 0.86), ("t", 0.72), ("uniform", 0.80)]
)
def test_intervals_cover(name, least):
    distribution = PROCESSES[name][0]
    fitted = fit(rows(distribution, 125, 600, seed=5))
    limits = [np.full(600, limit) for limit in both_sides(distribution)]
    for given_limits in ((np.full(600, np.nan), limits[1]), tuple(limits)):
        _, (low, high) = interval(fitted, *given_limits)
        assert np.all(low <= high)
        assert np.mean((low <= 1.33) & (high >= 1.33)) >= least


def test_intervals_are_the_same_every_time():
    x, limits = rows(stats.expon(), 60, 5), (np.zeros(5), np.full(5, 9.0))
    first, second = interval(fit(x), *limits), interval(fit(x), *limits)
    np.testing.assert_array_equal(np.array(first), np.array(second))
