"""Prediction errors, against conditional normals worked out the long way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.effects.whitening import DIFFUSE, Noise, fit_noise, whiteners
from tests.models.effects.panel import _ar


def one_step_errors(y: np.ndarray, counting: np.ndarray, known: np.ndarray, noise: Noise) -> np.ndarray:
    """(y_t − E[y_t | earlier]) ÷ its standard deviation for one series (T,), period by period."""
    at, answer = np.arange(len(y)), np.zeros(len(y))
    shared = DIFFUSE + noise.lasting**2 * noise.memory ** np.abs(at[:, None] - at)
    covariance = shared + np.diag(counting + noise.passing**2)
    for t in np.flatnonzero(known):
        past = np.flatnonzero(known & (at < t))
        gain = np.linalg.lstsq(covariance[np.ix_(past, past)], covariance[past, t], rcond=None)[0]
        variance = covariance[t, t] - gain @ covariance[past, t]
        answer[t] = (y[t] - gain @ y[past]) / np.sqrt(variance)
    return answer


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 0.95), st.floats(0.05, 1.0), st.floats(0.05, 1.0))
def test_rows_are_prediction_errors(seed: int, memory: float, lasting: float, passing: float) -> None:
    rng = np.random.default_rng(seed)
    y, noise = rng.standard_normal((2, 15)), Noise(memory, lasting, passing)
    known, counting = rng.random((2, 15)) < 0.8, rng.uniform(0, 0.2, (2, 15))
    found = np.matmul(whiteners(noise, counting, known), y[:, :, None])[:, :, 0]
    for s in range(2):
        np.testing.assert_allclose(
            found[s], one_step_errors(y[s], counting[s], known[s], noise), rtol=1e-6, atol=1e-7
        )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 14))
def test_nothing_later_enters_and_unknown_periods_say_nothing(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    y, known = rng.standard_normal((1, 15, 1)), rng.random((1, 15)) < 0.8
    rows = whiteners(Noise(), np.full((1, 15), 0.01), known)
    later, unknown = y.copy(), y.copy()
    later[:, cut:] += 100
    unknown[~known] += 100
    np.testing.assert_array_equal(np.matmul(rows, later)[:, :cut], np.matmul(rows, y)[:, :cut])
    np.testing.assert_array_equal(np.matmul(rows, unknown), np.matmul(rows, y))
    np.testing.assert_array_equal(rows[~known], 0.0)


def test_noise_is_found_again() -> None:
    true = Noise(memory=0.8, lasting=0.4, passing=0.2)
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        shape = (50, 80)
        counting = rng.uniform(0.005, 0.03, shape)
        y = true.lasting * _ar(rng, shape, true.memory) + rng.standard_normal((50, 1))
        y = y + np.sqrt(counting + true.passing**2) * rng.standard_normal(shape)
        known = rng.random(shape) < 0.9
        left = np.where(known, y, 0.0)
        fitted = fit_noise(left, counting, known, Noise())
        found.append([fitted.memory, fitted.lasting, fitted.passing])
    memory, lasting, passing = np.mean(found, axis=0)
    assert memory == pytest.approx(0.8, abs=0.06)
    assert lasting == pytest.approx(0.4, rel=0.12)
    assert passing == pytest.approx(0.2, rel=0.2)


def test_free_numbers_come_back() -> None:
    noise = Noise(0.7, 0.3, 0.1)
    back = Noise.of(noise.free())
    np.testing.assert_allclose([back.memory, back.lasting, back.passing], [0.7, 0.3, 0.1])
