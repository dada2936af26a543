"""The standard deviation within: what the process does when nothing special happens between subgroups.

Sources: ISO 22514-2 and ISO 7870-2; Montgomery, Introduction to Statistical Quality Control, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from features.capability.constants import Floats, c4, d2
from features.capability.samples import Samples

Method = Literal["pooled", "range", "sd"]
MOVING_RANGE_EFFICIENCY = 0.605
"""Degrees of freedom that a mean moving range keeps of n − 1 (its variance is 0.8264 σ² ÷ n against σ² ÷
2n)."""


@dataclass(frozen=True)
class Within:
    """σ within per characteristic (NaN where it cannot be computed) and the degrees of freedom behind it."""

    sd: Floats
    df: Floats


def sd_within(samples: Samples, method: Method = "pooled") -> Within:
    """Return σ within of every characteristic.

    In subgroups: `pooled` √(Σ(nᵢ − 1)sᵢ² ÷ Σ(nᵢ − 1)), `range` the mean of Rᵢ ÷ d2(nᵢ), `sd` the mean of
    sᵢ ÷ c4(nᵢ); subgroups of one are left out. Individual values: mean moving range ÷ d2(2), whatever the
    method.
    """
    groups = samples.groups
    many = groups.size >= 2
    df = groups.sums(groups.size - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "pooled":
            grouped = np.sqrt(groups.sums(groups.squares) / df)
        else:
            grouped = groups.sums(_unbiased(samples, method)) / groups.sums(many)
        steps = samples.successive(1) / (samples.n - 1) / d2(2)
    alone = samples.individual
    freedom = np.where(alone, MOVING_RANGE_EFFICIENCY * np.maximum(samples.n - 1, 0), df)
    return Within(np.where(alone, np.where(samples.n >= 2, steps, np.nan), grouped), freedom)


def sd_successive(samples: Samples) -> Within:
    """Return σ within as the stability gate takes it: pooled over subgroups; for individual values
    √(Σ(xᵢ₊₁ − xᵢ)² ÷ 2(n − 1)), which is right for every distribution (the mean moving range ÷ d2 for
    the normal one only).

    Its degrees of freedom are 2(n − 1)² ÷ (3n − 4) (von Neumann et al. 1941, Annals of Mathematical
    Statistics 12).
    """
    pooled = sd_within(samples, "pooled")
    steps = np.maximum(samples.n - 1.0, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(samples.successive(2) / (2 * steps))
    freedom = 2 * steps**2 / np.maximum(3 * samples.n - 4, 1)
    alone = samples.individual
    return Within(np.where(alone, sd, pooled.sd), np.where(alone, freedom, pooled.df))


def _unbiased(samples: Samples, method: Method) -> Floats:
    """Return one unbiased estimate of σ per subgroup, 0 for a subgroup of one."""
    groups = samples.groups
    size = np.maximum(groups.size, 2)
    if method == "range":
        estimate = groups.range / d2(size)
    else:
        estimate = np.sqrt(groups.squares / (size - 1)) / c4(size)
    return np.where(groups.size >= 2, estimate, 0.0)
