"""Control chart constants from their definitions, for normal samples of n values.

Computed, not transcribed: published tables are rounded, and some are off in the last digit. Source of the
definitions: ISO 7870-2, annex; Montgomery, Introduction to Statistical Quality Control, appendix VI; the
distribution of the range after Tippett (1925), Biometrika 17.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid
from scipy.optimize import brentq
from scipy.special import gammaln, ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GRID = np.linspace(-8.5, 8.5, 3401)
"""The integrands are smooth and vanish at both ends, where the trapezoid rule is exact to rounding."""
_FINE = np.linspace(-8.5, 8.5, 681)
_DENSITY = np.exp(-(_FINE**2) / 2) / np.sqrt(2 * np.pi)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
_WIDEST = 17.0
"""A range beyond 17 σ has no probability that a double could hold."""


def c4(n: Ints | int) -> Floats:
    """Return E[s] ÷ σ of samples of n ≥ 2 values: √(2/(n−1)) · Γ(n/2) ÷ Γ((n−1)/2)."""
    size = np.asarray(n, dtype=np.float64)
    answer: Floats = np.sqrt(2 / (size - 1)) * np.exp(gammaln(size / 2) - gammaln((size - 1) / 2))
    return answer


def d2(n: Ints | int) -> Floats:
    """Return E[range] ÷ σ of samples of n ≥ 2 values."""
    return _by_size(_d2, n)


def d3(n: Ints | int) -> Floats:
    """Return the standard deviation of the range ÷ σ of samples of n ≥ 2 values."""
    return _by_size(_d3, n)


def big_a(n: Ints | int) -> Floats:
    """Return A = 3 ÷ √n: limits of a mean from a given σ."""
    return 3 / np.sqrt(np.asarray(n, dtype=np.float64))


def a2(n: Ints | int) -> Floats:
    """Return A2 = 3 ÷ (d2 √n): limits of a mean from the mean range."""
    return big_a(n) / d2(n)


def a3(n: Ints | int) -> Floats:
    """Return A3 = 3 ÷ (c4 √n): limits of a mean from the mean standard deviation."""
    return big_a(n) / c4(n)


def b3(n: Ints | int) -> Floats:
    """Return B3 = max(0, 1 − 3 √(1 − c4²) ÷ c4): lower limit of s from the mean s."""
    return np.maximum(0.0, 2 - b4(n))


def b4(n: Ints | int) -> Floats:
    """Return B4 = 1 + 3 √(1 − c4²) ÷ c4: upper limit of s from the mean s."""
    return 1 + 3 * np.sqrt(1 - c4(n) ** 2) / c4(n)


def b5(n: Ints | int) -> Floats:
    """Return B5 = max(0, c4 − 3 √(1 − c4²)): lower limit of s from a given σ."""
    return b3(n) * c4(n)


def b6(n: Ints | int) -> Floats:
    """Return B6 = c4 + 3 √(1 − c4²): upper limit of s from a given σ."""
    return b4(n) * c4(n)


def big_d1(n: Ints | int) -> Floats:
    """Return D1 = max(0, d2 − 3 d3): lower limit of the range from a given σ."""
    return np.maximum(0.0, d2(n) - 3 * d3(n))


def big_d2(n: Ints | int) -> Floats:
    """Return D2 = d2 + 3 d3: upper limit of the range from a given σ."""
    return d2(n) + 3 * d3(n)


def big_d3(n: Ints | int) -> Floats:
    """Return D3 = D1 ÷ d2: lower limit of the range from the mean range."""
    return big_d1(n) / d2(n)


def big_d4(n: Ints | int) -> Floats:
    """Return D4 = D2 ÷ d2: upper limit of the range from the mean range."""
    return big_d2(n) / d2(n)


def e2(n: Ints | int) -> Floats:
    """Return E2 = 3 ÷ d2: limits of single values from the mean moving range of n neighbours."""
    return 3 / d2(n)


def range_cdf(width: Floats | float, n: int) -> Floats:
    """Return P(range ≤ width · σ) of samples of n ≥ 2 values: n ∫ φ(x) (Φ(x + w) − Φ(x))ⁿ⁻¹ dx."""
    wide = np.atleast_1d(np.asarray(width, dtype=np.float64))[:, None]
    inside = np.maximum(ndtr(_FINE + wide) - ndtr(_FINE), 0.0) ** (n - 1)
    answer: Floats = np.clip(n * trapezoid(_DENSITY * inside, _FINE, axis=1), 0.0, 1.0)
    return answer.reshape(np.shape(width))


def range_quantile(probability: float, n: Ints | int) -> Floats:
    """Return the width w with P(range ≤ w · σ) = probability (0 < probability < 1), for samples of n ≥ 2."""
    return _by_size(partial(_range_quantile, probability), n)


def _by_size(constant: Callable[[int], float], n: Ints | int) -> Floats:
    """Look a constant up for every sample size, computing it once per size that occurs."""
    sizes = np.asarray(n, dtype=np.int64)
    occurring = np.flatnonzero(np.bincount(sizes.ravel()))
    table = np.full(int(sizes.max(initial=0)) + 1, np.nan)
    table[occurring] = [constant(int(size)) for size in occurring]
    answer: Floats = table[sizes]
    return answer


@lru_cache(maxsize=1024)
def _d2(n: int) -> float:
    below = ndtr(_GRID)
    return float(trapezoid(1 - (1 - below) ** n - below**n, _GRID))


@lru_cache(maxsize=1024)
def _d3(n: int) -> float:
    """E[W²] = ∫ 2w P(W > w) dw by Gauss and Legendre, less the squared mean."""
    width = (_NODES + 1) * _WIDEST / 2
    square = float((2 * width * (1 - range_cdf(width, n))) @ _WEIGHTS) * _WIDEST / 2
    return float(np.sqrt(square - _d2(n) ** 2))


@lru_cache(maxsize=1024)
def _range_quantile(probability: float, n: int) -> float:
    return float(brentq(lambda w: float(range_cdf(w, n)) - probability, 0.0, _WIDEST, xtol=1e-13))
