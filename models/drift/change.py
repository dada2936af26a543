"""One monthly series: do the months since training differ from those that the model was trained on?

The months of all plants share shocks and hang together in time, so a month is one observation and neighbours
are not independent. The test therefore

- looks at the normal scores of the ranks (van der Waerden 1952): skewed or heavy-tailed months count as
  normal ones do;
- takes the difference of the mean scores by least squares, with a yearly wave beside it where two years
  were trained on, and divides it by the standard error that a first-order autoregression of the residuals
  implies (the parametric long-run variance of Andrews 1991, Econometrica 59, 817–858), the residuals'
  lag-one autocorrelation being read against what it is expected to be in so short a series;
- does so for all months since training, their last half, last quarter …, and keeps the largest;
- compares it with the same statistic of simulated Gaussian autoregressions, ranked and fitted alike, and
  gives the largest p-value over their coefficients 0 … `STRONGEST` (the least favourable one).

So the false-alarm rate holds for any monotone function of such a series, not only on average and not only in
large samples. It says nothing of series that hang together more strongly than `STRONGEST`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]

STRONGEST = 0.8
COEFFICIENTS = (0.0, 0.2, 0.4, 0.6, STRONGEST)
SIMULATIONS = 20_000
FEWEST_BEFORE, FEWEST_SINCE = 9, 3
MOST_BEFORE, MOST_SINCE = 36, 24
YEARLY_FROM = 24  # trained months from which a yearly wave can be told from a change
SEED = 20260101
_AUTOREGRESSIONS = np.linspace(0.0, 0.95, 20)


@dataclass(frozen=True)
class Changes:
    """One value per series: the largest studentised difference (above 0: later months are higher), its
    p-value, and where the later months start (position in the series).
    """

    statistic: Array
    p_value: Array
    start: NDArray[np.int64]


def changes(values: Array, before: int, side: int = 0) -> Changes:
    """Test months `before` … n − 1 of series (series × months, all known) against the first `before`.

    `side` 1 looks for a rise only, −1 for a fall only, 0 for either. Values that are equal are ranked so that
    they speak against a change. Too few months or a constant series: p-value 1.
    """
    count, n = values.shape
    size, start = np.zeros(count), np.full(count, before)
    if before < FEWEST_BEFORE or n - before < FEWEST_SINCE:
        return Changes(size, np.ones(count), start)
    for direction in (1, -1) if side == 0 else (side,):
        for first in starts(before, n):
            scores = normal_scores(_ranks(values, first, direction))
            found = direction * _statistic(scores, first, before >= YEARLY_FROM)
            start = np.where(found > np.abs(size), first, start)
            size = np.where(found > np.abs(size), direction * found, size)
    return Changes(size, _p_values(np.abs(size), _null(before, n, side != 0)), start)


def starts(before: int, n: int) -> list[int]:
    """Where a change may begin: with the first month since training, their last half, last quarter, …"""
    found, window = [], n - before
    while window >= FEWEST_SINCE:
        found.append(n - window)
        window //= 2
    return found


def normal_scores(ranks: NDArray[np.int64]) -> Array:
    """Ranks 0 … n − 1 of series × n months as quantiles of the normal distribution."""
    return np.asarray(ndtri((ranks + 0.5) / ranks.shape[1]), dtype=np.float64)


def _ranks(values: Array, start: int, direction: int) -> NDArray[np.int64]:
    """Ranks; of equal values the later ones come first if a rise is looked for, last if a fall."""
    n = values.shape[1]
    tie = np.broadcast_to((np.arange(n) >= start) == (direction < 0), values.shape)
    lot = np.broadcast_to(np.random.default_rng(SEED).permutation(n), values.shape)
    return np.lexsort((lot, tie, values), axis=1).argsort(axis=1)


def _statistic(scores: Array, start: int, yearly: bool) -> Array:
    """Signed statistic of every row of series × months."""
    fit = _fit(scores.shape[1], start, yearly)
    residuals = scores @ fit.residual
    squares = np.maximum(np.einsum("ij,ij->i", residuals, residuals), 1e-12)
    alike = np.einsum("ij,ij->i", residuals[:, 1:], residuals[:, :-1]) / squares
    error = np.sqrt(squares * np.interp(alike, fit.expected, fit.variance))
    return np.asarray((scores @ fit.contrast) / error)


@dataclass(frozen=True)
class _Fit:
    """Least squares on a step: `contrast` gives the step, `residual` (n × n) the residuals.

    For autoregressions of rising strength: `expected` lag-one autocorrelation of the residuals, and
    `variance` of the step ÷ the residuals' expected sum of squares.
    """

    contrast: Array
    residual: Array
    expected: Array
    variance: Array


@lru_cache(maxsize=256)
def _fit(n: int, start: int, yearly: bool) -> _Fit:
    month = np.arange(n)
    columns = [np.ones(n), (month >= start).astype(np.float64)]
    if yearly:
        columns += [np.sin(month * np.pi / 6.0), np.cos(month * np.pi / 6.0)]
    solved = np.linalg.pinv(np.column_stack(columns))
    residual = np.eye(n) - np.column_stack(columns) @ solved
    lags = np.abs(np.subtract.outer(month, month))
    expected, variance = [], []
    for strength in _AUTOREGRESSIONS:
        covariance = strength**lags
        left = residual @ covariance @ residual
        expected.append(np.trace(left, offset=1) / np.trace(left))
        variance.append(solved[1] @ covariance @ solved[1] / np.trace(left))
    return _Fit(solved[1], residual, np.array(expected), np.array(variance))


def _p_values(sizes: Array, null: Array) -> Array:
    """The largest share of simulated statistics at least as large, over the coefficients (rows of `null`)."""
    below = np.min([np.searchsorted(row, sizes - 1e-9) for row in null], axis=0)
    above = null.shape[1] - below + 1
    return np.where(sizes > 0.0, above / (null.shape[1] + 1), 1.0)


@lru_cache(maxsize=64)
def _null(before: int, n: int, one_sided: bool) -> Array:
    """Coefficients × simulations, sorted: the statistic where nothing has changed."""
    rows = []
    for coefficient in COEFFICIENTS:
        series = autoregression(np.random.default_rng(SEED).standard_normal((SIMULATIONS, n)), coefficient)
        scores = normal_scores(series.argsort(axis=1).argsort(axis=1))
        sizes = [_statistic(scores, start, before >= YEARLY_FROM) for start in starts(before, n)]
        rows.append(np.sort(np.max(sizes if one_sided else np.abs(sizes), axis=0)))
    return np.stack(rows)


def autoregression(shocks: Array, coefficient: float) -> Array:
    """Series × months x(t) = coefficient · x(t − 1) + shock, as spread at the start as later on."""
    out = shocks.copy()
    for t in range(1, shocks.shape[1]):
        out[:, t] = coefficient * out[:, t - 1] + np.sqrt(1.0 - coefficient**2) * shocks[:, t]
    return out
