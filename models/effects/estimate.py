"""The pooled effect of every lever at once: residual on residual, freed of measurement error, with robust covariance.

The final stage of the partially linear model (Robinson 1988; Chernozhukov et al. 2018, sect. 4): all levers of the sector in
one regression, so that levers that move together do not take each other's effect. Moments are corrected for the variance of the
levers' errors (Fuller 1987); the covariance is clustered by enterprise and by period (Cameron, Gelbach & Miller 2011).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.links import FloatArray
from models.effects.nuisance import IntArray
from models.effects.residuals import Residuals

LEAST_RELIABILITY: Final = 0.2
RIDGE: Final = 1e-6


@dataclass(frozen=True)
class Pooled:
    """Effects (J,) per unit of the residuals' scale, their covariance (J, J), degrees of freedom, and levers' reliability (J,)."""

    theta: FloatArray
    covariance: FloatArray
    degrees: float
    reliability: FloatArray

    def p_values(self) -> FloatArray:
        """Two-sided p-values (J,) against no effect, by Student's t with the clusters' degrees of freedom."""
        t = np.abs(self.theta) / np.sqrt(np.diag(self.covariance))
        return np.asarray(2 * stats.t.sf(t, self.degrees))


def corrected_moments(r: Residuals) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(Σ d'd less the errors' share, the errors' share (J,), reliability (J,)).

    At most 1 − `LEAST_RELIABILITY` of a lever's variance is taken for noise: beyond that the correction would explode.
    """
    raw = r.d.T @ r.d
    total = np.maximum(np.diag(raw), 1e-12)
    share = np.minimum(r.noise.sum(axis=0), (1 - LEAST_RELIABILITY) * total)
    moments = raw - np.diag(share) + RIDGE * len(r.y) * np.eye(len(raw))
    values, vectors = np.linalg.eigh(moments)
    safe = vectors @ np.diag(np.maximum(values, RIDGE * len(r.y))) @ vectors.T
    return safe, share, 1 - r.noise.sum(axis=0) / total


def pooled_effects(r: Residuals) -> Pooled:
    """The sector's effects; needs at least one row more than levers (the caller sees to that)."""
    moments, share, reliability = corrected_moments(r)
    inverse = np.linalg.inv(moments)
    theta = inverse @ (r.d.T @ r.y)
    per_row = share / np.maximum(r.noise.sum(axis=0), 1e-12) * r.noise
    scores = r.d * r.left(theta)[:, None] + per_row * theta
    meat, degrees = two_way_clustered(scores, r.who, r.t)
    return Pooled(theta, inverse @ meat @ inverse, degrees, reliability)


def two_way_clustered(scores: FloatArray, who: IntArray, t: IntArray) -> tuple[FloatArray, float]:
    """(meat, degrees of freedom): Σ over enterprises + Σ over periods − Σ over rows; never less than either alone.

    With fewer than five enterprises clustering by them says nothing; periods alone are used.
    """
    by_time, periods = _clustered(scores, t)
    by_enterprise, enterprises = _clustered(scores, who)
    if enterprises < 5:
        return by_time, max(periods - 1.0, 1.0)
    both = by_time + by_enterprise - scores.T @ scores
    largest = max((both, by_time, by_enterprise), key=lambda m: float(np.trace(m)))
    return largest, min(enterprises, periods) - 1.0


def _clustered(scores: FloatArray, cluster: IntArray) -> tuple[FloatArray, int]:
    _, code = np.unique(cluster, return_inverse=True)
    groups = int(code.max()) + 1
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, code, scores)
    return sums.T @ sums * groups / max(groups - 1, 1), groups
