"""The pooled effect of every lever at once: prediction error on prediction error, with robust covariance.

The final stage of the partially linear model (Robinson 1988; Chernozhukov et al. 2018, sect. 4): all levers
of the sector in one regression, so that levers that move together do not take each other's effect. The
covariance is by leaving out whole enterprises, plus what rows of one period share (Cameron, Gelbach & Miller
2011); where plants are few, long stretches of each stand for plants.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.links import FloatArray
from models.effects.panel import IntArray
from models.effects.residuals import Residuals

LEAST_BLOCKS: Final = 8
LEAST_MOMENT: Final = 0.002


@dataclass(frozen=True)
class Pooled:
    """Effects (K,) of the columns, their covariance (K, K) and its degrees of freedom."""

    theta: FloatArray
    covariance: FloatArray
    degrees: float

    def p_values(self) -> FloatArray:
        """Two-sided p-values (K,) against no effect, by Student's t with the clusters' degrees of freedom."""
        t = np.abs(self.theta) / np.sqrt(np.diag(self.covariance))
        return np.asarray(2 * stats.t.sf(t, self.degrees))


def moments(r: Residuals) -> FloatArray:
    """d'd (K, K) less the errors' share, with an eigenvalue nowhere under `LEAST_MOMENT` of their mean."""
    raw = r.d.T @ r.d - np.diag(r.noise.sum(axis=0))
    return positive(raw, _floor(raw))


def positive(matrices: FloatArray, least: float) -> FloatArray:
    """The nearest symmetric matrices (…, K, K) with no eigenvalue under `least`."""
    values, vectors = np.linalg.eigh(matrices)
    return np.asarray((vectors * np.maximum(values, least)[..., None, :]) @ np.swapaxes(vectors, -1, -2))


def pooled_effects(r: Residuals) -> Pooled:
    """The sector's effects; needs more rows than columns (the caller sees to that)."""
    inverse = np.linalg.inv(moments(r))
    theta = inverse @ (r.d.T @ r.y)
    scores = r.d * r.left(theta)[:, None] + r.noise * theta
    by_time, by_row = _clustered(scores, r.t), scores.T @ scores
    blocks = _blocks(r)
    shocks = positive(inverse @ (by_time - by_row) @ inverse, 0.0)
    covariance = positive(jackknife(r, theta, blocks) + shocks, 1e-12)
    return Pooled(theta, covariance, float(max(blocks.max(), 1)))


def _blocks(r: Residuals) -> IntArray:
    """What stands for independent evidence: plants, or where they are few, long stretches of each."""
    plants = len(np.unique(r.who))
    _, period = np.unique(r.t, return_inverse=True)
    stretches = -(-LEAST_BLOCKS // plants)
    stretch = period * stretches // (int(period.max()) + 1)
    _, block = np.unique(r.who * stretches + stretch, return_inverse=True)
    return np.asarray(block, dtype=np.int64)


def jackknife(r: Residuals, theta: FloatArray, blocks: IntArray) -> FloatArray:
    """Covariance (K, K) by leaving out one block at a time (CV3 of MacKinnon, Nielsen & Webb 2023, *J.
    Econometrics* 232).

    With a dozen plants and as many columns the usual clustered sandwich is far too small: each plant pulls
    the fit to itself.
    """
    n = int(blocks.max()) + 1
    squares, cross = by_block(r, blocks, n)
    squares = squares - errors_by_block(r, blocks, n)
    whole = squares.sum(axis=0)
    without = positive(whole - squares, _floor(whole))
    apart = np.linalg.solve(without, (cross.sum(axis=0) - cross)[:, :, None])[:, :, 0] - theta
    return np.asarray((n - 1) / n * apart.T @ apart)


def by_block(r: Residuals, blocks: IntArray, count: int) -> tuple[FloatArray, FloatArray]:
    """(d'd (count, K, K), d'y (count, K)) of each block's rows."""
    k = r.d.shape[1]
    squares, cross = np.zeros((count, k, k)), np.zeros((count, k))
    order = np.argsort(blocks, kind="stable")
    cuts = np.searchsorted(blocks[order], np.arange(count + 1))
    for b in range(count):
        rows = order[cuts[b] : cuts[b + 1]]
        squares[b] = r.d[rows].T @ r.d[rows]
        cross[b] = r.d[rows].T @ r.y[rows]
    return squares, cross


def errors_by_block(r: Residuals, blocks: IntArray, count: int) -> FloatArray:
    """(count, K, K) what the errors of the columns add to d'd of each block."""
    error = np.zeros((count, r.d.shape[1]))
    np.add.at(error, blocks, r.noise)
    return np.asarray(error[:, :, None] * np.eye(r.d.shape[1]))


def _floor(raw: FloatArray) -> float:
    return LEAST_MOMENT * float(np.trace(raw)) / len(raw) + 1e-9


def _clustered(scores: FloatArray, cluster: IntArray) -> FloatArray:
    _, code = np.unique(cluster, return_inverse=True)
    groups = int(code.max()) + 1
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, code, scores)
    return np.asarray(sums.T @ sums * groups / max(groups - 1, 1))
