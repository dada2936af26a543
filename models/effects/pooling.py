"""Partial pooling: a line's own effect, drawn towards its sector's as far as its own data are weak.

Between-line variance by the moment estimator of DerSimonian & Laird (1986, *Controlled Clinical Trials* 7),
column by column; then the normal–normal posterior mean for all of a line's at once (Efron & Morris
1975). The sector's effects are themselves drawn towards zero by how large effects are at all in that sector:
without it the best of many looks better than it is.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.estimate import Pooled, by_block
from models.effects.links import FloatArray
from models.effects.residuals import Residuals

LEAST_BETWEEN: Final = 0.01
RELATIVE: Final = (0.02, 1.0)
LEAST_ROWS: Final = 6
NEVER: Final = 1e-6


@dataclass(frozen=True)
class Lines:
    """Per enterprise: effects (E, K), their covariance (E, K, K); `tau2` (K,) between lines, `omega2` (K,)
    around zero.
    """

    theta: FloatArray
    covariance: FloatArray
    tau2: FloatArray
    omega2: FloatArray


def between_lines(r: Residuals, pooled: Pooled) -> FloatArray:
    """τ² (K,): how much an effect differs between lines, beyond what sampling explains.

    One column's moments are too noisy to be believed alone; lines differ in proportion to an effect's
    size, so half of it is that proportion, common to all columns of a kind.
    """
    squares, cross = by_block(r, r.who, r.enterprises)
    power = np.einsum("ekk->ek", squares)
    slope = pooled.theta + (cross - squares @ pooled.theta) / np.maximum(power, 1e-12)
    moved = _rows_moved(r)
    weight = np.where(moved >= LEAST_ROWS, power, 0.0)
    total = np.maximum(weight.sum(axis=0), 1e-12)
    mean = (weight * slope).sum(axis=0) / total
    q = (weight * (slope - mean) ** 2).sum(axis=0)
    c = np.maximum(total - (weight**2).sum(axis=0) / total, 1e-12)
    tau2 = np.maximum(0.0, (q - (weight > 0).sum(axis=0) + 1) / c)
    size = np.maximum(pooled.theta**2 - np.diag(pooled.covariance), 0.0)
    relative = _mean_of_kind(tau2, r) / np.maximum(_mean_of_kind(size, r), 1e-12)
    return np.asarray((tau2 + np.clip(relative, *RELATIVE) * size) / 2)


def _rows_moved(r: Residuals) -> FloatArray:
    moved = np.zeros((r.enterprises, r.d.shape[1]))
    np.add.at(moved, r.who, r.d != 0)
    return moved


def size_of_effects(r: Residuals, pooled: Pooled) -> FloatArray:
    """ω² (K,): mean square of the sector's true effects around zero, by moments, one for straight parts, one
    for curves, one for surroundings, one for products.
    """
    weight = 1 / np.maximum(np.diag(pooled.covariance), 1e-12)
    q, count, total = (_mean_of_kind(x, r) for x in (weight * pooled.theta**2, np.ones_like(weight), weight))
    return np.asarray(np.maximum((q - count) / total, 1e-6))


def shrunk_lines(r: Residuals, pooled: Pooled) -> Lines:
    """Posterior effects of every line of the sector, also of lines with no data of their own (they get the
    sector's). Surroundings keep the sector's effect everywhere: they are read with error, and a line alone
    cannot tell it from the rest.
    """
    omega2 = size_of_effects(r, pooled)
    tau2 = np.maximum(between_lines(r, pooled), LEAST_BETWEEN * omega2)
    tau2 = np.where(r.responses.lever < 0, NEVER * omega2, tau2)
    centre, uncertainty = _towards_zero(pooled, omega2)
    prior = np.diag(1 / tau2)
    precision, cross = by_block(r, r.who, r.enterprises)
    covariance = np.linalg.inv(precision + prior)
    theta = np.einsum("ijk,ik->ij", covariance, cross + prior @ centre)
    pull = covariance @ prior
    return Lines(theta, covariance + pull @ uncertainty @ pull.transpose(0, 2, 1), tau2, omega2)


def _mean_of_kind(values: FloatArray, r: Residuals) -> FloatArray:
    lever, bent = r.responses.lever, r.responses.bend > 0
    kind = np.where(lever < 0, 1 - lever, bent.astype(np.int64))
    return np.asarray([values[kind == k].mean() for k in kind])


def _towards_zero(pooled: Pooled, omega2: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The sector's effects and their covariance after shrinkage, made wider for few clusters (Student's t
    against the normal).
    """
    few = stats.t.ppf(0.95, pooled.degrees) / stats.norm.ppf(0.95)
    gain = np.diag(omega2) @ np.linalg.inv(pooled.covariance + np.diag(omega2))
    return gain @ pooled.theta, few**2 * gain @ pooled.covariance
