"""Partial pooling: a line's own effect, drawn towards its sector's as far as its own data are weak.

Between-line variance by the moment estimator of DerSimonian & Laird (1986, *Controlled Clinical Trials* 7), lever by lever;
then the normal–normal posterior mean for all levers of a line at once (Efron & Morris 1975). The sector's effects are themselves
drawn towards zero by how large levers' effects are at all in that sector: without it the best of many looks better than it is.
"""

from dataclasses import dataclass

import numpy as np

from models.effects.estimate import Pooled
from models.effects.links import FloatArray
from models.effects.residuals import Residuals


@dataclass(frozen=True)
class Lines:
    """Per enterprise: effects (E, J), their covariance (E, J, J), on the residuals' scale; `tau2` (J,), `omega2`."""

    theta: FloatArray
    covariance: FloatArray
    tau2: FloatArray
    omega2: float


def between_lines(r: Residuals, pooled: Pooled) -> FloatArray:
    """τ² (J,): how much the lever's effect differs between lines, beyond what sampling explains; 0 if nothing.

    Half the lever's own estimate, half the mean over levers: one lever's moments are too noisy to be believed alone.
    """
    rest = r.left(pooled.theta)[:, None] + r.d * pooled.theta
    power, cross, count = (_by_line(x, r) for x in (r.d**2, r.d * rest, (r.d != 0).astype(np.float64)))
    reliability = np.clip(pooled.reliability, 0.2, 1.0)
    own = cross / np.maximum(reliability * power, 1e-12)
    weight = np.where(count >= 6, reliability**2 * power / _row_variance(r, pooled), 0.0)
    total = np.maximum(weight.sum(axis=0), 1e-12)
    mean = (weight * own).sum(axis=0) / total
    q = (weight * (own - mean) ** 2).sum(axis=0)
    c = total - (weight**2).sum(axis=0) / total
    own_tau2 = np.maximum(0.0, (q - (weight > 0).sum(axis=0) + 1) / np.maximum(c, 1e-12))
    return np.asarray((own_tau2 + own_tau2.mean()) / 2)


def size_of_effects(pooled: Pooled) -> float:
    """ω²: mean square of the sector's true effects around zero, by moments; the prior variance of an effect."""
    weight = 1 / np.maximum(np.diag(pooled.covariance), 1e-12)
    q = float((weight * pooled.theta**2).sum())
    return max((q - len(weight)) / float(weight.sum()), 1e-6)


def shrunk_lines(r: Residuals, pooled: Pooled) -> Lines:
    """Posterior effects of every line of the sector, also of lines with no data of their own (they get the sector's)."""
    omega2, tau2 = size_of_effects(pooled), between_lines(r, pooled)
    centre, uncertainty = _towards_zero(pooled, omega2)
    prior = np.diag(1 / np.maximum(tau2, 1e-3 * omega2))
    precision, cross = _line_likelihood(r, pooled)
    covariance = np.linalg.inv(precision + prior)
    theta = np.einsum("ijk,ik->ij", covariance, cross + prior @ centre)
    pull = covariance @ prior
    return Lines(theta, covariance + pull @ uncertainty @ pull.transpose(0, 2, 1), tau2, omega2)


def _towards_zero(pooled: Pooled, omega2: float) -> tuple[FloatArray, FloatArray]:
    k = len(pooled.theta)
    gain = omega2 * np.linalg.inv(pooled.covariance + omega2 * np.eye(k))
    return gain @ pooled.theta, gain @ pooled.covariance


def _line_likelihood(r: Residuals, pooled: Pooled) -> tuple[FloatArray, FloatArray]:
    """Each line's precision (E, J, J) and precision × estimate (E, J), corrected for errors with the sector's reliability."""
    k = r.d.shape[1]
    outer = np.zeros((r.enterprises, k, k))
    np.add.at(outer, r.who, r.d[:, :, None] * r.d[:, None, :])
    diagonal = np.einsum("ijj->ij", outer)
    taken = diagonal * (1 - np.clip(pooled.reliability, 0.2, 1.0))
    diagonal -= taken
    variance = _row_variance(r, pooled)
    values, vectors = np.linalg.eigh(outer / variance[:, :, None])
    safe = (vectors * np.maximum(values, 0.0)[:, None, :]) @ vectors.transpose(0, 2, 1)
    return safe, _by_line(r.d * r.y[:, None], r) / variance


def _row_variance(r: Residuals, pooled: Pooled) -> FloatArray:
    """Residual variance per line (E, 1), half its own and half the sector's where a line has few rows."""
    left = r.left(pooled.theta)[:, None] ** 2
    sums, counts = _by_line(left, r), _by_line(np.ones_like(left), r)
    common = float(left.mean())
    return np.maximum((sums + 20 * common) / (counts + 20), 1e-12)


def _by_line(values: FloatArray, r: Residuals) -> FloatArray:
    sums = np.zeros((r.enterprises, values.shape[1]))
    np.add.at(sums, r.who, values)
    return sums
