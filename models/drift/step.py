"""The step in a short series: its least squares estimate and a statistic that allows for autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STRONGEST = 0.8
"""The strongest first-order autoregression at which false alarms are held."""
_AUTOREGRESSIONS = np.linspace(0.0, 0.95, 20)


@dataclass(frozen=True)
class Fit:
    """Least squares on a step: `contrast` (n) gives the step, `residual` (n × n) the residuals.

    `variance` of the step ÷ the residuals' sum of squares, by their lag-one autocorrelation `expected`.
    """

    contrast: Array
    residual: Array
    expected: Array
    variance: Array


def statistic(values: Array, fitted: Fit) -> Array:
    """Signed statistic of every row of series × months."""
    residuals = values @ fitted.residual
    squares = np.maximum(np.einsum("ij,ij->i", residuals, residuals), 1e-12)
    alike = np.einsum("ij,ij->i", residuals[:, 1:], residuals[:, :-1]) / squares
    error = np.sqrt(squares * np.interp(alike, fitted.expected, fitted.variance))
    return np.asarray((values @ fitted.contrast) / error)


@lru_cache(maxsize=256)
def fit(n: int, start: int, yearly: bool, whitened: bool) -> Fit:
    """A step from position `start` of n months on, beside a constant and, if asked, a yearly wave.

    `whitened` is generalised least squares for the strongest autoregression, else ordinary.
    """
    month = np.arange(n)
    columns = [np.ones(n), (month >= start).astype(np.float64)]
    if yearly:
        columns += [np.sin(month * np.pi / 6.0), np.cos(month * np.pi / 6.0)]
    design = np.column_stack(columns)
    return _generalised(design) if whitened else _plain(design)


def _plain(design: Array) -> Fit:
    """Ordinary least squares; the variance for autoregressions of rising strength."""
    solved = np.linalg.pinv(design)
    residual = np.eye(len(design)) - design @ solved
    expected, variance = [], []
    for strength in _AUTOREGRESSIONS:
        covariance = strength ** np.abs(np.subtract.outer(np.arange(len(design)), np.arange(len(design))))
        left = residual @ covariance @ residual
        expected.append(np.trace(left, offset=1) / np.trace(left))
        variance.append(solved[1] @ covariance @ solved[1] / np.trace(left))
    return Fit(solved[1], residual, np.array(expected), np.array(variance))


def _generalised(design: Array) -> Fit:
    """Least squares of x(t) − `STRONGEST` · x(t − 1) (Prais & Winsten 1954); the usual t-statistic."""
    white = np.eye(len(design)) - STRONGEST * np.eye(len(design), k=-1)
    white[0, 0] = np.sqrt(1.0 - STRONGEST**2)
    solved = np.linalg.pinv(white @ design)
    residual = white.T @ (np.eye(len(design)) - white @ design @ solved).T
    variance = solved[1] @ solved[1] / (len(design) - design.shape[1])
    return Fit(white.T @ solved[1], residual, np.array([-1.0, 1.0]), np.full(2, variance))
