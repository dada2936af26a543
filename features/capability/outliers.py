"""Values that stand apart further than even a heavy tail would throw them.

A heavy tail and a few mishaps look alike; what tells them apart is the gap. Let Y be the distances from
the median, largest first, and Z = Y^0.45. If Z has a non-decreasing hazard rate, the normalised
spacings i·(Zᵢ − Zᵢ₊₁) do not grow towards the extremes; for P(Y > y) = exp(−c·y^0.45), which is heavier
than the tails that manufacturing calls common, they are independent and exponential. So the mean of the
outermost j of them against the k next ones is at most F(2j, 2k) distributed (Barlow & Proschan 1966),
and a small p-value says that the outermost j values belong to something else. Both tails and each alone
are tried with every j up to a tenth of the values, weighted by j^(−3/2) (Bonferroni): few mishaps are
likelier than many. Where the outermost begin and where the others end is uncertain by half the gauge's
step, to the benefit of the process.

Power laws are heavier still, far out; the test keeps its rate down to Student's t with five degrees of
freedom (by simulation). What it costs and why no other root was taken: docs/decisions/0014.
"""

from __future__ import annotations

import numpy as np
from scipy.special import fdtrc

from features.capability.constants import Floats
from features.capability.ranks import Ranked
from features.capability.samples import Samples

FEWEST = 20
"""Below this many values there is no tail to compare with."""
ROOT = 0.45
FEW_LIKELIER = 1.5
_LARGEST_SHARE = 0.1
_MOST = 60
_NEXT = 0.15
_FEWEST_NEXT = 8
_CHUNK = 2048


def p_apart(samples: Samples, ranked: Ranked) -> Floats:
    """Return the p-value of every characteristic that no value stands apart; 1 where it cannot be tried."""
    p = np.ones(samples.count)
    for block in ranked.blocks:
        if block.n >= FEWEST:
            for start in range(0, len(block.members), _CHUNK):
                part = slice(start, start + _CHUNK)
                p[block.members[part]] = _smallest(block.ordered[part])
    return p


def resolution(samples: Samples, ranked: Ranked) -> Floats:
    """Return the gauge's step per characteristic: the smallest difference of its values; 0 without any."""
    step = np.zeros(samples.count)
    for block in ranked.blocks:
        step[block.members] = _step(block.ordered)
    return step


def _smallest(ordered: Floats) -> Floats:
    n = ordered.shape[1]
    away = ordered - np.median(ordered, axis=1)[:, None]
    half = _step(ordered) / 2
    both = np.sort(np.abs(away), axis=1)[:, ::-1]
    sides = (both, away[:, ::-1][:, : n // 2], -away[:, : n // 2])
    p = np.min([_side(side, half, max(1, min(_MOST, int(_LARGEST_SHARE * n)))) for side in sides], axis=0)
    answer: Floats = np.minimum(1.0, len(sides) * p)
    return answer


def _side(distance: Floats, half: Floats, most: int) -> Floats:
    """Return the smallest p-value over the outermost 1 … `most` of sorted distances (largest first),
    weighted.
    """
    k = max(_FEWEST_NEXT, round(_NEXT * distance.shape[1]))
    most = min(most, distance.shape[1] - k - 1)
    used, step = np.maximum(distance[:, : most + k + 1], 0), half[:, None]
    j = np.arange(1, most + 1)
    edge = (used[:, 1 : most + 1] + step) ** ROOT
    last = np.maximum(used[:, k + 1 :] - step, 0) ** ROOT
    total = np.cumsum(used[:, : most + k] ** ROOT, axis=1)
    outer = total[:, :most] - j * edge
    rest = total[:, k:] - total[:, :most] + j * edge - (j + k) * last
    with np.errstate(divide="ignore", invalid="ignore"):
        p = fdtrc(2 * j, 2 * k, (outer / j) / (rest / k)) * _weight(most)
    answer: Floats = np.where((outer > 0) & np.isfinite(p), p, 1.0).min(axis=1)
    return answer


def _weight(most: int) -> Floats:
    """What the p-value of j costs: j^(−3/2) shared out over 1 … `most`, turned over."""
    powers = np.arange(1.0, most + 1) ** FEW_LIKELIER
    answer: Floats = powers * (1 / powers).sum()
    return answer


def _step(ordered: Floats) -> Floats:
    """Return the smallest difference between values that is more than rounding of floats; 0 without any."""
    if ordered.shape[1] < 2:
        return np.zeros(len(ordered))
    gaps = np.diff(ordered, axis=1)
    width = ordered[:, -1] - ordered[:, 0]
    real = np.where(gaps > 1e-9 * width[:, None], gaps, np.inf).min(axis=1)
    return np.where(np.isfinite(real), real, 0.0)
