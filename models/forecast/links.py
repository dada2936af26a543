"""From a target's unit to the model scale and back.

Yields live on log(−log y): a plant that halves its defects moves by the same step at 90 % and at 99.9 %. Loss
rates and ppm live on log(x + offset), Cpk on log, straight below a half. Every link is monotone, so quantiles
map to quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HALF_CPK = 0.5  # below it Cpk's link goes on as a straight line: a negative Cpk has no logarithm
TIGHTEST_YIELD = 1e-7
SMALLEST_OFFSET = 1e-9
FARTHEST = 3.0  # how far beyond the training range, on the model scale, an answer may lie


@dataclass(frozen=True)
class Link:
    """One target's link: `kind` is `cloglog` (falls as the yield rises) or `log`; `low`, `high` bound
    answers.
    """

    kind: str
    offset: float = 0.0
    low: float = -40.0
    high: float = 40.0

    @property
    def falling(self) -> bool:
        """Whether a larger value is a smaller number on the model scale."""
        return self.kind == "cloglog"

    def forward(self, value: Array) -> Array:
        """Values in the target's unit → model scale; NaN stays NaN."""
        if self.kind == "cloglog":
            return np.log(-np.log(np.clip(value, TIGHTEST_YIELD, 1.0 - TIGHTEST_YIELD)))
        if self.offset == 0.0:
            low = np.log(HALF_CPK) + value / HALF_CPK - 1.0
            return np.where(value < HALF_CPK, low, np.log(np.maximum(value, HALF_CPK)))
        return np.log(np.maximum(value + self.offset, self.offset))

    def inverse(self, scaled: Array) -> Array:
        """Model scale → target's unit, within reach of what training saw."""
        inside = np.clip(scaled, self.low - FARTHEST, self.high + FARTHEST)
        if self.kind == "cloglog":
            return np.exp(-np.exp(inside))
        if self.offset == 0.0:
            found, low = np.exp(inside), inside < np.log(HALF_CPK)
            if np.any(low):
                straight = HALF_CPK * (1.0 + inside - np.log(HALF_CPK))
                found = np.where(low, straight, found)
            return found
        return np.maximum(np.exp(inside) - self.offset, 0.0)

    def reaching(self, values: Array) -> Link:
        """The same link, its answers bounded by the known ones of these values."""
        known = values[np.isfinite(values)]
        if not len(known):
            return self
        scaled = self.forward(known)
        return replace(self, low=float(scaled.min()), high=float(scaled.max()))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"kind": self.kind, "offset": self.offset, "low": self.low, "high": self.high}


def clip_yield(value: Array, submitted: Array) -> Array:
    """Keep a yield inside what `submitted` units can show: at most (n + ½)/(n + 1), at least ½/(n + 1)."""
    n = sample_sizes(submitted)
    return np.clip(value, 0.5 / (n + 1.0), (n + 0.5) / (n + 1.0))


def sample_sizes(submitted: Array) -> Array:
    """Units submitted, the median where it is not known."""
    n = np.where(np.isfinite(submitted) & (submitted > 0), submitted, np.nan)
    return np.where(np.isnan(n), np.nanmedian(n) if np.isfinite(n).any() else 1e4, n)


def widen_yield(value: Array, submitted: Array) -> Array:
    """Undo (passed + ½)/(submitted + 1): n units do show a yield of 1, and intervals must say so."""
    return np.clip((value * (submitted + 1.0) - 0.5) / submitted, 0.0, 1.0)


def fit_link(target: str, values: Array) -> Link:
    """The link of a target from its known training values (offset: half the smallest positive one)."""
    if target == "ftq":
        return Link("cloglog").reaching(values)
    if target == "cpk":
        return Link("log").reaching(values)
    return Link("log", offset=_half(values[values > 0])).reaching(values)


def _half(positive: Array) -> float:
    return max(float(positive.min()) / 2, SMALLEST_OFFSET) if len(positive) else 1e-6
