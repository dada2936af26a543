"""A benchmark for what nobody measured: by ordinary regression, and by a hidden cause built to size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from models.effects.sensitivity import robustness_value
from models.recommend.benchmark import benchmark, partial_f2, times_as_strong, within


def slopes(y, x):
    """Coefficients and t values of an ordinary regression, and its degrees of freedom."""
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    degrees = len(y) - x.shape[1]
    left = y - x @ beta
    return beta, beta / np.sqrt(np.diag(inverse) * (left @ left) / degrees), degrees


def test_partial_f2_is_t_squared_over_degrees_of_freedom():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((200, 3))
    x[:, 2] += x[:, 0]
    y = x @ [0.3, -0.2, 0.1] + rng.standard_normal(200)
    _, t, degrees = slopes(y, x)
    for column in range(3):
        assert partial_f2(y, x, column) == pytest.approx(t[column] ** 2 / degrees)


@given(st.floats(1e-4, 3), st.floats(1e-4, 1), st.floats(1e-4, 1))
def test_the_multiple_solves_the_bias_equation(f2, a, b):
    k = times_as_strong(f2, a, b)
    by_root = brentq(lambda x: x * a * x * b - f2 * (1 - x * a), 0.0, 1 / a)
    assert k == pytest.approx(by_root, rel=1e-6)


def test_a_hidden_cause_of_that_strength_takes_the_whole_effect_away():
    """Built to size: with R² of ka and kb the regression without it shows what is nothing but bias."""
    rng = np.random.default_rng(4)
    n = 4000
    basis, _ = np.linalg.qr(rng.standard_normal((n, 3)))
    hidden, e1, e2 = (np.sqrt(n) * basis[:, i] for i in range(3))
    with_lever, with_outcome = (
        0.2,
        0.3,
    )  # R² of the hidden cause with the lever, and with the outcome given it
    d = np.sqrt(with_lever) * hidden + np.sqrt(1 - with_lever) * e1
    own = hidden - (hidden @ d) / (d @ d) * d
    y = np.sqrt(with_outcome) * own / np.sqrt(own @ own / n) + np.sqrt(1 - with_outcome) * e2
    true, _, _ = slopes(y, np.column_stack([d, hidden]))
    short, t, degrees = slopes(y, d[:, None])
    bias = short[0] - true[0]
    f_bias = abs(bias) / (abs(short[0]) / np.sqrt(t[0] ** 2 / degrees)) if short[0] else 0.0
    assert f_bias**2 == pytest.approx(with_outcome * with_lever / (1 - with_lever), rel=1e-3)
    # hence an effect with that f² falls to a confounder exactly once as strong as this one
    assert times_as_strong(f_bias**2, with_lever, with_outcome) == pytest.approx(1.0, rel=1e-3)


def province(rng):
    """A lever that a load moves and that helps, beside a weather that touches nothing; (plants, periods)."""
    load, weather = rng.standard_normal((2, 8, 60)) + rng.standard_normal((2, 8, 1))
    lever = 0.5 * load + rng.standard_normal((8, 60))
    outcome = 0.3 * load - 0.4 * lever + rng.standard_normal((8, 60)) + np.linspace(0, 3, 60)
    lever[rng.random((8, 60)) < 0.1] = np.nan
    return lever, outcome, {"load": load, "weather": weather}


def test_the_context_that_moves_both_is_the_benchmark():
    assert times_as_strong(0.1, 0.0, 0.3) == float("inf")
    lever, outcome, context = province(np.random.default_rng(6))
    found = benchmark(lever, outcome, context, robustness_value(9.0, 400.0))
    assert found.parameter_id == "load"
    assert 1 < found.times < 4
    assert benchmark(lever, outcome, {}, 0.2) is None
    assert benchmark(lever, np.full((8, 60), np.nan), context, 0.2) is None


def test_a_stronger_effect_needs_a_stronger_hidden_cause():
    lever, outcome, context = province(np.random.default_rng(7))
    times = [benchmark(lever, outcome, context, rv).times for rv in (0.05, 0.2, 0.5)]
    assert times == sorted(times)
    assert times[0] > 0


def test_within_takes_plants_and_periods_off():
    noise = np.random.default_rng(5).standard_normal((6, 30))
    x = 10.0 * np.arange(6)[:, None] + 0.3 * np.arange(30) + noise
    assert within(x) == pytest.approx(within(noise), abs=1e-8)
    assert within(x).mean(axis=0) == pytest.approx(0, abs=1e-8)
    assert within(x).mean(axis=1) == pytest.approx(0, abs=1e-8)
    alone = 3.0 + noise[:1]
    assert within(alone) == pytest.approx(noise[:1] - noise[0].mean())  # nobody to share a month with
    x[0, :5] = np.nan
    assert (within(x)[0, :5] == 0).all()
    assert np.nanmean(np.where(np.isfinite(x), within(x), np.nan), axis=1) == pytest.approx(0, abs=1e-3)
