"""The test of one series: what it must find, what it must not see, and how often it errs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, norm, rankdata

from models.drift.change import (
    FEWEST_BEFORE,
    FEWEST_SINCE,
    SEED,
    autoregression,
    changes,
    normal_scores,
    starts,
)
from models.drift.report import holm
from models.drift.step import STRONGEST, fit, statistic
from tests.models.drift.worlds import SPLITS, World, false_alarms, power

NORMAL = np.random.default_rng(3).standard_normal((6, 24))


def _one(values, before: int, side: int = 0) -> tuple[float, float, int]:
    found = changes(np.asarray(values, dtype=float)[None], before, side)
    return float(found.statistic[0]), float(found.p_value[0]), int(found.start[0])


def test_any_monotone_scale_gives_the_same_answer() -> None:
    plain, bent = (changes(x, 18, by_size=False) for x in (NORMAL, np.exp(3.0 * NORMAL)))
    np.testing.assert_array_equal(plain.p_value, bent.p_value)
    np.testing.assert_allclose(changes(-NORMAL, 18).statistic, -changes(NORMAL, 18).statistic)


def test_a_leap_is_told_from_a_slow_wander_by_its_size() -> None:
    wander = autoregression(np.random.default_rng(8).standard_normal((5, 36)), STRONGEST)
    leap = wander + 25.0 * (np.arange(36) >= 24)
    assert (changes(leap, 24).p_value < 0.001).all()
    assert (changes(leap, 24).p_value < changes(leap, 24, by_size=False).p_value).all()


def test_a_setting_that_hardly_ever_moves_is_not_judged_by_size() -> None:
    setting = np.r_[np.zeros(12), np.ones(12), np.full(12, 5.0)]
    assert _one(setting, 24)[1] == pytest.approx(2 * changes(setting[None], 24, by_size=False).p_value[0])


def test_generalised_least_squares_is_that_of_the_textbook() -> None:
    rng, n = np.random.default_rng(9), 20
    x = rng.standard_normal(n)
    design = np.column_stack([np.ones(n), np.arange(n) >= 14])
    inverse = np.linalg.inv(STRONGEST ** np.abs(np.subtract.outer(np.arange(n), np.arange(n))))
    covariance = np.linalg.inv(design.T @ inverse @ design)
    solved = covariance @ design.T @ inverse @ x
    rest = x - design @ solved
    expected = solved[1] / np.sqrt(rest @ inverse @ rest / (n - 2) * covariance[1, 1])
    assert statistic(x[None], fit(n, 14, False, True))[0] == pytest.approx(expected)


def test_a_step_is_found_with_its_side_and_its_start() -> None:
    values = NORMAL[0] + 6.0 * (np.arange(24) >= 18)
    statistic, p_value, start = _one(values, 18)
    assert statistic > 0
    assert p_value < 0.01
    assert start == 18
    assert _one(values, 18, side=-1)[1] > 0.5
    late = NORMAL[1] + 6.0 * (np.arange(24) >= 21)
    assert _one(late, 12)[2] == 21


def test_no_month_differs_and_few_months_say_nothing() -> None:
    assert _one(np.full(24, 3.2), 18)[:2] == (0.0, 1.0)
    assert _one(np.arange(FEWEST_BEFORE + FEWEST_SINCE - 1), FEWEST_BEFORE)[1] == 1.0
    assert _one(np.arange(20), FEWEST_BEFORE - 1)[1] == 1.0


def test_equal_months_speak_against_a_change() -> None:
    one_odd = np.zeros(24)
    one_odd[23] = 1.0
    assert _one(one_odd, 18)[1] > 0.3
    together = changes(np.r_[np.zeros(9), 1.0, 2.0, 3.0][None], 9, by_size=False)
    # The rarest thing that few months can show is that all later ones lie above: no tie makes it rarer.
    assert together.p_value[0] > 1.0 / 220  # 12 over 3 orders, were the months independent


def test_a_year_s_wave_is_no_change_where_two_years_were_trained_on() -> None:
    month = np.arange(30)
    wave = 3.0 * np.sin(month * np.pi / 6.0) + 0.3 * np.random.default_rng(1).standard_normal(30)
    assert _one(wave, 24)[1] > 0.05


def test_scores_are_van_der_waerden_s() -> None:
    values = NORMAL[0]
    expected = norm.ppf((rankdata(values) - 0.5) / 24)
    ranks = values.argsort().argsort()
    np.testing.assert_allclose(normal_scores(ranks[None])[0], expected)


def test_the_step_is_the_least_squares_difference() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal(30)
    design = np.column_stack([np.ones(30), np.arange(30) >= 24])
    expected, *_ = np.linalg.lstsq(design, x, rcond=None)
    fitted = fit(30, 24, False, False)
    np.testing.assert_allclose(fitted.contrast @ x, expected[1])
    np.testing.assert_allclose(x @ fitted.residual, x - design @ expected, atol=1e-12)


@pytest.mark.parametrize("strength", [0.0, 0.5])
def test_the_expected_autocorrelation_and_variance_are_what_simulation_shows(strength) -> None:
    series = autoregression(np.random.default_rng(4).standard_normal((20_000, 20)), strength)
    fitted = fit(20, 14, False, False)
    residuals = series @ fitted.residual
    squares = (residuals**2).sum()
    grid = np.linspace(0.0, 0.95, 20)
    seen = (residuals[:, 1:] * residuals[:, :-1]).sum() / squares
    assert seen == pytest.approx(np.interp(strength, grid, fitted.expected), abs=0.01)
    variance = (series @ fitted.contrast).var() / (squares / len(series))
    assert variance == pytest.approx(np.interp(strength, grid, fitted.variance), rel=0.04)


def test_an_autoregression_starts_as_spread_as_it_goes_on() -> None:
    series = autoregression(np.random.default_rng(SEED).standard_normal((20_000, 12)), 0.8)
    np.testing.assert_allclose(series.std(axis=0), 1.0, atol=0.03)
    assert np.corrcoef(series[:, 5], series[:, 6])[0, 1] == pytest.approx(0.8, abs=0.02)


def test_windows_halve() -> None:
    assert starts(24, 36) == [24, 30, 33]
    assert starts(9, 12) == [9]
    assert np.isfinite(statistic(NORMAL, fit(24, 21, False, False))).all()


def test_holm_is_the_textbook_s() -> None:
    # Holm (1979): .01 ≤ .05/4, .0149 ≤ .05/3, .03 > .05/2 stops it.
    assert holm([0.01, 0.04, 0.03, 0.0149], 0.05) == [True, False, False, True]
    assert holm([], 0.05) == []


def _most(worlds: int) -> int:
    """False alarms at a rate of one in twenty that chance exceeds once in a thousand."""
    return int(binom.ppf(0.999, worlds, 0.05))


@pytest.mark.parametrize("strength", [0.0, 0.8])
@pytest.mark.parametrize("skewed", [False, True])
def test_false_alarms_of_a_family(strength, skewed) -> None:
    assert false_alarms(World(24, strength, skewed, 12, 8), 11, 120) <= _most(120)


def test_pooled_plant_months_would_always_alarm() -> None:
    from scipy.stats import ks_2samp

    rng, found = np.random.default_rng(5), 0
    for _ in range(40):
        values = World(24, 0.5, False, 1, 50).draw(rng)[0]
        values -= values.mean(axis=1, keepdims=True)
        found += ks_2samp(values[:, :18].ravel(), values[:, 18:].ravel()).pvalue < 0.05
    assert found > 20  # what a test of single plant-months does with shocks that plants share


def test_three_deviations_are_mostly_seen_in_two_years() -> None:
    assert power(World(24, 0.0, False, 1, 30), 3.0, 12, 60) >= 0.85


@pytest.mark.slow
@pytest.mark.parametrize("plants", [5, 200])
@pytest.mark.parametrize("inputs", [1, 60])
@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("strength", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("months", sorted(SPLITS))
def test_false_alarms_everywhere(months, strength, skewed, inputs, plants) -> None:
    assert false_alarms(World(months, strength, skewed, inputs, plants), 17, 300) <= _most(300)
