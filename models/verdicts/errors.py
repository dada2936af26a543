"""How an indicator moves by itself: the covariance of a line's months, learned from all like lines.

One short series cannot tell a slow wander from a shift (its autoregression is estimated far too small, which
is why plain interrupted time series sees effects everywhere). The shape is therefore estimated over all like
lines together, by restricted likelihood with each line's own scale profiled out; only the scale is a line's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.effects.links import FloatArray

UNSEEN: Final = 1e6
"""Variance given to a period without a value: as good as leaving it out."""
SLOPE_PERIODS: Final = 36.0
START: Final = np.array([1.5, -0.5, -2.0, -3.0])
WIDEST: Final = 8.0
PRIOR_SD: Final = 1.5
LEAST: Final = 8
"""Known periods that a line needs to be heard on the shape."""
MOST: Final = 30
"""Lines that are heard, evenly over all: the shape of more is the same and takes longer."""


@dataclass(frozen=True)
class Shape:
    """Covariance up to a scale: an AR(1) of variance 1, noise, a yearly wave and a slope.

    `phi` autocorrelation from one period to the next; `noise`, `season`, `slope` variances relative to the
    AR(1)'s; `year` periods in a year.
    """

    phi: float
    noise: float
    season: float
    slope: float
    year: float = 12.0

    def covariance(self, t: FloatArray) -> FloatArray:
        """(n, n) covariance of the periods `t`."""
        gap = np.abs(t[:, None] - t[None, :])
        wave = self.season * np.cos(2 * np.pi * gap / self.year)
        away = (t - t.mean()) / SLOPE_PERIODS
        lean = self.slope * np.outer(away, away)
        return np.asarray(self.phi**gap + wave + lean + self.noise * np.eye(len(t)))


def fit_shape(values: FloatArray, year: float = 12.0) -> Shape:
    """The shape that like lines (N, T; NaN unknown) share, by restricted maximum likelihood.

    A weak prior (normal on the logits and logs, sd 1.5) keeps it sane where lines are few.
    """
    heard = values[np.isfinite(values).sum(axis=1) >= LEAST]
    if not len(heard):
        return _shape(START, year)
    heard = heard[:: -(-len(heard) // MOST)]
    t = np.arange(values.shape[1], dtype=float)
    known = np.isfinite(heard)

    def badness(x: FloatArray) -> float:
        prior = 0.5 * float(np.sum(((x - START) / PRIOR_SD) ** 2))
        return prior + _deviance(_shape(x, year).covariance(t), heard, known)

    found = minimize(
        badness, START, method="L-BFGS-B", bounds=[(-WIDEST, WIDEST)] * 4, options={"maxiter": 30}
    )
    return _shape(found.x, year)


def _shape(x: FloatArray, year: float) -> Shape:
    noise, season, slope = np.exp(x[1:])
    return Shape(float(1 / (1 + np.exp(-x[0]))), float(noise), float(season), float(slope), year)


def _deviance(covariance: FloatArray, values: FloatArray, known: npt.NDArray[np.bool_]) -> float:
    """Minus the restricted log-likelihood over lines, each with its own level and scale."""
    missing = (~known).astype(float)
    stacked = covariance[None] + UNSEEN * missing[:, :, None] * np.eye(known.shape[1])
    root = np.linalg.cholesky(stacked)
    both = np.stack([np.where(known, values, 0.0), known.astype(float)], axis=2)
    white = np.linalg.solve(root, both)
    y, one = white[..., 0], white[..., 1]
    power, cross, square = (one * one).sum(1), (one * y).sum(1), (y * y).sum(1)
    rest = np.maximum(square - cross**2 / power, 1e-12)
    free = known.sum(1) - 1
    logs = np.log(np.einsum("ntt->nt", root)).sum(1) - 0.5 * np.log(UNSEEN) * missing.sum(1)
    return float(np.sum(logs + 0.5 * np.log(power) + 0.5 * free * np.log(rest / free)))
