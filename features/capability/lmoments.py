"""Sample L-moments of sorted values, and the weights behind them.

Source: Hosking (1990), L-moments: analysis and estimation of distributions using linear combinations of order
statistics, Journal of the Royal Statistical Society B 52(1).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import comb

from features.capability.constants import Floats

ORDER = 6
"""Highest L-moment that is used: location, scale, and four ratios for the shape."""


def legendre(u: Floats, order: int = ORDER) -> Floats:
    """Return the shifted Legendre polynomials P₀ … of u in [0, 1], one row each."""
    x = 2 * u - 1
    rows = [np.ones_like(x), x]
    for r in range(2, order):
        rows.append(((2 * r - 1) * x * rows[-1] - (r - 1) * rows[-2]) / r)
    return np.stack(rows[:order])


@lru_cache(maxsize=256)
def weights(n: int) -> Floats:
    """Return the (ORDER × n) weights of sorted values that give the unbiased L-moments; n ≥ ORDER."""
    rank = np.arange(1, n + 1)
    moments = np.ones((ORDER, n))
    for power in range(1, ORDER):
        moments[power] = moments[power - 1] * (rank - power) / (n - power)
    k, r = np.meshgrid(np.arange(ORDER), np.arange(ORDER))
    mixing = np.where(k <= r, (-1.0) ** (r - k) * comb(r, k) * comb(r + k, k), 0.0)
    answer: Floats = mixing @ moments / n
    return answer


def l_moments(ordered: Floats) -> Floats:
    """Return the first `ORDER` L-moments of every row of sorted values, (rows × ORDER)."""
    answer: Floats = ordered @ weights(ordered.shape[1]).T
    return answer
