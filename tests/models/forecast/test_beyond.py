"""How forecasts go on after the twelfth month: against arithmetic by hand, and what draws have in common."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import norm

from models.forecast.beyond import Beyond, error_paths, held
from models.forecast.paths import residual_paths
from models.results import QUANTILES

NORMAL = np.tile(norm.ppf(QUANTILES), (12, 1))
NONE = np.zeros(12)


def test_a_point_goes_on_as_its_year_s_mean_drawn_to_the_own_one() -> None:
    point = np.arange(24.0).reshape(2, 12)
    found = Beyond(pull=0.25).points(point, np.array([1.5, 37.5]), 15)
    np.testing.assert_array_equal(found[:, :12], point)
    np.testing.assert_allclose(found[:, 12:], [[5.5 - 1.0] * 3, [17.5 + 5.0] * 3])
    assert Beyond().points(point, np.zeros(2), 6).tolist() == point[:, :6].tolist()


def test_later_errors_by_hand() -> None:
    beyond = Beyond(stays=0.5, lingers=0.4, width=(2.0, 1.0, 1.0, 3.0))
    near = np.full((1, 12), 1.0)
    near[0, -1] = 13.0  # mean 2, last 11 beyond it
    fresh = np.zeros((1, 2, 12))
    fresh[0, 0, [0, 11]] = 11.0, 1.0  # mean 1, last as the mean
    found = beyond.errors(near, fresh, NONE)[0]
    np.testing.assert_allclose(found[:3], [1.0 + 4.4 + 22.0, 1.0 + 4.4 * 0.8, 1.0 + 4.4 * 0.64])
    assert found[11] == pytest.approx(1.0 + 4.4 * 0.8**11 + 3.0)
    np.testing.assert_allclose(found[12:], 1.5)


def test_what_the_median_is_off_stays_and_is_no_error() -> None:
    median = np.linspace(0.0, 1.1, 12)
    found = Beyond(stays=0.9, lingers=0.9).errors(median[None], np.stack([[median, median]]), median)
    np.testing.assert_allclose(found, 1.1)


def test_spread_grows_by_what_stays_and_no_more() -> None:
    """The mean of twelve independent errors has a twelfth of their variance; a quarter of it stays."""
    rng = np.random.default_rng(0)
    found = Beyond(stays=0.5, lingers=0.0).errors(
        rng.normal(size=(40_000, 12)), rng.normal(size=(40_000, 2, 12)), NONE
    )
    np.testing.assert_allclose(found[:, [5, 17]].var(axis=0), [1 + 0.25 / 12, 1 + 0.5 / 12], rtol=0.03)


def test_a_newcomer_stays_where_it_stood() -> None:
    rng = np.random.default_rng(1)
    ranks, later = rng.random((30, 12)), rng.random((30, 24))
    cold = 3.0 * norm.ppf(QUANTILES)
    seasoned, unknown = error_paths(Beyond(), NORMAL, cold, ranks, later)
    assert seasoned.shape == unknown.shape == (30, 36)
    assert (unknown[:, 12:] == unknown[:, [11]]).all()
    near = error_paths(Beyond(), NORMAL, cold, ranks, later[:, :0])
    assert (near[0] == seasoned[:, :12]).all()
    assert (near[1] == unknown[:, :12]).all()
    assert held(ranks, 5).tolist() == ranks[:, :5].tolist()


def test_json_comes_back_and_a_model_without_any_has_the_defaults() -> None:
    beyond = Beyond(0.3, 0.5, 0.2, (1.2, 1.1, 1.0, 0.9))
    assert Beyond.from_dict(json.loads(json.dumps(beyond.to_dict()))) == beyond
    assert Beyond.from_dict(None) == Beyond()


@pytest.fixture(scope="module")
def pool():
    """Sixty months of twenty plants whose errors are half the month's."""
    rng = np.random.default_rng(7)
    t = np.repeat(np.arange(60), 20)
    shock = rng.normal(size=(60, 1))[t]
    errors = {"ftq": shock + rng.normal(size=(1200, 12)), "ppm": shock + rng.normal(size=(1200, 12))}
    return residual_paths(errors, t, seed=0)


def test_paths_of_one_origin_go_on_through_one_other_s_shocks(pool) -> None:
    origin = np.repeat(np.arange(60), 25)
    found = pool.go_on(origin, 2, np.random.default_rng(1))
    assert found.shape == (1500, 2, 24)
    middle = norm.ppf(found[:, 0, [5, 17]])
    by_origin = middle.reshape(60, 25, 2).mean(axis=1)
    common = by_origin.var(axis=0) / middle.var(axis=0)
    assert (np.abs(common - 0.52) < 0.12).all(), "half is the month's, and a bit of 25 plants' own"
    assert abs(np.corrcoef(by_origin.T)[0, 1]) < 0.35, "the years' shocks are different ones"
    assert np.corrcoef(norm.ppf(found[:, 0, 5]), norm.ppf(found[:, 1, 5]))[0, 1] > 0.4, (
        "targets keep together"
    )


def test_every_origin_s_shocks_are_lived_through_once_a_year(pool) -> None:
    """So that ranks stay uniform, as the first year's are."""
    found = pool.go_on(np.repeat(np.arange(60), 200), 1, np.random.default_rng(2))
    for level in (0.05, 0.5, 0.95):
        np.testing.assert_allclose((found[:, 0] < level).mean(axis=0), level, atol=0.025)


def test_a_year_more_changes_nothing_before_it(pool) -> None:
    origin = np.repeat(np.arange(60), 3)
    one, two = (pool.go_on(origin, years, np.random.default_rng(3)) for years in (1, 2))
    assert (two[:, :, :12] == one).all()


def test_few_paths_go_on_with_made_up_ones() -> None:
    few = residual_paths({"ftq": np.random.default_rng(3).normal(size=(4, 12))}, np.arange(4), seed=0)
    found = few.go_on(np.arange(9), 2, np.random.default_rng(0))
    assert found.shape == (9, 1, 24)
    assert ((found > 0) & (found < 1)).all()
