"""Values apart: against the spacings written out, its rate on heavy tails, and what it finds."""

import numpy as np
import pytest
from scipy import stats

from features.capability.outliers import ROOT, p_apart
from features.capability.ranks import ranked
from features.capability.samples import Samples


def p_of(values):
    count, n = values.shape
    samples = Samples(values.ravel(), np.repeat(np.arange(count), n), np.arange(count * n), count)
    return p_apart(samples, ranked(samples))


def by_hand(values):
    """Return the p-value from single spacings."""
    n, away, answers = len(values), values - np.median(values), []
    for side in (np.abs(away), np.sort(away)[::-1][: n // 2], np.sort(-away)[::-1][: n // 2]):
        z = np.maximum(np.sort(side)[::-1], 0) ** ROOT
        k, most = max(8, round(0.15 * len(z))), max(1, n // 10)
        most = min(most, len(z) - k - 1)
        spacing = [i * (z[i - 1] - z[i]) for i in range(1, len(z))]
        shares = 1 / np.arange(1, most + 1) ** 1.5
        for j in range(1, most + 1):
            ratio = np.mean(spacing[:j]) / np.mean(spacing[j : j + k])
            answers.append(stats.f.sf(ratio, 2 * j, 2 * k) * shares.sum() / shares[j - 1])
    return min(1.0, 3 * min(answers))


@pytest.mark.parametrize("n", [25, 60, 200])
def test_it_is_the_f_test_of_the_outermost_spacings(n):
    x = np.random.default_rng(6).standard_t(3, (20, n))
    x[:5, 3] += 60
    np.testing.assert_allclose(p_of(x), [by_hand(row) for row in x], rtol=0.1)


@pytest.mark.parametrize("draw", ["normal", "exponential", "laplace", "lognormal", "t5"])
@pytest.mark.parametrize("n", [25, 100, 500])
def test_heavy_tails_are_not_mishaps(draw, n):
    rng = np.random.default_rng(7)
    shape = (4_000 if n < 500 else 1_500, n)
    x = rng.standard_t(5, shape) if draw == "t5" else getattr(rng, draw)(size=shape)
    p = p_of(x)
    for level in (0.05, 0.01, 0.001):
        assert np.mean(p < level) <= level + 3 * np.sqrt(level / len(x))


def test_a_slipped_decimal_point_is_found():
    x = np.random.default_rng(8).normal(10, 1, (300, 100))
    x[:, 40] *= 10
    assert np.mean(p_of(x) < 0.005) >= 0.95
    assert np.mean(p_of(np.round(4 * x)) < 0.005) >= 0.9


def test_one_value_far_off_among_a_hundred_is_found():
    x = np.random.default_rng(8).normal(size=(500, 100))
    x[:, 40] = 12
    assert np.mean(p_of(x) < 0.01) >= 0.55


def test_one_value_in_twenty_apart_is_found():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(300, 500))
    x[:, :25] = rng.choice([-6, 6], (300, 25)) + rng.normal(0, 0.5, (300, 25))
    assert np.mean(p_of(x) < 0.01) >= 0.45


@pytest.mark.parametrize("values", [np.zeros(50), np.r_[np.zeros(49), 1.0], np.r_[np.zeros(40), np.ones(10)]])
def test_a_coarse_gauge_makes_no_outliers(values):
    assert p_of(values[None, :])[0] > 0.1


def test_unit_and_direction_do_not_matter():
    x = np.random.default_rng(9).standard_t(2, (30, 80))
    np.testing.assert_allclose(p_of(x), p_of(5 - 1e3 * x), rtol=1e-5)
