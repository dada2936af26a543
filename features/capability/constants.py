"""Control chart constants from their definitions: d2 and c4 of a normal sample of n values.

Computed, not transcribed: published tables are rounded, and some are off in the last digit. Source of the
definitions: ISO 7870-2; d2 after Tippett (1925), Biometrika 17.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid
from scipy.special import gammaln, ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GRID = np.linspace(-8.5, 8.5, 3401)
"""The integrands are smooth and vanish at both ends, where the trapezoid rule is exact to rounding."""


def c4(n: Ints | int) -> Floats:
    """Return E[s] ÷ σ of samples of n ≥ 2 values: √(2/(n−1)) · Γ(n/2) ÷ Γ((n−1)/2)."""
    size = np.asarray(n, dtype=np.float64)
    answer: Floats = np.sqrt(2 / (size - 1)) * np.exp(gammaln(size / 2) - gammaln((size - 1) / 2))
    return answer


def d2(n: Ints | int) -> Floats:
    """Return E[range] ÷ σ of samples of n ≥ 2 values."""
    sizes, where = np.unique(np.asarray(n, dtype=np.int64), return_inverse=True)
    return np.array([_d2(int(size)) for size in sizes])[where].reshape(np.shape(n))


@lru_cache(maxsize=1024)
def _d2(n: int) -> float:
    below = ndtr(_GRID)
    return float(trapezoid(1 - (1 - below) ** n - below**n, _GRID))
