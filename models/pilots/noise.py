"""How much a line's quality moves by itself from period to period: what a pilot has to be heard above.

Kept as a variogram, half the mean squared difference of two periods k apart (Matheron 1963, *Economic
Geology* 58): a pilot compares periods with each other, so only differences matter, and neither a plant's own
level nor a slow trend has to be known. Shocks that all plants of a sector share are taken off by the mean of
the others, in the pilot's analysis as here.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.links import FloatArray

LEAST_PEERS: Final = 5
LONGEST: Final = 24
OWN_LAGS: Final = 6
LEAST_KNOWN: Final = 12
BORROWED: Final = 24.0
"""Periods that the sector's noise counts for beside a line's own."""


@dataclass(frozen=True)
class LineNoise:
    """One line: mean `level` on the link scale (NaN: never read), `residuals` (T,) with common shocks off and
    NaN where unknown, `variogram` (LONGEST + 1,) of lags 0, 1, …
    """

    level: float
    residuals: FloatArray
    variogram: FloatArray

    @property
    def audible(self) -> bool:
        """Whether enough is known of the line to plan by."""
        return bool(np.isfinite(self.residuals).sum() >= LEAST_KNOWN and self.variogram[1] > 0)

    def variance(self, weights: FloatArray) -> float:
        """Variance of Σ w·y for weights (T,) that add up to zero."""
        lag = np.abs(np.subtract.outer(np.arange(len(weights)), np.arange(len(weights))))
        return float(-weights @ self.variogram[np.minimum(lag, LONGEST)] @ weights)


def less_common(own: FloatArray, peers: FloatArray) -> FloatArray:
    """Outcomes `own` (T, L) less what `peers` (T, P) went through together, where at least `LEAST_PEERS` are
    known.
    """
    seen = np.isfinite(peers)
    level = np.nansum(peers, axis=0) / np.maximum(seen.sum(axis=0), 1)
    count = seen.sum(axis=1)
    shock = np.nansum(peers - level, axis=1) / np.maximum(count, 1)
    return np.asarray(own - np.where(count >= LEAST_PEERS, shock, 0.0)[:, None])


def line_noises(y: FloatArray) -> tuple[LineNoise, ...]:
    """The noise of every line of a sector from its outcomes (T, E) on the link scale, NaN where unknown."""
    every = np.arange(y.shape[1])
    apart = np.column_stack([less_common(y[:, [i]], y[:, every != i])[:, 0] for i in every])
    sums, counts = _differences(apart)
    shape = _filled(sums.sum(axis=1), counts.sum(axis=1))
    near = slice(1, OWN_LAGS + 1)
    expected = (shape[near, None] * counts[near]).sum(axis=0)
    ratio = sums[near].sum(axis=0) / np.maximum(expected, 1e-12)
    known = np.isfinite(apart).sum(axis=0)
    scale = np.where(expected > 0, (ratio * known + BORROWED) / (known + BORROWED), 1.0)
    level = np.nansum(apart, axis=0) / np.where(known > 0, known, np.nan)
    return tuple(LineNoise(float(level[i]), apart[:, i], shape * scale[i]) for i in every)


def _differences(y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(sums of half squared differences, numbers of them), (LONGEST + 1, E)."""
    sums, counts = np.zeros((LONGEST + 1, y.shape[1])), np.zeros((LONGEST + 1, y.shape[1]))
    for k in range(1, min(LONGEST, len(y) - 1) + 1):
        gap = y[k:] - y[:-k]
        sums[k], counts[k] = np.nansum(gap**2, axis=0) / 2, np.isfinite(gap).sum(axis=0)
    return sums, counts


def _filled(sums: FloatArray, counts: FloatArray) -> FloatArray:
    """The sector's variogram; lags that were never seen say what the last one said."""
    answer = np.zeros(len(sums))
    for k in range(1, len(sums)):
        answer[k] = sums[k] / counts[k] if counts[k] >= LEAST_PEERS else answer[k - 1]
    return answer
