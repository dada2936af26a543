"""Partial pooling: a line's own effect, drawn towards its sector's as far as its own data are weak.

Between-line variance by the moment estimator of DerSimonian & Laird (1986, *Controlled Clinical Trials* 7),
treatment by treatment; then the normal–normal posterior mean for all of a line's at once (Efron & Morris
1975). The sector's effects are themselves drawn towards zero by how large effects are at all in that sector:
without it the best of many looks better than it is.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.estimate import Pooled, positive
from models.effects.links import FloatArray
from models.effects.residuals import Residuals

LEAST_BETWEEN: Final = 0.06
RELATIVE: Final = (0.09, 1.0)
ROWS_OF_SECTOR: Final = 20.0


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

    One treatment's moments are too noisy to be believed alone; lines differ in proportion to an effect's
    size (what touches one of four processes does a quarter), so half of it is that proportion, common to all
    treatments of a power.
    """
    rest = r.left(pooled.theta)[:, None] + r.d * pooled.theta
    power, cross, count = (_by_line(x, r) for x in (r.d**2, r.d * rest, (r.d != 0).astype(np.float64)))
    reliability = np.clip(pooled.reliability, 0.2, 1.0)
    own = cross / np.maximum(reliability * power, 1e-12)
    weight = np.where(count >= 6, reliability**2 * power / _row_variance(r, pooled), 0.0)
    total = np.maximum(weight.sum(axis=0), 1e-12)
    mean = (weight * own).sum(axis=0) / total
    q = (weight * (own - mean) ** 2).sum(axis=0)
    c = np.maximum(total - (weight**2).sum(axis=0) / total, 1e-12)
    tau2 = np.maximum(0.0, (q - (weight > 0).sum(axis=0) + 1) / c)
    size = np.maximum(pooled.theta**2 - np.diag(pooled.covariance), 0.0)
    relative = _mean_of_power(tau2, r) / np.maximum(_mean_of_power(size, r), 1e-12)
    like_size = np.clip(relative, *RELATIVE) * size
    return np.asarray(np.maximum(0.8 * tau2, (tau2 + like_size) / 2))


def size_of_effects(r: Residuals, pooled: Pooled) -> FloatArray:
    """ω² (K,): mean square of the sector's true effects around zero, by moments, one for slopes and one for
    curves.
    """
    weight = 1 / np.maximum(np.diag(pooled.covariance), 1e-12)
    q, count, total = (_mean_of_power(x, r) for x in (weight * pooled.theta**2, np.ones_like(weight), weight))
    return np.asarray(np.maximum((q - count) / total, 1e-6))


def shrunk_lines(r: Residuals, pooled: Pooled) -> Lines:
    """Posterior effects of every line of the sector, also of lines with no data of their own (they get the
    sector's).
    """
    omega2 = size_of_effects(r, pooled)
    tau2 = np.maximum(between_lines(r, pooled), LEAST_BETWEEN * omega2)
    centre, uncertainty = _towards_zero(pooled, omega2)
    prior = np.diag(1 / tau2)
    precision, cross = _line_likelihood(r, pooled)
    covariance = np.linalg.inv(precision + prior)
    theta = np.einsum("ijk,ik->ij", covariance, cross + prior @ centre)
    pull = covariance @ prior
    return Lines(theta, covariance + pull @ uncertainty @ pull.transpose(0, 2, 1), tau2, omega2)


def _mean_of_power(values: FloatArray, r: Residuals) -> FloatArray:
    power = r.treatments.power
    return np.asarray([values[power == p].mean() for p in power])


def _towards_zero(pooled: Pooled, omega2: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The sector's effects and their covariance after shrinkage, made wider for few clusters (Student's t
    against the normal).
    """
    few = stats.t.ppf(0.95, pooled.degrees) / stats.norm.ppf(0.95)
    gain = np.diag(omega2) @ np.linalg.inv(pooled.covariance + np.diag(omega2))
    return gain @ pooled.theta, few**2 * gain @ pooled.covariance


def _line_likelihood(r: Residuals, pooled: Pooled) -> tuple[FloatArray, FloatArray]:
    """Each line's precision (E, K, K) and precision × estimate (E, K), corrected for errors as the sector's
    were.
    """
    k = r.d.shape[1]
    moments = np.zeros((r.enterprises, k, k))
    believed = r.noise * np.outer(pooled.cap, pooled.cap)
    np.add.at(moments, r.who, r.d[:, :, None] * r.d[:, None, :] - believed)
    variance = _row_variance(r, pooled)
    return positive(moments, 0.0) / variance[:, :, None], _by_line(r.d * r.y[:, None], r) / variance


def _row_variance(r: Residuals, pooled: Pooled) -> FloatArray:
    """Residual variance per line (E, 1), drawn towards the sector's by as much as `ROWS_OF_SECTOR` rows."""
    left = r.left(pooled.theta)[:, None] ** 2
    sums, counts = _by_line(left, r), _by_line(np.ones_like(left), r)
    return np.maximum((sums + ROWS_OF_SECTOR * float(left.mean())) / (counts + ROWS_OF_SECTOR), 1e-12)


def _by_line(values: FloatArray, r: Residuals) -> FloatArray:
    sums = np.zeros((r.enterprises, values.shape[1]))
    np.add.at(sums, r.who, values)
    return sums
