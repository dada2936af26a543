"""EWMA and CUSUM: the NIST handbook's examples, their recursions step by step, and what a shift does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.control_charts.memory import cusum, ewma
from features.control_charts.series import Series
from features.control_charts.sigma import Standard


def standard(centre, sigma):
    return Standard(np.atleast_1d(np.asarray(centre, float)), np.atleast_1d(np.asarray(sigma, float)))


def test_ewma_of_the_nist_handbook(nist):
    """6.3.2.4, printed to two decimals, limits of the steady state."""
    given_, expected = nist["pmc324_ewma"]["input"], nist["pmc324_ewma"]["expected"]
    series = Series.of(given_["x"])
    lines = ewma(series, np.ones(20), standard(given_["target"], given_["s"]), given_["lambda"], steady=True)
    np.testing.assert_allclose(lines.series.values, expected["ewma"], atol=0.005)
    assert lines.ucl[0] == pytest.approx(expected["UCL"], abs=1e-4)
    assert lines.lcl[0] == pytest.approx(expected["LCL"], abs=1e-4)
    assert not lines.beyond.any()


def test_cusum_of_the_nist_handbook(nist):
    """6.3.2.3, sums carried on from rounded values there: within 0.03."""
    given_, expected = nist["pmc323_cusum"]["input"], nist["pmc323_cusum"]["expected"]
    series = Series.of(given_["x"])
    sums = cusum(series, np.array([given_["target"]]), np.ones(20), given_["k"], given_["h"])
    np.testing.assert_allclose(sums.upper.series.values, expected["S_hi"], atol=0.03)
    np.testing.assert_allclose(-sums.lower.series.values, expected["S_lo"], atol=0.03)
    assert np.flatnonzero(sums.upper.beyond)[0] + 1 == expected["first_signal_group"]
    assert not sums.lower.beyond.any()


RAGGED = st.lists(st.lists(st.floats(-50, 50), max_size=20), min_size=1, max_size=6)


@given(RAGGED, st.floats(0.02, 1), st.integers(0, 2**31))
@settings(deadline=None)
def test_ewma_follows_its_recursion(series, weight, seed):
    rng = np.random.default_rng(seed)
    centre, sigma = rng.normal(0, 5, len(series)), rng.uniform(0.5, 3, len(series))
    size = rng.integers(1, 6, sum(map(len, series))).astype(float)
    lines = ewma(Series.of(*series), size, standard(centre, sigma), weight)
    at = 0
    for own, values in enumerate(series):
        z, variance = centre[own], 0.0
        for value in values:
            z = weight * value + (1 - weight) * z
            variance = weight**2 * sigma[own] ** 2 / size[at] + (1 - weight) ** 2 * variance
            assert lines.series.values[at] == pytest.approx(z, rel=1e-9, abs=1e-9)
            assert lines.ucl[at] == pytest.approx(centre[own] + 3 * np.sqrt(variance), rel=1e-9)
            at += 1


@given(RAGGED, st.floats(0, 2), st.floats(0, 3), st.integers(0, 2**31))
@settings(deadline=None)
def test_cusum_follows_its_recursion(series, k, head_start, seed):
    rng = np.random.default_rng(seed)
    centre = rng.normal(0, 5, len(series))
    scale = rng.uniform(0.5, 3, sum(map(len, series)))
    sums = cusum(Series.of(*series), centre, scale, k, 5.0, head_start)
    at = 0
    for own, values in enumerate(series):
        above = below = head_start
        for value in values:
            y = (value - centre[own]) / scale[at]
            above, below = max(0.0, above + y - k), max(0.0, below - y - k)
            assert sums.upper.series.values[at] == pytest.approx(above, abs=1e-9, rel=1e-9)
            assert -sums.lower.series.values[at] == pytest.approx(below, abs=1e-9, rel=1e-9)
            at += 1


def test_the_limits_of_equal_subgroups_are_the_closed_form():
    lines = ewma(Series.of(np.zeros(30)), np.full(30, 4.0), standard(0, 2), 0.2)
    at = np.arange(1, 31)
    expected = 3 * 2 / 2 * np.sqrt(0.2 / 1.8 * (1 - 0.8 ** (2 * at)))
    np.testing.assert_allclose(lines.ucl, expected, rtol=1e-12)


def test_a_small_shift_is_found_sooner_than_by_single_points():
    """Average run length after a shift of one σ: CUSUM (k ½, h 5) about 10, single values about 44."""
    values = np.random.default_rng(5).normal(1.0, 1.0, (2_000, 400))
    series = Series(values.ravel(), np.repeat(np.arange(2_000), 400), 2_000)
    sums = cusum(series, np.zeros(2_000), np.ones(series.values.size))
    first = np.argmax(sums.upper.beyond.reshape(values.shape), axis=1) + 1
    assert first.mean() == pytest.approx(10.4, abs=0.5)  # Montgomery, table 9-3
    single = np.argmax(np.abs(values) > 3, axis=1) + 1
    assert single.mean() == pytest.approx(43.9, abs=4)


def test_a_missing_point_is_passed_over():
    whole, gap = Series.of([1.0, 2.0, 4.0]), Series.of([1.0, np.nan, 2.0, 4.0])
    one = ewma(whole, np.ones(3), standard(0, 1)), cusum(whole, np.zeros(1), np.ones(3)).upper
    other = ewma(gap, np.ones(4), standard(0, 1)), cusum(gap, np.zeros(1), np.ones(4)).upper
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a.series.values, b.series.values[[0, 2, 3]])
        assert np.isnan(b.series.values[1])


@pytest.mark.parametrize("weight", [0, -0.1, 1.01, float("nan")])
def test_a_weight_outside_0_to_1_is_refused(weight):
    with pytest.raises(ValueError, match="weight"):
        ewma(Series.of([1.0]), np.ones(1), standard(0, 1), weight)


@pytest.mark.parametrize(("k", "h", "head"), [(-1, 5, 0), (0.5, 0, 0), (0.5, 5, -1)])
def test_negative_settings_of_a_cusum_are_refused(k, h, head):
    with pytest.raises(ValueError, match="allowed"):
        cusum(Series.of([1.0]), np.zeros(1), np.ones(1), k, h, head)
