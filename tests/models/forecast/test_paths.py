"""Residual paths keep what hangs together, and read the forecast's own quantiles."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from models.forecast.paths import read_ranks, residual_paths, synthetic_ranks
from models.results import QUANTILES


def _paths(n: int = 300):
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(size=(n, 12)), axis=1)
    errors = {"ftq": walk, "cpk": -walk + 0.1 * rng.normal(size=(n, 12))}
    return residual_paths(errors, np.arange(n) // 10, seed=0)


def test_targets_and_horizons_hang_together_in_a_draw() -> None:
    drawn = _paths().draw(4000, np.random.default_rng(1))
    ftq, cpk = drawn[:, 0], drawn[:, 1]
    assert np.corrcoef(ftq[:, 11], ftq[:, 10])[0, 1] > 0.9
    assert np.corrcoef(ftq[:, 5], cpk[:, 5])[0, 1] < -0.9


def test_ranks_are_uniform_over_what_was_seen() -> None:
    ranks = _paths().ranks[:, 0, 3]
    np.testing.assert_allclose(np.sort(ranks), (np.arange(300) + 0.5) / 300)


def test_a_target_without_errors_borrows_a_path() -> None:
    rng = np.random.default_rng(2)
    known, unknown = rng.normal(size=(50, 12)), np.full((50, 12), np.nan)
    paths = residual_paths({"ftq": known, "cpk": unknown}, np.arange(50), seed=0)
    assert np.isfinite(paths.ranks).all()


def test_few_paths_are_made_up_with_memory() -> None:
    errors = np.random.default_rng(3).normal(size=(4, 12))
    paths = residual_paths({"ftq": errors}, np.arange(4), seed=0)
    drawn = paths.draw(3000, np.random.default_rng(0))
    assert drawn.shape == (3000, 1, 12)
    assert 0.5 < np.corrcoef(drawn[:, 0, 0], drawn[:, 0, 1])[0, 1] < 0.85


def test_synthetic_ranks_are_uniform() -> None:
    ranks = synthetic_ranks(20_000, 2, np.random.default_rng(4))
    assert abs(np.mean(ranks < 0.1) - 0.1) < 0.01


def test_ranks_read_a_normal_distribution_back() -> None:
    quantiles = np.tile(norm.ppf(QUANTILES), (12, 1))
    ranks = np.tile(np.array([0.01, 0.2, 0.5, 0.93, 0.999])[:, None], (1, 12))
    np.testing.assert_allclose(read_ranks(ranks, quantiles), norm.ppf(ranks), atol=0.02)


def test_a_draw_is_uniform_though_months_have_unequal_counts_and_unequal_shocks() -> None:
    rng = np.random.default_rng(6)
    t = np.repeat(np.arange(30), rng.integers(2, 40, 30))
    errors = 2.0 * rng.normal(size=30)[t, None] + rng.normal(size=(len(t), 12))
    errors[rng.random(errors.shape) < 0.05] = np.nan
    drawn = residual_paths({"ftq": errors}, t, seed=0).draw(40_000, rng)
    for level in (0.05, 0.5, 0.95):
        np.testing.assert_allclose((drawn[:, 0] < level).mean(axis=0), level, atol=0.012)


def test_plants_drawn_jointly_share_a_month_s_shock_and_keep_their_own_part() -> None:
    rng = np.random.default_rng(7)
    t = np.repeat(np.arange(60), 20)
    errors = rng.normal(size=60)[t, None] + rng.normal(size=(1200, 12))
    paths = residual_paths({"ftq": errors}, t, seed=0)
    picked = paths.draw_jointly(20_000, 2, rng)
    assert (paths.origin[picked[:, 0]] == paths.origin[picked[:, 1]]).all()
    first, second = (norm.ppf(paths.ranks[picked[:, i], 0, 5]) for i in (0, 1))
    assert 0.4 < np.corrcoef(first, second)[0, 1] < 0.6  # half of the variance is common
