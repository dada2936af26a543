"""Nested means against textbook formulas and simulated variances."""

import numpy as np
import pytest
from scipy import stats

from models.portfolio.shrinkage import Depth, depths, normal_scores


def test_normal_scores_are_blom():
    found = normal_scores(np.array([3.0, 1.0, 2.0, 2.0]))
    assert found == pytest.approx(stats.norm.ppf((np.array([4, 1, 2.5, 2.5]) - 0.375) / 4.25))


def test_variances_of_a_balanced_layout_are_those_of_the_analysis_of_variance():
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(6), 8)
    scores = rng.normal(size=48) + rng.normal(size=6)[group]
    (depth,) = depths(scores, [group])
    means = scores.reshape(6, 8).mean(axis=1)
    within = ((scores.reshape(6, 8) - means[:, None]) ** 2).sum() / 42
    between = (8 * ((means - means.mean()) ** 2).sum() / 5 - within) / 8
    assert depth.within == pytest.approx(within)
    assert depth.between == pytest.approx(between)
    f = stats.f_oneway(*scores.reshape(6, 8)).statistic
    assert 8 * depth.between / depth.within + 1 == pytest.approx(f)


def test_drawn_means_are_best_linear_predictions():
    """(1) of Robinson 1991 for one layer: b·n·mean ÷ (b·n + w), and b·w ÷ (b·n + w) of it is not known."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(5), [3, 5, 8, 13, 21])
    scores = rng.normal(size=50) + 2 * rng.normal(size=5)[group]
    (depth,) = depths(scores, [group])
    mean, unsure = depth.drawn(0.0, np.arange(5))
    count = np.bincount(group)
    alone = np.bincount(group, weights=scores) / count
    b, w = depth.between, depth.within
    assert mean == pytest.approx(b * count * alone / (b * count + w))
    assert unsure == pytest.approx(b * w / (b * count + w))


def test_what_is_not_known_of_the_mean_around_is_carried_on():
    """Against simulation: the mean around is off by a normal error of known variance."""
    rng = np.random.default_rng(5)
    depth = Depth(np.zeros(4, dtype=int), np.array([4.0]), np.array([0.0]), between=0.6, within=1.2)
    _, unsure = depth.drawn(0.0, 0, unsure=0.3)
    truth = rng.normal(0, 0.6**0.5, 200_000)
    means = truth + rng.normal(0, (1.2 / 4) ** 0.5, 200_000)
    around = rng.normal(0, 0.3**0.5, 200_000)
    share = 0.6 * 4 / (0.6 * 4 + 1.2)
    assert unsure == pytest.approx(np.var(around + share * (means - around) - truth), rel=0.02)


def test_leaving_one_out_is_a_group_without_it():
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(3), 6)
    scores = rng.normal(size=18) + group
    (depth,) = depths(scores, [group])
    left, _ = depth.drawn(0.5, 1, without=scores[7])
    others = np.delete(scores[6:12], 1)
    share = depth.between * 5 / (depth.between * 5 + depth.within)
    assert left == pytest.approx(0.5 + share * (others.mean() - 0.5))


def test_groups_that_do_not_differ_are_drawn_together():
    rng = np.random.default_rng(6)
    shares = []
    for _ in range(40):
        (depth,) = depths(rng.normal(size=400), [rng.integers(0, 20, 400)])
        shares.append(depth.between * 20 / (depth.between * 20 + depth.within))
    assert np.mean(shares) < 0.25


def test_known_variances_are_found_in_two_layers():
    rng = np.random.default_rng(8)
    outer = np.repeat(np.arange(600), 24)
    inner = np.repeat(np.arange(2400), 6)
    scores = 0.8 * rng.normal(size=600)[outer] + 0.5 * rng.normal(size=2400)[inner] + rng.normal(size=14400)
    first, second = depths(scores, [outer, inner])
    assert first.between == pytest.approx(0.64, abs=0.12)
    assert second.between == pytest.approx(0.25, abs=0.08)
    assert second.within == pytest.approx(1.0, abs=0.08)


def test_one_group_and_one_member_do_not_break_it():
    (depth,) = depths(np.array([0.0, 0.0]), [np.zeros(2, dtype=int)])
    assert depth.between == 0.0
    (single,) = depths(np.array([0.3]), [np.zeros(1, dtype=int)])
    assert single.drawn(0.3, 0, without=0.3)[0] == pytest.approx(0.3)
