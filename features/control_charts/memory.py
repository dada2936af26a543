"""Charts with a memory, for small shifts: EWMA and CUSUM of many series at once.

Source: ISO 7870-6 (EWMA) and ISO 7870-4 (CUSUM); NIST/SEMATECH e-Handbook 6.3.2.3 and 6.3.2.4; Montgomery,
chapter 9; Lucas and Crosier (1982) for the head start. Definitions as in R's qcc 2.7.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from features.capability.constants import Floats
from features.control_charts.lines import THREE_SIGMA, Lines, Width, around
from features.control_charts.series import Series
from features.control_charts.sigma import Standard

WEIGHT = 0.2
"""λ where nobody chose one: sensitive to shifts of about one standard error."""


class Cusum(NamedTuple):
    """The two sums of a tabular CUSUM: `upper` ≥ 0 with its decision interval above, `lower` ≤ 0 below."""

    upper: Lines
    lower: Lines


@np.errstate(all="ignore")
def ewma(
    points: Series,
    size: Floats,
    standard: Standard,
    weight: float = WEIGHT,
    width: Width = THREE_SIGMA,
    *,
    steady: bool = False,
) -> Lines:
    """Chart zᵢ = λ xᵢ + (1 − λ) zᵢ₋₁ with z₀ = centre; `points` are means of `size` values each.

    The variance of zᵢ is followed exactly, also over subgroups of unequal size; for equal ones it is σ²/n
    · λ/(2 − λ) · (1 − (1 − λ)²ⁱ). `steady` takes its limit λ/(2 − λ) from the start, as NIST's example
    does. A point without a number is passed over.
    """
    if not 0 < weight <= 1:
        raise ValueError(f"weight: found {weight}; allowed is a number above 0, at most 1")
    known = np.isfinite(points.values)
    kept = points.only(known)
    centre, sigma = standard.centre[points.owner], standard.sigma[points.owner]
    variance = sigma[known] ** 2 / size[known]
    smooth = _recursive(kept.having(kept.values - centre[known]), weight, 1 - weight)
    if steady:
        spread = variance * weight / (2 - weight)
    else:
        spread = _recursive(kept.having(variance), weight**2, (1 - weight) ** 2)
    return around(points.having(_back(known, smooth) + centre), centre, np.sqrt(_back(known, spread)), width)


@np.errstate(all="ignore")
def cusum(
    points: Series,
    centre: Floats,
    scale: Floats,
    k: float = 0.5,
    h: float = 5.0,
    head_start: float = 0.0,
) -> Cusum:
    """Return the two one-sided sums of yᵢ = (xᵢ − centre) ÷ scale: Cᵢ = max(0, Cᵢ₋₁ ± yᵢ − k), C₀ =
    head_start.

    `centre` is one number per series, `scale` one per point. With scale σ ÷ √n the sums are in standard
    errors and k is half the shift to detect (qcc: se.shift ÷ 2; h is its decision.interval). With scale 1,
    k and h are in the unit of the values, as NIST writes them. Beyond is above h, or below −h for the
    lower sum. A point without a number is passed over.
    """
    if k < 0 or h <= 0 or head_start < 0:
        raise ValueError(f"k, h, head_start: found {k}, {h}, {head_start}; allowed: not negative, h above 0")
    y = (points.values - centre[points.owner]) / np.where(scale > 0, scale, np.nan)
    known = np.isfinite(y)
    kept = Series(y[known], points.owner[known], points.count)
    upper = _back(known, _one_sided(kept, k, head_start))
    lower = -_back(known, _one_sided(kept.having(-kept.values), k, head_start))
    computable = kept.n[points.owner] > 0
    zero, none = np.where(computable, 0.0, np.nan), np.full(len(y), np.nan)
    limit = np.where(computable, h, np.nan)
    return Cusum(
        Lines(points.having(upper), zero, none, limit, none),
        Lines(points.having(lower), zero, -limit, none, none),
    )


def _recursive(series: Series, new: float, old: float) -> Floats:
    """Return aᵢ = new · xᵢ + old · aᵢ₋₁ from a₀ = 0, series by series."""
    answer = np.empty(len(series.values))
    for inside, at in series.blocks():
        padded = np.where(inside, series.values[at], 0.0)
        answer[at[inside]] = lfilter([new], [1, -old], padded, axis=1)[inside]
    return answer


def _one_sided(series: Series, k: float, head_start: float) -> Floats:
    """Return the sums without a loop: the walk of y − k less its lowest level so far."""
    answer = np.empty(len(series.values))
    for inside, at in series.blocks():
        walk = np.cumsum(np.where(inside, series.values[at] - k, 0.0), axis=1)
        floor = np.minimum(np.minimum.accumulate(walk, axis=1), -head_start)
        answer[at[inside]] = (walk - floor)[inside]
    return answer


def _back(known: np.ndarray[tuple[int], np.dtype[np.bool_]], values: Floats) -> Floats:
    """Put numbers where they were known, NaN elsewhere."""
    answer = np.full(len(known), np.nan)
    answer[known] = values
    return answer
