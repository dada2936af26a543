"""T²: subgroups and phase II against scipy and a plain loop, and its false alarms by simulation."""

import numpy as np
import pytest
from scipy import stats

from features.control_charts.hotelling import Normal, hotelling
from features.control_charts.lines import WidthError

MIX = np.array([[1.0, 0.0, 0.0], [0.7, 0.8, 0.0], [-0.2, 0.4, 2.0]])


def observations(m, n, seed=0):
    return np.random.default_rng(seed).normal(size=(m, n, 3)) @ MIX.T + [10, 20, -5]


def test_subgroups_follow_the_pooled_covariance():
    values, new = observations(30, 4), observations(8, 4, seed=1)
    found = hotelling(values, new)
    covariance = np.mean([np.cov(group.T) for group in values], axis=0)
    centre = values.reshape(-1, 3).mean(axis=0)
    expected = [
        4 * (group.mean(axis=0) - centre) @ np.linalg.inv(covariance) @ (group.mean(axis=0) - centre)
        for group in [*values, *new]
    ]
    np.testing.assert_allclose(found.lines.series.values, expected, rtol=1e-10)
    level, f = (1 - 0.0027) ** 3, stats.f((3), 30 * 4 - 30 - 3 + 1)
    assert found.confidence == level
    assert found.control == pytest.approx(3 * 29 * 3 / (30 * 4 - 30 - 3 + 1) * f.ppf(level))
    assert found.prediction == pytest.approx(3 * 31 * 3 / (30 * 4 - 30 - 3 + 1) * f.ppf(level))
    np.testing.assert_array_equal(found.lines.ucl, [found.control] * 30 + [found.prediction] * 8)


def test_limits_of_single_observations():
    found = hotelling(observations(25, 1)[:, 0])
    level = (1 - 0.0027) ** 3
    assert found.control == pytest.approx(24**2 / 25 * stats.beta.ppf(level, 1.5, (25 - 3 - 1) / 2))
    assert found.prediction == pytest.approx(3 * 26 * 24 / (25 * 22) * stats.f.ppf(level, 3, 22))


@pytest.mark.parametrize("size", [1, 4])
def test_new_points_of_a_stable_process_alarm_as_often_as_the_level_says(size):
    alarms, points = 0, 0
    for seed in range(200):
        values = observations(60, size, seed)
        trial, new = (part if size > 1 else part[:, 0] for part in (values[:30], values[30:]))
        found = hotelling(trial, new, confidence=0.95)
        alarms, points = alarms + found.lines.beyond[30:].sum(), points + 30
    assert alarms / points == pytest.approx(0.05, abs=0.012)


def test_a_given_standard_has_the_limits_of_chi_square():
    covariance = MIX @ MIX.T
    found = hotelling(
        observations(10, 1)[:, 0], given=Normal(np.array([10.0, 20, -5]), covariance, known=True)
    )
    assert found.control == found.prediction == pytest.approx(stats.chi2.ppf((1 - 0.0027) ** 3, 3))


def test_units_and_order_of_characteristics_do_not_matter():
    values = observations(25, 1)[:, 0]
    turned = (values * [1e-6, 1e5, 30] + [0, 7, 9])[:, [2, 0, 1]]
    one, other = hotelling(values), hotelling(turned)
    np.testing.assert_allclose(one.lines.series.values, other.lines.series.values, rtol=1e-8)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((0, 3)),
        np.ones((1, 3)),
        np.ones((20, 3)),
        np.full((20, 3), np.nan),
        np.column_stack([np.arange(20.0), 2 * np.arange(20.0)]),
        np.random.default_rng(1).normal(size=(3, 3)),
    ],
    ids=["none", "one", "constant", "missing", "collinear", "few"],
)
def test_no_limits_where_the_covariance_cannot_be_inverted(values):
    found = hotelling(values)
    assert np.isnan(found.lines.ucl).all()
    assert not found.lines.beyond.any()


def test_a_point_with_a_missing_value_is_left_out():
    values = observations(25, 1)[:, 0]
    holed = np.insert(values, 7, [np.nan, 1, 2], axis=0)
    found = hotelling(holed)
    assert np.isnan(found.lines.series.values[7])
    np.testing.assert_allclose(np.delete(found.lines.series.values, 7), hotelling(values).lines.series.values)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0])
def test_a_level_outside_0_to_1_is_refused(level):
    with pytest.raises(WidthError, match="confidence"):
        hotelling(observations(25, 1)[:, 0], confidence=level)
