"""Blending path probabilities, and moving paths to blended ones."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.attainment.blend import STEPS, Blend, learn_blend, moved, shares

PATHS = 200


def _cases(rng: np.random.Generator, count: int, sure: float):
    """Levels drawn from known probabilities, and shares that believe `sure` times too much in their odds."""
    logit = np.sort(rng.normal(0, 2, (count, 4)), axis=1)[:, ::-1]
    true = 1 / (1 + np.exp(-logit))
    came = 1 + (rng.random((count, 1)) < true).sum(axis=1)
    said = np.round(PATHS / (1 + np.exp(-logit * sure))) / PATHS
    return said, true, came, rng.integers(1, 6, count), rng.integers(1, 13, count)


def test_paths_alone_give_the_shares_back() -> None:
    share = np.array([[1.0, 0.8, 0.25, 0.0]])
    found = Blend.paths_alone().at_least(share, np.array([3]), np.array([6]), PATHS)
    np.testing.assert_allclose(found, share, atol=0.5 / PATHS)


def test_overconfident_shares_are_put_right() -> None:
    rng = np.random.default_rng(3)
    said, _, came, now, ahead = _cases(rng, 20_000, sure=2.0)
    blend = learn_blend(said, now, ahead, came, PATHS)
    said, true, _, now, ahead = _cases(rng, 2_000, sure=2.0)
    blended = blend.at_least(said, now, ahead, PATHS)
    assert np.abs(blended - true).mean() < np.abs(said - true).mean() / 3


def test_too_few_cases_teach_nothing() -> None:
    said, _, came, now, ahead = _cases(np.random.default_rng(4), 50, sure=2.0)
    assert learn_blend(said, now, ahead, came, PATHS).is_paths_alone


def test_a_blend_is_json_and_comes_back() -> None:
    said, _, came, now, ahead = _cases(np.random.default_rng(5), 1_000, sure=1.5)
    blend = learn_blend(said, now, ahead, came, PATHS)
    again = Blend.from_dict(json.loads(json.dumps(blend.to_dict())))
    np.testing.assert_allclose(again.coefficients, blend.coefficients, atol=1e-4)
    assert Blend.from_dict(None).is_paths_alone


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_blended_probabilities_fall_with_the_level(seed: int) -> None:
    rng = np.random.default_rng(seed)
    blend = Blend(rng.normal(0, 2, 12))
    share = np.sort(rng.random((20, 4)), axis=1)[:, ::-1]
    found = blend.at_least(share, rng.integers(1, 6, 20), rng.integers(1, 13, 20), PATHS)
    assert (np.diff(found, axis=1) <= 0).all()
    assert ((found >= 0) & (found <= 1)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_moved_paths_have_the_wanted_shares_and_keep_their_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.integers(1, 6, (3, 100, 12)).astype(np.int8)
    wanted = np.sort(rng.integers(0, 101, (3, 12, 4)) / 100, axis=2)[:, :, ::-1]
    found = moved(levels, rng.random((3, 100, 12)), wanted, rng.random((3, 100)))
    np.testing.assert_allclose(shares(found), wanted)
    for row in range(3):
        for h in range(12):
            by_level = [found[row, levels[row, :, h] == k, h] for k in np.unique(levels[row, :, h])]
            assert all(worse.max() <= better.min() for worse, better in pairwise(by_level))


def test_moving_to_the_shares_that_are_there_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    levels = rng.integers(1, 6, (2, 50, 12)).astype(np.int8)
    same = moved(levels, rng.random((2, 50, 12)), shares(levels), rng.random((2, 50)))
    assert (same == levels).all()
    assert STEPS.tolist() == [2, 3, 4, 5]


def test_the_step_of_newton_ends_at_the_maximum() -> None:
    """The gradient of the penalised log likelihood is zero at what was learned."""
    said, _, came, now, ahead = _cases(np.random.default_rng(7), 2_000, sure=1.5)
    from models.attainment.blend import PENALTY, columns

    blend = learn_blend(said, now, ahead, came, PATHS)
    x, y = columns(said, now, ahead, PATHS), (came[:, None] >= STEPS).ravel()
    start = Blend.paths_alone().coefficients
    chance = 1 / (1 + np.exp(-x @ blend.coefficients))
    slope = x.T @ (y - chance) - PENALTY * (blend.coefficients - start)
    assert slope == pytest.approx(np.zeros(12), abs=1e-6)
