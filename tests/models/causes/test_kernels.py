"""Each kernel against a definition written in another way."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from sklearn.linear_model import Ridge

from models.causes.evidence import divergence, excess, stretches, usual_divergence, windows
from models.causes.onset import cusum, direction, onsets
from models.causes.surprise import LAGS, Surprise, against_all_past, against_own_past, standardised


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(0.05, 6))
def test_divergence_is_that_of_two_normals(mean, variance):
    p, q = stats.norm(mean, np.sqrt(variance)), stats.norm()
    reach = 12 * np.sqrt(variance)
    by_integral, _ = integrate.quad(
        lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), mean - reach, mean + reach
    )
    assert divergence(np.array([mean]), np.array([variance]))[0] == pytest.approx(by_integral, abs=2e-6)


def test_what_stands_still_is_as_far_as_the_floor_allows_and_never_infinite():
    assert np.isfinite(divergence(np.zeros(1), np.zeros(1)))[0]
    assert divergence(np.zeros(1), np.zeros(1))[0] > divergence(np.zeros(1), np.full(1, 0.5))[0]


@pytest.mark.parametrize("readings", [13, 20, 21, 160, 1000])
def test_windows_double_and_end_with_the_whole(readings):
    found = windows(readings)
    assert found[-1] == readings
    assert all(b == 2 * a for a, b in itertools.pairwise(found[:-1]))
    assert len(found) == len(set(found))


def test_stretches_are_divergences_of_slices():
    rows = np.random.default_rng(1).normal(size=(120, 3))
    found = stretches(rows, 40)
    expected = [divergence(rows[a : a + 40].mean(0), rows[a : a + 40].var(0)) for a in range(0, 81, 5)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_good_running_stays_at_the_edge_and_a_shift_does_not():
    rng = np.random.default_rng(2)
    usual, now = rng.normal(size=(600, 2)), rng.normal(size=(200, 2))
    now[:, 1] += 2.0
    calm, moved = excess(Surprise(usual, now))
    assert calm < 1.0 < 2.0 < moved
    assert usual_divergence(usual, 200)[0] > 0


def test_cusum_is_pages_recursion():
    steps = np.random.default_rng(3).normal(size=(200, 2))
    expected, state = [], np.zeros(2)
    for step in steps:
        state = np.maximum(0.0, state + step)
        expected.append(state)
    np.testing.assert_allclose(cusum(steps), expected, atol=1e-9)


@pytest.mark.parametrize(("scale", "allowed"), [(4.0, range(40, 56)), (0.05, range(30, 56)), (1.0, [None])])
def test_an_onset_is_where_residuals_grew_or_died(scale, allowed):
    rng = np.random.default_rng(4)
    usual, now = rng.normal(size=(500, 1)), rng.normal(size=(150, 1))
    now[50:] *= scale
    assert onsets(Surprise(usual, now))[0] in allowed


@pytest.mark.parametrize(
    ("level", "surprises", "unusual", "said"),
    [
        (np.full(50, 2.0), np.tile([1.0, -1.0], 25), True, "higher"),
        (np.full(50, -2.0), np.tile([1.0, -1.0], 25), False, "lower"),
        (np.zeros(50), np.tile([3.0, -3.0], 25), True, "restless"),
        (np.zeros(50), np.zeros(50), True, "still"),
        (np.zeros(50), np.tile([1.0, -1.0], 25), False, "usual"),
    ],
)
def test_directions(level, surprises, unusual, said):
    assert direction(level, surprises, unusual=unusual) == said


def rows(seed=5, n=300, width=4):
    rng = np.random.default_rng(seed)
    out = np.zeros((n, width))
    for t in range(1, n):
        out[t] = 0.6 * out[t - 1] + 0.3 * np.roll(out[t - 1], 1) + rng.normal(size=width)
    return out


def test_surprises_of_an_episode_are_those_of_scikit_learns_ridge():
    data = rows()
    levels = standardised(data[:200], data[205:], data[:205])
    found = against_all_past(levels, np.ones(4, dtype=bool))

    def past(x):
        return np.array([x[t - LAGS : t][::-1].ravel() for t in range(LAGS, len(x))])

    X, Y = past(levels.reference), levels.reference[LAGS:]
    at = past(np.vstack([levels.before, levels.episode]))
    fits = [Ridge(alpha=a, fit_intercept=False).fit(X, Y).predict(at) for a in (10.0, 100.0, 1000.0)]
    for j in range(4):
        ours = found.now[:, j]
        errors = [levels.episode[:, j] - f[:, j] for f in fits]
        gaps = [abs(np.corrcoef(ours, e)[0, 1] - 1) for e in errors]
        best = int(np.argmin(gaps))
        np.testing.assert_allclose(ours / ours.std(), errors[best] / errors[best].std(), atol=1e-8)


def test_a_row_of_good_running_is_predicted_by_models_that_never_saw_it():
    data = rows()
    levels = standardised(data[:200], data[205:], data[200:205])
    changed = levels.reference.copy()
    changed[100] += 50.0  # its own fold and its neighbours must not learn from it
    other = against_own_past(type(levels)(changed, levels.episode, levels.before))
    same = against_own_past(levels)
    far = same.usual * same.usual.std(axis=0)
    assert abs(other.usual[100 - LAGS]).min() > 5
    assert np.isfinite(far).all()


def test_residuals_of_good_running_have_unit_spread():
    data = rows()
    found = against_own_past(standardised(data[:200], data[205:], data[200:205]))
    np.testing.assert_allclose(found.usual.std(axis=0), 1.0, atol=1e-12)
    assert found.now.shape == (95, 4)
