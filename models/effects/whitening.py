"""What a series' own past already says, taken out: prediction errors of a step's yield and of what acts on
it.

A step's log failure rate has a level nobody knows, a state that lasts from period to period, noise of the
period, and the noise of counting. With V their covariance, the rows of the inverse Cholesky factor of V turn
a series into its one-step prediction errors, each from the past alone. The same rows turn the levers into the
part of them that the prediction errors can tell of. Nothing later than a period is ever used: a lever that
answers earlier quality, as levers do, is no cause of bias (sequential exogeneity; Arellano & Bond 1991, *Rev.
Econ. Stud.* 58; the state-space form is that of Harvey 1989, *Forecasting, Structural Time Series Models*).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize

from models.effects.links import FloatArray
from models.effects.panel import Flags

DIFFUSE: Final = 9.0
"""Variance of a series' own level: wide enough to know nothing of it."""

MOST_SERIES: Final = 60
ROUNDS: Final = 40


@dataclass(frozen=True)
class Noise:
    """`lasting`: standard deviation of the state that carries over with correlation `memory`; `passing`: that
    of a period alone, beside counting; log units.
    """

    memory: float = 0.85
    lasting: float = 0.25
    passing: float = 0.17

    @classmethod
    def of(cls, x: FloatArray) -> "Noise":
        """From free numbers, for a search."""
        return cls(float(1 / (1 + np.exp(-x[0]))), float(np.exp(x[1])), float(np.exp(x[2])))

    def free(self) -> FloatArray:
        """The free numbers of `of`."""
        return np.array([np.log(self.memory / (1 - self.memory)), np.log(self.lasting), np.log(self.passing)])


def roots(noise: Noise, counting: FloatArray, known: Flags) -> FloatArray:
    """Cholesky factors (S, T, T) of the series' covariances; an unknown period stands alone with variance
    one.
    """
    at = np.arange(known.shape[1])
    shared = DIFFUSE + noise.lasting**2 * noise.memory ** np.abs(at[:, None] - at)
    covariance = shared * known[:, :, None] * known[:, None, :]
    covariance[:, at, at] += np.where(known, counting + noise.passing**2, 1.0)
    return np.asarray(np.linalg.cholesky(covariance))


def whiteners(noise: Noise, counting: FloatArray, known: Flags) -> FloatArray:
    """Lower triangular (S, T, T) that make prediction errors of variance one; unknown rows are zero."""
    rows = np.linalg.inv(roots(noise, counting, known))
    return np.asarray(rows * known[:, :, None] * known[:, None, :])


def fit_noise(left: FloatArray, counting: FloatArray, known: Flags, start: Noise) -> Noise:
    """Maximum likelihood over what is `left` (S, T) of the series; of many series every n-th is enough."""
    some = slice(None, None, -(-len(left) // MOST_SERIES))
    left, counting, known = left[some], counting[some], known[some]
    at = np.arange(known.shape[1])

    def minus(x: FloatArray) -> float:
        factors = roots(Noise.of(x), counting, known)
        errors = np.linalg.solve(factors, left[:, :, None])[:, :, 0] * known
        scale = np.log(factors[:, at, at]) * known
        return float(0.5 * (errors**2).sum() + scale.sum())

    options = {"maxiter": ROUNDS, "xatol": 0.05, "fatol": 1.0}
    return Noise.of(optimize.minimize(minus, start.free(), method="Nelder-Mead", options=options).x)
