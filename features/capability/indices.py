"""Capability and performance indices with one or two limits, their confidence intervals, and shares outside.

Plain arrays in, plain arrays out: every function takes what a published example states (mean, σ, limits,
number of values), so that it can be held to the printed digit. Definitions: ISO 22514-2; Montgomery,
Introduction to Statistical Quality Control, chapter 8; NIST/SEMATECH e-Handbook 6.1.6; R's qcc 2.7,
`process.capability`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal

import numpy as np
from scipy.special import chdtri, ndtr, ndtri

from features.capability.constants import Floats, Ints

GRADED = Decimal("0.000001")
_MOST_DIGITS = 90
"""Digits before the point that a graded index may have: beyond, it is no index."""
_WIDE = Context(prec=400)

Interval = tuple[Floats, Floats]


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
    """Return the indices for a given σ: within for Cp and Cpk, overall for Pp and Ppk.

    With one limit `nearest` is the index of that limit (ISO 22514-2; qcc 2.7 leaves Cpk empty there).
    """
    sigma = np.where(sd > 0, sd, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        upper, lower = (usl - mean) / (3 * sigma), (mean - lsl) / (3 * sigma)
        return Indices((usl - lsl) / (6 * sigma), upper, lower, np.fmin(upper, lower))


def target(nominal: Floats, lsl: Floats, usl: Floats) -> Floats:
    """Return the target that Cpm counts from: the nominal value, else the middle of two limits, else NaN."""
    with np.errstate(over="ignore", invalid="ignore"):
        middle = lsl + (usl - lsl) / 2
    return np.where(np.isnan(nominal), middle, nominal)


def cpm(mean: Floats, sd: Floats, lsl: Floats, usl: Floats, aim: Floats) -> Floats:
    """Return Taguchi's Cpm = (usl − lsl) ÷ 6√(σ² + (mean − aim)²); NaN with one limit.

    The definition of qcc 2.7 and of NIST, also where the aim is not the middle of the limits: then the
    nearer limit does not count more than the other (Chan, Cheng & Spiring 1988 would take 2·min(usl −
    aim, aim − lsl) instead of usl − lsl: `cpm_nearer`).
    """
    return _around(usl - lsl, mean, sd, aim)


def cpm_nearer(mean: Floats, sd: Floats, lsl: Floats, usl: Floats, aim: Floats) -> Floats:
    """Return Cpm* = min(usl − aim, aim − lsl) ÷ 3√(σ² + (mean − aim)²), with one limit too."""
    return _around(2 * np.fmin(usl - aim, aim - lsl), mean, sd, aim)


def _around(width: Floats, mean: Floats, sd: Floats, aim: Floats) -> Floats:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        answer: Floats = width / (6 * np.where(sd > 0, sd, np.nan) * np.hypot(1, (mean - aim) / sd))
    return answer


def bissell(index: Floats, n: Ints, confidence: float = 0.95) -> Interval:
    """Return the two-sided interval Ĉ ± z·√(1/(9n) + Ĉ²/(2(n − 1))) of Cpk; NaN below two values.

    Source: Bissell (1990), Applied Statistics 39(3); the same in qcc 2.7 and in NIST 6.1.6.
    """
    return _normal(index, n, (1 + confidence) / 2)


def one_limit_interval(index: Floats, n: Ints, confidence: float = 0.95) -> Interval:
    """Return qcc 2.7's interval of Cpl or Cpu: each bound is one-sided at `confidence`."""
    return _normal(index, n, confidence)


def _normal(index: Floats, n: Ints, chance: float) -> Interval:
    size = np.where(n >= 2, n, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        half = ndtri(chance) * np.sqrt(1 / (9 * size) + index**2 / (2 * (size - 1)))
        return index - half, index + half


def cp_interval(cp: Floats, n: Ints, confidence: float = 0.95) -> Interval:
    """Return the two-sided interval of Cp, Ĉ·√(χ² ÷ (n − 1)) with n − 1 degrees of freedom; NaN below two."""
    return _chi_square(cp, np.where(n >= 2, n - 1.0, np.nan), confidence)


def cpm_interval(
    index: Floats, mean: Floats, sd: Floats, aim: Floats, n: Ints, confidence: float = 0.95
) -> Interval:
    """Return the two-sided interval of Cpm, Ĉ·√(χ² ÷ ν), ν = n(1 + δ²) ÷ (1 + 2δ²), δ = (mean − aim) ÷ σ.

    Source: Boyles (1991), Journal of Quality Technology 23(1); qcc 2.7.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        apart = ((mean - aim) / np.where(sd > 0, sd, np.nan)) ** 2
        return _chi_square(index, np.where(n >= 2, n, np.nan) * (1 + apart) / (1 + 2 * apart), confidence)


def _chi_square(index: Floats, df: Floats, confidence: float) -> Interval:
    tails = (1 + confidence) / 2, (1 - confidence) / 2
    low, high = (index * np.sqrt(chdtri(df, tail) / df) for tail in tails)
    return low, high


def expected_outside(mean: Floats, sd: Floats, lsl: Floats, usl: Floats) -> tuple[Floats, Floats]:
    """Return the shares below lsl and above usl of a normal process; NaN where the limit is missing.

    qcc 2.7 prints 0 for shares below 0.0001.
    """
    sigma = np.where(sd > 0, sd, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        return ndtr((lsl - mean) / sigma), ndtr((mean - usl) / sigma)


def graded(index: float) -> str | None:
    """Return an index as the official grade takes it: rounded down to six decimals; None for what is no
    number.
    """
    if not np.isfinite(index) or abs(index) >= 10.0**_MOST_DIGITS:
        return None
    return f"{Decimal(float(index)).quantize(GRADED, rounding=ROUND_FLOOR, context=_WIDE):f}"
