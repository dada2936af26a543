"""The test of normality: its rate on fine and coarse gauges, its power, Shapiro–Wilk beside it."""

import numpy as np
import pytest
from scipy import stats

from features.capability.normality import p_normal, refuted
from features.capability.ranks import normal_scores, ranked
from features.capability.samples import Samples


def p_of(values):
    count, n = values.shape
    samples = Samples(values.ravel(), np.repeat(np.arange(count), n), np.arange(count * n), count)
    return p_normal(samples, ranked(samples).shared)


@pytest.mark.parametrize("n", [10, 25, 50, 125, 500])
@pytest.mark.parametrize("step", [0, 0.3, 1.0])
def test_a_normal_process_is_rarely_refuted_however_coarse_the_gauge(n, step):
    x = np.random.default_rng(1).normal(0.3, 1, (40_000 if n < 500 else 8_000, n))
    p = p_of(np.round(x / step) * step if step else x)
    for level in (0.05, 0.01, 0.001):
        assert np.nanmean(p <= level) <= 1.4 * level + 4 * np.sqrt(level / len(x))


@pytest.mark.parametrize(
    ("draw", "n", "least"), [("exponential", 50, 0.97), ("logistic", 500, 0.55), ("gumbel", 125, 0.9)]
)
def test_what_is_not_normal_is_found(draw, n, least):
    x = getattr(np.random.default_rng(2), draw)(size=(500, n))
    assert np.mean(p_of(x) < 0.01) >= least
    coarse = np.round(x / x.std() * 3)
    assert np.mean(p_of(coarse) < 0.01) >= least - 0.15


def test_it_is_the_correlation_with_normal_scores_and_near_shapiro_and_wilk():
    rng = np.random.default_rng(3)
    x = np.stack([rng.normal(size=80), rng.gamma(3, size=80), rng.normal(size=80) ** 3])
    p = p_of(x)
    for row, found in zip(np.sort(x, axis=1), p, strict=True):
        w = np.corrcoef(row, normal_scores(80))[0, 1] ** 2
        u, v = np.log(80), np.log(np.log(80))
        z = (np.log(1 - w) + 1.2725 - 1.0521 * (v - u)) / (1.0308 - 0.26758 * (v + 2 / u))
        assert found == pytest.approx(stats.norm.sf(z), rel=1e-9)
        assert (found < 0.01) == (stats.shapiro(row).pvalue < 0.01)


def test_nothing_is_said_of_too_few_or_equal_values():
    assert np.isnan(p_of(np.ones((1, 50)))[0])
    assert np.isnan(p_of(np.array([[1.0, 2.0, 3.0]]))[0])
    assert not refuted(np.array([np.nan, 0.5]), np.zeros(2, dtype=int)).any()


def test_the_error_is_held_over_an_enterprise():
    p = np.full(20, 0.5)
    p[3] = 0.004
    assert not refuted(p, np.zeros(20, dtype=int)).any()
    assert refuted(p, np.arange(20)).tolist() == [k == 3 for k in range(20)]
