"""Scores against closed forms and definitions written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy.stats import norm

from models.peers.cells import scores
from models.peers.question import LEVELS, Answer, within

Z = st.floats(-2.5, 2.5)
SCALE = st.floats(0.01, 100.0)


def normal_crps(z: float) -> float:
    """Gneiting & Raftery (2007), equation 21, of a standard normal."""
    return z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)


def inner_crps(z: float) -> float:
    """2 ∫ pinball over levels 0.025 … 0.975 ÷ 0.95: what 19 levels stand for, the farthest tails left out."""

    def pinball(level: float) -> float:
        gap = z - norm.ppf(level)
        return max(level * gap, (level - 1) * gap)

    kink = [min(max(float(norm.cdf(z)), 0.026), 0.974)]
    return 2 * integrate.quad(pinball, 0.025, 0.975, points=kink)[0] / 0.95


def crps_of(z: float, scale: float = 1.0) -> float:
    quantiles = scale * norm.ppf(LEVELS)[None, None, :]
    answer = Answer(np.zeros((1, 1)), quantiles)
    return float(scores(answer, np.array([[z * scale]]))[1][0, 0])


@given(z=Z, scale=SCALE)
def test_the_crps_of_a_normal(z, scale):
    found = crps_of(z, scale) / scale
    np.testing.assert_allclose(found, inner_crps(z), rtol=0.02)
    np.testing.assert_allclose(found, normal_crps(z), rtol=0.09)


@given(point=st.floats(-5, 5), actual=st.floats(-5, 5))
def test_a_point_alone_is_scored_by_its_absolute_error(point, actual):
    stacked = np.full((1, 1, 19), point)
    for quantiles in (None, stacked):
        error, crps, _ = scores(Answer(np.array([[point]]), quantiles), np.array([[actual]]))
        np.testing.assert_allclose(crps, error, atol=1e-12)
        np.testing.assert_allclose(error, abs(point - actual))


def test_the_truth_is_the_best_normal_to_say_on_average():
    draws = norm.ppf((np.arange(40) + 0.5) / 40)
    means = {shift: np.mean([crps_of(d + shift) for d in draws]) for shift in (-1.0, -0.2, 0.0, 0.2, 1.0)}
    assert min(means, key=lambda shift: means[shift]) == 0.0


def test_the_interval_holds_up_to_its_ends_and_is_unknown_without_one():
    quantiles = np.tile(np.linspace(0.1, 0.9, 19), (3, 1))[:, None, :]
    answer = Answer(np.full((3, 1), 0.5), quantiles)
    inside = scores(answer, np.array([[0.1], [0.9], [0.91]]))[2]
    assert inside.ravel().tolist() == [1.0, 1.0, 0.0]
    quantiles[1] = np.nan
    error, crps, inside = scores(answer, np.array([[0.1], [0.9], [0.91]]))
    assert np.isnan(inside[1, 0])
    assert crps[1, 0] == error[1, 0]


def test_answers_are_moved_to_where_a_target_can_be():
    values = np.array([-1.0, 0.5, 2.0])
    assert within("ftq", values).tolist() == [0.0, 0.5, 1.0]
    assert within("ppm", values).tolist() == [0.0, 0.5, 2.0]
    assert within("cpk", values).tolist() == [-1.0, 0.5, 2.0]
