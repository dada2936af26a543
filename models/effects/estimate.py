"""The pooled effect of every lever at once: residual on residual, freed of measurement error, with robust
covariance.

The final stage of the partially linear model (Robinson 1988; Chernozhukov et al. 2018, sect. 4): all levers
of the sector in one regression, so that levers that move together do not take each other's effect. Moments
are corrected for the variance of the levers' errors (Fuller 1987); the covariance is clustered by enterprise
and by period (Cameron, Gelbach & Miller 2011), and where plants are few by long stretches of each.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.links import FloatArray
from models.effects.nuisance import IntArray
from models.effects.residuals import Residuals

LEAST_BLOCKS: Final = 8
LEAST_RELIABILITY: Final = 0.2
LEAST_MOMENT: Final = 0.02


@dataclass(frozen=True)
class Pooled:
    """Effects (K,) of the treatments, their covariance (K, K), degrees of freedom, reliability (K,) and
    `cap` (K,).

    `reliability` is the share of a treatment's residual variance that is not error; `cap` the share of the
    error's standard deviation that was believed, below 1 where the error looked larger than
    `LEAST_RELIABILITY` allows.
    """

    theta: FloatArray
    covariance: FloatArray
    degrees: float
    reliability: FloatArray
    cap: FloatArray

    def p_values(self) -> FloatArray:
        """Two-sided p-values (K,) against no effect, by Student's t with the clusters' degrees of freedom."""
        t = np.abs(self.theta) / np.sqrt(np.diag(self.covariance))
        return np.asarray(2 * stats.t.sf(t, self.degrees))


def corrected_moments(r: Residuals) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(d'd less the errors' share (K, K), reliability (K,), cap (K,)); beyond the cap the correction would
    explode.
    """
    raw, error = r.d.T @ r.d, r.noise.sum(axis=0)
    total, share = np.maximum(np.diag(raw), 1e-12), np.maximum(np.diag(error), 1e-12)
    cap = np.sqrt(np.minimum(1.0, (1 - LEAST_RELIABILITY) * total / share))
    return (
        positive(raw - error * np.outer(cap, cap), _floor(r)),
        1 - np.diag(error) / total,
        cap,
    )


def positive(moments: FloatArray, least: float) -> FloatArray:
    """The nearest symmetric matrices (…, K, K) with no eigenvalue under `least`."""
    values, vectors = np.linalg.eigh(moments)
    return np.asarray((vectors * np.maximum(values, least)[..., None, :]) @ np.swapaxes(vectors, -1, -2))


def pooled_effects(r: Residuals) -> Pooled:
    """The sector's effects; needs more rows than treatments (the caller sees to that)."""
    moments, reliability, cap = corrected_moments(r)
    inverse = np.linalg.inv(moments)
    theta = inverse @ (r.d.T @ r.y)
    scores = r.d * r.left(theta)[:, None] + cap * (r.noise @ (cap * theta))
    by_time, by_row = _clustered(scores, r.t), scores.T @ scores
    blocks = _blocks(r)
    shocks = positive(inverse @ (by_time - by_row) @ inverse, 0.0)
    covariance = positive(jackknife(r, theta, cap, blocks) + shocks, 0.0)
    return Pooled(theta, covariance, float(blocks.max()), reliability, cap)


def _blocks(r: Residuals) -> IntArray:
    """What stands for independent evidence: plants, or where they are few, long stretches of each."""
    plants = len(np.unique(r.who))
    _, period = np.unique(r.t, return_inverse=True)
    stretches = -(-LEAST_BLOCKS // plants)
    stretch = period * stretches // (int(period.max()) + 1)
    _, block = np.unique(r.who * stretches + stretch, return_inverse=True)
    return np.asarray(block, dtype=np.int64)


def jackknife(r: Residuals, theta: FloatArray, cap: FloatArray, blocks: IntArray) -> FloatArray:
    """Covariance (K, K) by leaving out one block at a time (CV3 of MacKinnon, Nielsen & Webb 2023, *J.
    Econometrics* 232).

    With a dozen plants and as many treatments the usual clustered sandwich is far too small: each plant
    pulls the fit to itself.
    """
    k, n = len(theta), int(blocks.max()) + 1
    moments, cross = np.zeros((n, k, k)), np.zeros((n, k))
    np.add.at(moments, blocks, r.d[:, :, None] * r.d[:, None, :] - r.noise * np.outer(cap, cap))
    np.add.at(cross, blocks, r.d * r.y[:, None])
    without = positive(moments.sum(axis=0) - moments, _floor(r))
    apart = np.linalg.solve(without, (cross.sum(axis=0) - cross)[:, :, None])[:, :, 0] - theta
    return np.asarray((n - 1) / n * apart.T @ apart)


def _floor(r: Residuals) -> float:
    return LEAST_MOMENT * float((r.d**2).sum(axis=0).mean())


def _clustered(scores: FloatArray, cluster: IntArray) -> FloatArray:
    _, code = np.unique(cluster, return_inverse=True)
    groups = int(code.max()) + 1
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, code, scores)
    return np.asarray(sums.T @ sums * groups / max(groups - 1, 1))
