"""Ridge from sums of products equals scikit-learn's on the rows themselves."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from models.learning.ridge import PENALTIES, choose_penalty, solve, sums


def _rows(seed: int, n: int = 200, p: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p)) * rng.uniform(0.1, 20, p) + rng.normal(size=p)
    y = x @ rng.normal(size=p) + rng.normal(size=n)
    y[rng.random(n) < 0.1] = np.nan
    return x, y


@pytest.mark.parametrize("penalty", [0.01, 0.3, 3.0])
def test_equals_sklearn_on_standardised_columns(penalty: float) -> None:
    x, y = _rows(3)
    line = solve(sums(x, y), penalty)
    known = np.isfinite(y)
    mean, sd = x[known].mean(axis=0), x[known].std(axis=0)
    oracle = Ridge(alpha=penalty * known.sum()).fit((x[known] - mean) / sd, y[known])
    np.testing.assert_allclose(line.predict(x), oracle.predict((x - mean) / sd), rtol=1e-8)


def test_blocks_add_up_to_the_whole() -> None:
    x, y = _rows(4)
    whole = solve(sums(x, y), 0.1)
    parts = solve(sums(x[:70], y[:70]) + sums(x[70:], y[70:]), 0.1)
    np.testing.assert_allclose(parts.coefficients, whole.coefficients, rtol=1e-10)
    assert parts.intercept == pytest.approx(whole.intercept)


def test_squared_error_from_sums_equals_the_rows() -> None:
    x, y = _rows(5)
    line, known = solve(sums(x, y), 0.1), np.isfinite(y)
    direct = float(np.sum((y[known] - line.predict(x[known])) ** 2))
    assert sums(x, y).squared_error(line) == pytest.approx(direct, rel=1e-9)


def test_a_constant_column_gets_no_weight() -> None:
    x, y = _rows(6)
    x[:, 2] = 7.0
    assert solve(sums(x, y), 0.1).coefficients[2] == 0.0


def test_too_few_rows_give_a_line_of_zero() -> None:
    x, y = _rows(7, n=8)
    assert not solve(sums(x, y), 0.1).coefficients.any()


def test_noise_asks_for_the_strongest_penalty_and_signal_for_a_weak_one() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=(300, 20))
    noise, signal = rng.normal(size=300), x @ rng.normal(size=20)
    halves = [slice(0, 150), slice(150, 300)]
    assert choose_penalty(*([sums(x[h], noise[h])] for h in halves)) >= 1.0
    assert choose_penalty(*([sums(x[h], signal[h])] for h in halves)) == PENALTIES[0]
