"""Donor weights against SciPy's general optimiser, and what they must always be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from models.verdicts.synthetic import RIDGE, filled, weights


def slsqp(own, donors):
    """The same problem, written as one."""
    y, x = own - own.mean(), donors - donors.mean(axis=1, keepdims=True)
    ridge = RIDGE * np.sqrt(len(own)) * np.mean(np.diff(donors, axis=1) ** 2)
    found = minimize(
        lambda w: np.sum((y - w @ x) ** 2) + ridge * w @ w,
        np.full(len(donors), 1 / len(donors)),
        bounds=[(0, 1)] * len(donors),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-13, "maxiter": 500},
    )
    return found.x


@pytest.mark.parametrize("seed", range(6))
def test_they_solve_the_problem(seed):
    rng = np.random.default_rng(seed)
    donors = np.cumsum(rng.standard_normal((6, 30)), axis=1)
    own = 0.6 * donors[0] + 0.4 * donors[3] + 0.3 * rng.standard_normal(30)
    np.testing.assert_allclose(weights(own, donors), slsqp(own, donors), atol=2e-4)


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 10_000), donors=st.integers(3, 12), periods=st.integers(8, 40))
def test_they_are_shares_whatever_the_levels(seed, donors, periods):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((donors, periods)), rng.standard_normal(periods)
    w = weights(y, x)
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights(y + 7, x + rng.standard_normal((donors, 1))), w, atol=1e-6)


def test_noise_gives_equal_shares():
    rng = np.random.default_rng(0)
    w = weights(rng.standard_normal(36), 3 * rng.standard_normal((5, 36)))
    assert w.max() < 0.5


def test_what_is_missing_is_line_and_period_together():
    values = np.add.outer([1.0, 5.0, 9.0], [0.0, 1.0, 2.0, 3.0])
    holed = values.copy()
    holed[1, 2] = np.nan
    assert np.isfinite(filled(holed)).all()
    assert filled(holed)[1, 2] == pytest.approx(values[1, 2], abs=0.6)
    np.testing.assert_array_equal(filled(values), values)
