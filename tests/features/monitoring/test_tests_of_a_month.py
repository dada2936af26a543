"""The two tests of a month: found where something changed, silent where nothing did, on any distribution."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import polygamma
from scipy.stats import binom, norm

from features.monitoring.points import Points
from features.monitoring.surprises import BASELINE, _holm, judged
from features.monitoring.tests_of_a_month import _inverse_trigamma, counted_scores, news
from models.drift.report import holm

MONTHS, A_MONTH, CHARTS = BASELINE + 1, 25, 12


def plant(seed, *, kind="level", skewed=False, a_month=A_MONTH):
    """Twelve stable charts of one enterprise, the last month (12) still as the others."""
    rng = np.random.default_rng(seed)
    shape = (CHARTS, MONTHS * a_month)
    value = rng.gamma(2.0, 1.0, shape) if skewed else rng.standard_normal(shape)
    month = np.tile(np.repeat(np.arange(MONTHS), a_month), CHARTS)
    names = [str(number) for number in range(CHARTS)]
    charts = pd.DataFrame({"enterprise_id": "E1", "kind": kind, "subject": names, "product_id": ""})
    return charts, value, month


def points(charts, value, month):
    nothing = np.full(value.size, np.nan)
    chart = np.repeat(np.arange(len(charts)), value.shape[1])
    return Points(charts, value.ravel(), nothing, nothing, chart, month)


@pytest.mark.parametrize("skewed", [False, True], ids=["normal", "skewed"])
def test_stable_plants_are_hardly_ever_warned(skewed):
    alarms = sum(bool(judged(points(*plant([20260, seed], skewed=skewed)), BASELINE)) for seed in range(80))
    assert alarms <= 4  # 1 % of 80 is less than one; five or more happen once in a thousand runs


def test_a_month_that_lies_elsewhere_is_found_and_its_direction_said():
    charts, value, month = plant(1)
    value[3, -A_MONTH:] -= 1.5
    (found,) = judged(points(charts, value, month), BASELINE)
    assert (found.chart, found.test, found.up) == (3, "shift", False)


def test_one_value_apart_is_found_in_a_month_that_is_otherwise_as_ever():
    charts, value, month = plant(2)
    value[5, -4] = 15.0
    (found,) = judged(points(charts, value, month), BASELINE)
    assert (found.chart, found.test, found.up) == (5, "apart", True)


def test_a_value_apart_in_an_earlier_month_is_no_news():
    charts, value, month = plant(2)
    value[5, 40] = 15.0
    assert not judged(points(charts, value, month), BASELINE)


def test_less_scatter_is_not_warned_of():
    charts, value, month = plant(3, kind="spread")
    value[0, -A_MONTH:] -= 3.0
    assert not judged(points(charts, value, month), BASELINE)
    value[0, -A_MONTH:] += 6.0
    assert [row.chart for row in judged(points(charts, value, month), BASELINE)] == [0]


def test_months_that_differ_anyway_make_a_different_month_no_news():
    charts, value, month = plant(4)
    rng = np.random.default_rng(5)
    value += np.repeat(rng.standard_normal((CHARTS, MONTHS)), A_MONTH, axis=1)
    value[3, -A_MONTH:] += 1.5
    assert not judged(points(charts, value, month), BASELINE)


def test_a_month_that_is_not_over_is_not_tested_as_a_whole():
    _, value, month = plant(1)
    value[3, -A_MONTH:] -= 1.5
    chart = np.repeat(np.arange(CHARTS), value.shape[1])
    nobody, same = np.zeros(CHARTS, dtype=bool), np.zeros(CHARTS, dtype=np.int64)
    found = news(value.ravel(), chart, BASELINE - month, CHARTS, nobody, nobody, same)
    assert np.isnan(found.shift).all()
    assert np.isfinite(found.apart).all()


def test_fewer_than_six_months_before_say_nothing():
    charts, value, month = plant(6)
    value[3, -A_MONTH:] += 5.0
    kept = np.tile(np.repeat(np.arange(MONTHS), A_MONTH) >= MONTHS - 6, CHARTS)
    chart = np.repeat(np.arange(CHARTS), value.shape[1])
    nothing = np.full(kept.sum(), np.nan)
    short = Points(charts, value.ravel()[kept], nothing, nothing, chart[kept], month[kept])
    assert not [row for row in judged(short, BASELINE) if row.test == "shift"]


def test_scores_of_counts_are_mid_p_normal_scores():
    rng = np.random.default_rng(7)
    size = rng.integers(1, 500, 300).astype(float)
    rate = rng.uniform(0.001, 0.4, 300)
    events = rng.binomial(size.astype(int), rate).astype(float)
    middle = binom.cdf(events - 1, size, rate) + binom.pmf(events, size, rate) / 2
    np.testing.assert_allclose(counted_scores(events, size, rate), norm.ppf(middle), atol=1e-6)


def test_scores_far_out_stay_finite_and_ordered():
    events = np.array([0.0, 20.0, 60.0, 200.0])
    scores = counted_scores(events, np.full(4, 200.0), np.full(4, 0.01))
    assert np.isfinite(scores).all()
    assert (np.diff(scores) > 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_p_values_reject_what_holm_rejects(seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0, 1, (9, 2)) ** 4
    p[rng.random((9, 2)) < 0.2] = np.nan
    family = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2])
    adjusted = _holm(p, family)
    for one in range(3):
        own, raw = adjusted[family == one].ravel(), p[family == one].ravel()
        known = np.isfinite(raw)
        assert np.isnan(own[~known]).all()
        for level in (0.001, 0.01, 0.05, 0.3):
            assert list(own[known] <= level) == holm(list(raw[known]), level)


@pytest.mark.parametrize("x", [0.05, 0.7, 3.0, 40.0])
def test_the_inverse_of_trigamma(x):
    assert _inverse_trigamma(float(polygamma(1, x))) == pytest.approx(x, rel=1e-6)
