"""The final stage against least squares, refits and simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.effects.estimate import jackknife, moments, pooled_effects, positive
from models.effects.refute import refute
from models.effects.residuals import MOST_ERROR, believed, without_shared
from tests.models.effects.residuals import plain


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 4))
def test_without_errors_the_final_stage_is_least_squares(seed: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    d = rng.standard_normal((200, columns))
    y = d @ rng.standard_normal(columns) + 0.3 * rng.standard_normal(200)
    expected, *_ = np.linalg.lstsq(d, y, rcond=None)
    np.testing.assert_allclose(pooled_effects(plain(y, d)).theta, expected, rtol=1e-8, atol=1e-10)


def test_correction_undoes_the_attenuation_of_a_noisy_column() -> None:
    rng = np.random.default_rng(2)
    true = rng.standard_normal((40_000, 1))
    y = true[:, 0] * 0.5 + 0.1 * rng.standard_normal(40_000)
    seen = true + np.sqrt(0.5) * rng.standard_normal(true.shape)
    naive = float(seen[:, 0] @ y / (seen[:, 0] @ seen[:, 0]))
    assert naive == pytest.approx(0.5 / 1.5, abs=0.01)
    assert pooled_effects(plain(y, seen, noise=0.5)).theta[0] == pytest.approx(0.5, abs=0.015)


def test_error_is_believed_up_to_a_share_of_what_a_column_has_of_its_own() -> None:
    """Own part: the residual sum of squares of the column on the others, by numpy."""
    rng = np.random.default_rng(3)
    d = rng.standard_normal((400, 3))
    d[:, 2] = d[:, 0] + 0.5 * d[:, 2]
    left = d[:, 2] - d[:, :2] @ np.linalg.lstsq(d[:, :2], d[:, 2], rcond=None)[0]
    error = np.zeros_like(d)
    error[:, 2] = 5.0
    kept = believed(d, error)
    assert kept[:, 2].sum() == pytest.approx(MOST_ERROR * float(left @ left), rel=1e-5)
    error[:, 2] = 0.01
    np.testing.assert_array_equal(believed(d, error), error)
    assert np.linalg.eigvalsh(moments(replace(plain(d[:, 0], d), noise=kept))).min() > 0


def test_the_jackknife_is_a_loop_over_refits_without_one_plant() -> None:
    rng = np.random.default_rng(4)
    d = rng.standard_normal((240, 3))
    y = d @ [0.5, -0.2, 0.0] + rng.standard_normal(240)
    r = plain(y, d, noise=0.05, lines=12)

    def fit(rows: np.ndarray) -> np.ndarray:
        return np.linalg.solve(d[rows].T @ d[rows] - 0.05 * rows.sum() * np.eye(3), d[rows].T @ y[rows])

    whole = fit(np.ones(240, dtype=bool))
    apart = np.array([fit(r.who != plant) - whole for plant in range(12)])
    np.testing.assert_allclose(jackknife(r, whole, r.who), 11 / 12 * apart.T @ apart, rtol=1e-9)
    np.testing.assert_allclose(pooled_effects(r).theta, whole, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(1e-3, 2.0))
def test_the_nearest_positive_matrix_leaves_a_positive_one_alone(seed: int, least: float) -> None:
    x = np.random.default_rng(seed).standard_normal((3, 4, 4))
    x = x + np.swapaxes(x, 1, 2)
    found = positive(x, least)
    assert np.linalg.eigvalsh(found).min() >= least - 1e-9
    np.testing.assert_allclose(positive(found, least), found, atol=1e-9)


def test_intervals_cover_a_known_truth() -> None:
    inside = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        line = 0.1 * rng.standard_normal(20)
        line = (line - line.mean()).repeat(30)
        d = rng.standard_normal((600, 2))
        shock = 0.3 * np.tile(rng.standard_normal(30), 20)
        y = (0.3 + line) * d[:, 0] - 0.2 * d[:, 1] + shock + rng.standard_normal(600)
        pooled = pooled_effects(plain(y, d))
        half = stats.t.ppf(0.95, pooled.degrees) * np.sqrt(np.diag(pooled.covariance))
        inside += list(np.abs(pooled.theta - [0.3, -0.2]) <= half)
    # 90 % of 200 within three binomial standard errors; leaving out whole plants is a little conservative
    assert 0.84 <= np.mean(inside) <= 0.985


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_what_a_period_shares_is_taken_out_by_weight(seed: int) -> None:
    """Least squares on dummies of the periods times weights; periods that few know are left."""
    rng = np.random.default_rng(seed)
    t = np.concatenate([np.tile(np.arange(4), 6), [4, 4]])
    weight, values = rng.uniform(0.5, 2, len(t)), rng.standard_normal((len(t), 2))
    dummies = weight[:, None] * (t[:, None] == np.arange(4))
    expected = values - dummies @ np.linalg.lstsq(dummies, values, rcond=None)[0]
    np.testing.assert_allclose(without_shared(values, weight, t), expected, atol=1e-10)


def test_refuters_pass_a_cause_and_fail_a_placebo() -> None:
    rng = np.random.default_rng(6)
    d = rng.standard_normal((1000, 2))
    y = 0.3 * d[:, 0] + rng.standard_normal(1000)
    r = plain(y, d)
    refuters = refute(r, pooled_effects(r))
    cause, placebo = (refuters.verdict(slope) for slope in np.eye(2))
    assert cause["placebo_p"] == pytest.approx(0.01)
    assert cause["same_sign"] == 1.0
    assert cause["random_cause"] < 0.5
    assert placebo["placebo_p"] > 0.1
    assert cause["t"] > 5


def test_a_placebo_is_seldom_taken_for_a_cause() -> None:
    """The p-value of shifted levers is uniform where nothing works."""
    p = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        r = plain(rng.standard_normal(300), rng.standard_normal((300, 1)), lines=10)
        p.append(refute(r, pooled_effects(r), seed).verdict(np.ones(1))["placebo_p"])
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_an_invented_cause_is_partialled_out_as_least_squares_does() -> None:
    rng = np.random.default_rng(7)
    d, walk = rng.standard_normal((200, 2)), np.random.default_rng(0)
    y = d @ [0.3, 0.0] + rng.standard_normal(200)
    r = plain(y, d, lines=10)
    found = refute(r, pooled_effects(r), seed=0).random_cause
    for _ in range(99):
        walk.integers(1, np.full(10, 20))
    for row in found:
        cause = np.cumsum(walk.standard_normal(200))
        x = np.column_stack([d, cause - cause.mean()])
        np.testing.assert_allclose(row, np.linalg.lstsq(x, y, rcond=None)[0][:2], rtol=1e-9)
