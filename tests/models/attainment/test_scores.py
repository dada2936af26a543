"""Scores and the Markov chain, against arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.attainment.scores import (
    calibration_error,
    markov_at_least,
    ranked_probability_score,
    transition_matrix,
)


def test_the_ranked_probability_score_by_hand() -> None:
    # P(≥2, ≥3, ≥4, ≥5) = 1, .6, .1, 0 and level 3 came: (0 + .4² + .1² + 0) ÷ 4
    score = ranked_probability_score(np.array([[1.0, 0.6, 0.1, 0.0]]), np.array([3]))
    assert score.tolist() == pytest.approx([(0.16 + 0.01) / 4])


def test_the_score_is_nothing_for_certainty_and_worst_for_the_farthest_level() -> None:
    sure = np.array([[1.0, 1.0, 1.0, 1.0]])
    assert ranked_probability_score(sure, np.array([5]))[0] == 0.0
    assert ranked_probability_score(sure, np.array([1]))[0] == 1.0


def test_the_score_is_proper() -> None:
    """On average nothing beats the probabilities that levels are drawn from."""
    rng = np.random.default_rng(1)
    truth = np.array([0.1, 0.3, 0.4, 0.15, 0.05])
    came = rng.choice(np.arange(1, 6), 40_000, p=truth)
    own = np.cumsum(truth[::-1])[::-1][1:]
    scores = [
        ranked_probability_score(np.tile(np.clip(own + shift, 0, 1), (len(came), 1)), came).mean()
        for shift in (0.0, 0.1, -0.1)
    ]
    assert scores[0] == min(scores)


def test_calibration_error_by_hand() -> None:
    # bin 0: 4 forecasts of .05, one happens: |.05 − .25| × 4; bin 9: 2 of .95, both happen: .05 × 2
    chance = np.array([0.05] * 4 + [0.95] * 2)
    happened = np.array([1.0, 0, 0, 0, 1, 1])
    assert calibration_error(chance, happened) == pytest.approx((0.2 * 4 + 0.05 * 2) / 6)


def test_a_chain_counts_transitions_and_its_powers_look_further() -> None:
    before, after = np.array([1, 1, 1, 1, 2, 2]), np.array([1, 1, 1, 2, 2, 1])
    matrix = transition_matrix(before, after)
    np.testing.assert_allclose(matrix[:2, :2], [[0.75, 0.25], [0.5, 0.5]])
    assert matrix[4, 4] == 1.0, "a level that was never seen stays"
    two_months = 0.75 * 0.25 + 0.25 * 0.5
    np.testing.assert_allclose(markov_at_least(matrix, np.array([1]), 2), [[two_months, 0, 0, 0]])
