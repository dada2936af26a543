"""Capability and performance indices with one or two limits, and their confidence interval.

Source: ISO 22514-2; interval: Bissell (1990), Applied Statistics 39(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

import numpy as np
from scipy.special import ndtri

from features.capability.constants import Floats, Ints

GRADED = Decimal("0.000001")


@dataclass(frozen=True)
class Indices:
    """Indices per characteristic; NaN where a limit is missing or the spread is zero or unknown.

    `spread` is (usl − lsl) ÷ 6σ (Cp or Pp), `upper` and `lower` the distance of the mean to a limit ÷ 3σ,
    `nearest` the smaller of those that exist (Cpk or Ppk).
    """

    spread: Floats
    upper: Floats
    lower: Floats
    nearest: Floats


def indices(mean: Floats, sd: Floats, lsl: Floats, usl: Floats) -> Indices:
    """Return the indices for a given σ: within for Cp and Cpk, overall for Pp and Ppk."""
    sigma = np.where(sd > 0, sd, np.nan)
    upper, lower = (usl - mean) / (3 * sigma), (mean - lsl) / (3 * sigma)
    return Indices((usl - lsl) / (6 * sigma), upper, lower, np.fmin(upper, lower))


def bissell(index: Floats, n: Ints, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the two-sided interval Ĉ ± z·√(1/(9n) + Ĉ²/(2(n − 1))); NaN below two values."""
    size = np.where(n >= 2, n, np.nan)
    half = ndtri((1 + confidence) / 2) * np.sqrt(1 / (9 * size) + index**2 / (2 * (size - 1)))
    return index - half, index + half


def graded(index: float) -> str | None:
    """Return an index as the official grade takes it: rounded down to six decimals; None for NaN."""
    if not np.isfinite(index):
        return None
    return f"{Decimal(float(index)).quantize(GRADED, rounding=ROUND_FLOOR):f}"
