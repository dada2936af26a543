"""Noise, schedules, power and worth of pilots, each against something worked out in another way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from models.pilots.analysis import flip_p_values, judge_switchback, judge_wedge, pair_differences
from models.pilots.layout import SteppedWedge, Switchback, in_force
from models.pilots.noise import LineNoise, less_common, line_noises
from models.pilots.power import (
    attainable,
    detectable,
    power,
    switchback_error,
    switchback_share,
    wedge_error,
    wedge_weights,
)
from models.pilots.rehearsal import found_switchback
from models.pilots.value import decided, expected_gain, worth


def ar1(rng: np.random.Generator, periods: int, lines: int, phi: float, sd: float) -> np.ndarray:
    y = np.zeros((periods, lines))
    y[0] = rng.standard_normal(lines)
    for t in range(1, periods):
        y[t] = phi * y[t - 1] + np.sqrt(1 - phi**2) * rng.standard_normal(lines)
    return sd * y


def ar1_noise(phi: float, sd: float, periods: int = 400) -> LineNoise:
    residuals = ar1(np.random.default_rng(1), periods, 1, phi, sd)[:, 0]
    return LineNoise(0.0, residuals, sd**2 * (1 - phi ** np.arange(25)))


def test_variogram_is_that_of_the_process_and_common_shocks_are_off() -> None:
    rng = np.random.default_rng(2)
    y = ar1(rng, 300, 12, 0.6, 0.3) + rng.standard_normal((300, 1)) + np.arange(12)
    for noise in line_noises(y):
        expected = 0.09 * (1 - 0.6 ** np.arange(1, 5))
        # the mean of eleven others is off, which leaves a twelfth more
        np.testing.assert_allclose(noise.variogram[1:5], expected * 12 / 11, rtol=0.25)


def test_common_shocks_stay_where_peers_are_too_few() -> None:
    own, peers = np.ones((4, 1)), np.zeros((4, 4))
    np.testing.assert_array_equal(less_common(own, peers), own)


@given(st.integers(1, 8), st.integers(1, 3), st.integers(0, 2), st.integers(0, 99))
def test_switchbacks_are_balanced_and_count_what_they_say(
    pairs: int, block: int, wash: int, seed: int
) -> None:
    layout = Switchback(pairs, block, min(wash, block - 1))
    treated = layout.treated(layout.coins(3, np.random.default_rng(seed)))
    assert treated.shape == (3, layout.periods)
    by_pair = treated.reshape(3, pairs, 2 * block)
    assert (by_pair.sum(axis=2) == block).all()
    assert layout.counted().sum() == 2 * pairs * (block - layout.washout)
    assert layout.pair_weights().sum() == pytest.approx(0)


@pytest.mark.parametrize(("block", "washout"), [(1, 0), (2, 0), (3, 1)])
def test_switchback_error_is_what_many_pilots_show(block: int, washout: int) -> None:
    layout, rng = Switchback(6, block, washout), np.random.default_rng(3)
    found = []
    for _ in range(3000):
        coins = layout.coins(2, rng)
        found.append(pair_differences(ar1(rng, layout.periods, 2, 0.5, 0.2), layout, coins).mean())
    noise = ar1_noise(0.5, 0.2)
    assert np.std(found) == pytest.approx(switchback_error(layout, (noise, noise)), rel=0.05)


def test_wedge_error_is_hussey_and_hughes_where_noise_is_white() -> None:
    lines, periods, sd = 6, 8, 0.4
    layout = SteppedWedge(lines, periods)
    x = layout.treated(np.arange(lines)).astype(float)
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    i, t = lines, periods
    tau2, s2 = 1e6, sd**2  # lines that differ without bound: fixed effects
    variance = i * s2 * (s2 + t * tau2) / ((i * u - w) * s2 + (u**2 + i * t * u - t * w - i * v) * tau2)
    white = LineNoise(0.0, np.zeros(50), np.r_[0.0, np.full(24, s2)])
    assert wedge_error(layout, (white,) * lines, (1.0,)) == pytest.approx(np.sqrt(variance), rel=1e-4)


def test_wedge_weights_are_the_two_way_regression() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.random((5, 7)), rng.random((5, 7))
    design = np.column_stack([x.ravel(), np.kron(np.eye(5), np.ones((7, 1))), np.tile(np.eye(7), (5, 1))])
    by_regression = np.linalg.lstsq(design, y.ravel(), rcond=None)[0][0]
    assert (wedge_weights(x) * y).sum() == pytest.approx(by_regression)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 2), st.integers(5, 60), st.floats(0.5, 0.95))
def test_detectable_is_where_power_is_as_wanted(error: float, degrees: int, wanted: float) -> None:
    assert power(detectable(error, degrees, wanted), error, degrees) == pytest.approx(wanted, abs=1e-6)


def test_power_is_that_of_the_t_test() -> None:
    rng = np.random.default_rng(5)
    d = rng.normal(0.8, 1.0, (20_000, 9))
    found = stats.ttest_1samp(d, 0.0, axis=1).pvalue <= 0.05
    assert power(0.8, 1 / 3, 8) == pytest.approx(found.mean(), abs=0.01)


@pytest.mark.parametrize(("pairs", "size"), [(5, 0.0), (6, 2 / 64), (7, 6 / 128), (12, 0.05)])
def test_attainable_size(pairs: int, size: float) -> None:
    assert attainable(pairs) == pytest.approx(size, abs=3e-4)


def test_flips_are_those_of_scipys_permutation_test() -> None:
    d = np.random.default_rng(6).normal(0.4, 1, 9)
    exact = stats.permutation_test(
        (d,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    ).pvalue
    assert flip_p_values(d[None])[0] == pytest.approx(exact)


def test_what_is_in_force_comes_and_goes_alike() -> None:
    treated = np.array([[False, True, True, True, False, False]])
    np.testing.assert_allclose(in_force(treated, (0.5, 0.8)), [[0, 0.5, 0.8, 1.0, 0.5, 0.2]])
    assert switchback_share(Switchback(6, 1, 0), (1.0,)) == pytest.approx(1.0)
    slow = (0.5, 0.8)
    assert switchback_share(Switchback(6, 3, 1), slow) > switchback_share(Switchback(6, 3, 0), slow)


def test_analyses_find_what_was_put_in() -> None:
    rng = np.random.default_rng(7)
    layout, arrival = Switchback(10, 2, 1), (0.7, 1.0)
    coins = layout.coins(3, rng)
    clean = -0.3 * in_force(layout.treated(coins), arrival).T
    found = judge_switchback(clean + 0.05 * rng.standard_normal(clean.shape), layout, coins)
    assert found.low < -0.3 * switchback_share(layout, arrival) < found.high
    assert found.p_value < 0.01
    wedge = SteppedWedge(6, 12)
    order = wedge.order(rng)
    step = -0.3 * in_force(wedge.treated(order), arrival).T
    found = judge_wedge(step + 0.02 * rng.standard_normal(step.shape), wedge, order, arrival)
    assert found.estimate == pytest.approx(-0.3, abs=0.03)
    assert found.p_value < 0.02


def test_periods_that_were_not_read_are_left_out() -> None:
    layout = Switchback(6, 2, 0)
    coins = np.zeros((1, 6), dtype=bool)
    y = np.tile([0.0, 0.0, 1.0, 1.0], 6)[:, None]
    y[2], y[4:8] = np.nan, np.nan
    assert pair_differences(y, layout, coins).tolist() == [1.0] * 5


def test_a_rehearsal_keeps_the_promise_on_the_lines_own_noise() -> None:
    noises, layout, arrival = (ar1_noise(0.4, 0.25), ar1_noise(0.4, 0.25)), Switchback(6, 1, 0), (0.8, 1.0)
    share = switchback_share(layout, arrival)
    error = switchback_error(layout, noises) / share
    effect = detectable(error, 11, 0.8)
    assert found_switchback(layout, noises, arrival, 0.0, 1) == pytest.approx(0.05, abs=0.035)
    assert found_switchback(layout, noises, arrival, -effect, 1) == pytest.approx(0.8, abs=0.08)


def test_worth_of_knowing_is_that_of_the_textbook() -> None:
    """A gain linear in δ has E[max(0, ·)] in closed form: Raiffa & Schlaifer's (1961) unit normal loss."""
    gain = lambda x: -100.0 * x - 5.0  # noqa: E731
    mean, sd, error = 0.02, 0.1, 0.08
    after = 100 * sd**2 / np.hypot(sd, error)
    u = (-100 * mean - 5) / after
    closed = after * (stats.norm.pdf(u) + u * stats.norm.cdf(u))
    assert decided(gain, mean, sd, error) == pytest.approx(closed, rel=0.01)
    assert decided(gain, mean, sd, float("inf")) == 0.0


def test_expected_gain_is_the_integral() -> None:
    gain = lambda x: 1e6 * (1 - np.exp(x)) - 3e4  # noqa: E731
    density = lambda x: float(gain(x)) * stats.norm.pdf(x, -0.1, 0.3)  # noqa: E731
    integral = integrate.quad(density, -3, 3)[0]
    assert expected_gain(gain, np.array(-0.1), 0.3) == pytest.approx(integral, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.5, 0.5), st.floats(0.01, 0.5), st.floats(0.01, 1), st.floats(1.1, 4))
def test_knowing_more_is_never_worth_less(mean: float, sd: float, error: float, times: float) -> None:
    gain = lambda x: 1e5 * (1 - np.exp(x)) - 1e3  # noqa: E731
    better, worse = (worth(gain, gain, (mean, sd), e, 10.0, 0.5) for e in (error, times * error))
    assert better.knowing >= worse.knowing - 1.0
    assert worse.information >= -1e-3 * 1e5
    assert better.risk >= 0
