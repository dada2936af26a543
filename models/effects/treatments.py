"""Levers as treatments: standardised levels and, where there are rows enough, their squares.

Many levers have a best place rather than a good direction. A sector shares the curve, a line stands somewhere on it, so one square
per lever turns into a different slope for every line.
"""

from dataclasses import dataclass

import numpy as np

from models.effects.links import FloatArray
from models.effects.nuisance import IntArray
from models.effects.panel import within_enterprise


@dataclass(frozen=True)
class Treatments:
    """K columns made of J levers: `lever` (K,) and `power` (K,) say what each is; level → (level − centre) / scale, (J,) each."""

    lever: IntArray
    power: IntArray
    centre: FloatArray
    scale: FloatArray

    def contrast(self, lever: int, before: float, after: float) -> FloatArray:
        """What a move of one lever does to the K columns: multiply by effects to get the change of the outcome's link."""
        a, b = ((x - self.centre[lever]) / self.scale[lever] for x in (before, after))
        return np.where(self.lever == lever, b**self.power - a**self.power, 0.0)


def treatments_of(
    levels: FloatArray, noise: FloatArray, who: IntArray, curved: bool
) -> tuple[Treatments, FloatArray, FloatArray]:
    """(treatments, columns (n, K) with NaN where unobserved, error covariance (n, K, K)) from levels and error variances (n, J).

    With z = z* + u and var u = s²: var of the error of z² about its mean is 4z*²s² + 2s⁴, its covariance with u is 2z*s²
    (Fuller 1987, sect. 3.3); z*² is estimated by z² − s².
    """
    centre = np.nan_to_num(np.nanmean(levels, axis=0)) if len(levels) else np.zeros(levels.shape[1])
    scale = _spread(within_enterprise(levels, who))
    z, s2 = (levels - centre) / scale, np.where(np.isfinite(levels), noise / scale**2, 0.0)
    levers = np.arange(levels.shape[1])
    if not curved:
        ones = np.ones_like(levers)
        return Treatments(levers, ones, centre, scale), z, s2[:, :, None] * np.eye(len(levers))
    treatments = Treatments(np.tile(levers, 2), np.repeat([1, 2], len(levers)), centre, scale)
    return treatments, np.hstack([z, z**2]), _curve_error(np.nan_to_num(z), s2)


def _curve_error(z: FloatArray, s2: FloatArray) -> FloatArray:
    k = z.shape[1]
    own = np.eye(k)
    error = np.zeros((len(z), 2 * k, 2 * k))
    error[:, :k, :k] = s2[:, :, None] * own
    error[:, :k, k:] = error[:, k:, :k] = (2 * z * s2)[:, :, None] * own
    error[:, k:, k:] = np.maximum(4 * z**2 * s2 - 2 * s2**2, 0.0)[:, :, None] * own
    return error


def _spread(within: FloatArray) -> FloatArray:
    """Root mean square per column; 1 for a column that never moved."""
    seen = np.maximum(np.isfinite(within).sum(axis=0), 1)
    spread = np.sqrt(np.nansum(within**2, axis=0) / seen)
    return np.where(spread > 1e-9, spread, 1.0)
