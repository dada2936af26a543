"""Levers as treatments: standardised levels and, where there are rows enough, their squares.

Many levers have a best place rather than a good direction. A sector shares the curve, a line stands
somewhere on it, so one square per lever turns into a different slope for every line.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.effects.links import FloatArray
from models.effects.nuisance import IntArray, within_enterprise


@dataclass(frozen=True)
class Treatments:
    """K columns made of J levers and C surroundings: `lever` (K,), −1 for a surrounding, and `power` (K,), 0
    for one.

    A lever's level becomes ((level − centre) / scale) to that power; `centre` and `scale` (J,).
    """

    lever: IntArray
    power: IntArray
    centre: FloatArray
    scale: FloatArray

    def contrast(self, lever: int, before: float, after: float) -> FloatArray:
        """What a move of one lever does to the K columns: multiply by effects to get the change of the
        outcome's link.
        """
        a, b = ((x - self.centre[lever]) / self.scale[lever] for x in (before, after))
        return np.where(self.lever == lever, b**self.power - a**self.power, 0.0)


def treatments_of(
    levels: FloatArray, noise: FloatArray, who: IntArray, curved: bool
) -> tuple[Treatments, FloatArray, FloatArray]:
    """(treatments, columns (n, K) with NaN where unobserved, error covariance (n, K, K)) from levels and
    error variances (n, J).

    With z = z* + u and var u = s²: var of the error of z² about its mean is 4z*²s² + 2s⁴, its covariance
    with u is 2z*s² (Fuller 1987, sect. 3.3); z*² is estimated by z² − s², right on
    average only: a single row's may be negative.
    """
    centre = np.nansum(levels, axis=0) / np.maximum(np.isfinite(levels).sum(axis=0), 1)
    scale = spread_of(within_enterprise(levels, who))
    z, s2 = (levels - centre) / scale, np.where(np.isfinite(levels), noise / scale**2, 0.0)
    levers = np.arange(levels.shape[1])
    if not curved:
        ones = np.ones_like(levers)
        return Treatments(levers, ones, centre, scale), z, s2[:, :, None] * np.eye(len(levers))
    treatments = Treatments(np.tile(levers, 2), np.repeat([1, 2], len(levers)), centre, scale)
    return treatments, np.hstack([z, z**2]), _curve_error(np.nan_to_num(z), s2)


def with_surroundings(
    treatments: Treatments, columns: FloatArray, error: FloatArray, z: FloatArray, share: FloatArray
) -> tuple[Treatments, FloatArray, FloatArray]:
    """Adds standardised surroundings z (n, C), whose variance is error by `share` (C,), as columns that are
    no levers.
    """
    n, k, c = len(z), columns.shape[1], z.shape[1]
    whole = np.zeros((n, k + c, k + c))
    whole[:, :k, :k] = error
    whole[:, k:, k:] = np.isfinite(z)[:, :, None] * np.diag(share)
    lever, power = (
        np.concatenate([a, np.full(c, b)]) for a, b in ((treatments.lever, -1), (treatments.power, 0))
    )
    return replace(treatments, lever=lever, power=power), np.hstack([columns, z]), whole


def _curve_error(z: FloatArray, s2: FloatArray) -> FloatArray:
    k = z.shape[1]
    own = np.eye(k)
    error = np.zeros((len(z), 2 * k, 2 * k))
    error[:, :k, :k] = s2[:, :, None] * own
    error[:, :k, k:] = error[:, k:, :k] = (2 * z * s2)[:, :, None] * own
    error[:, k:, k:] = (4 * z**2 * s2 - 2 * s2**2)[:, :, None] * own
    return error


def spread_of(within: FloatArray) -> FloatArray:
    """Root mean square per column; 1 for a column that never moved."""
    seen = np.maximum(np.isfinite(within).sum(axis=0), 1)
    spread = np.sqrt(np.nansum(within**2, axis=0) / seen)
    return np.where(spread > 1e-9, spread, 1.0)
