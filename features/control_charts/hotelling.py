"""Hotelling's T²: one chart for several characteristics that are measured together.

Source: Montgomery, chapter 11; Tracy, Young and Mason (1992), Journal of Quality Technology 24(2), for single
observations. Limits and the level (1 − 0.0027)ᵖ as in R's qcc 2.7 (mqcc).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, fdtri, gammaincinv

from features.capability.constants import Floats
from features.capability.samples import Flags
from features.control_charts.lines import Lines, WidthError
from features.control_charts.series import Series

FALSE_ALARM = 0.0027
"""Share of points beyond three standard errors on both sides of a normal chart."""


@dataclass(frozen=True)
class Normal:
    """Centre (p) and covariance matrix (p × p) of single observations; `known` if given and not estimated."""

    centre: Floats
    covariance: Floats
    known: bool = False


@dataclass(frozen=True)
class Hotelling:
    """T² of trial points, then of new ones, with the limits of both phases.

    `control` is the limit for the points that the estimate rests on (phase I), `prediction` for new ones
    (phase II); `lines` holds each point against its own. NaN where the covariance cannot be inverted.
    """

    lines: Lines
    standard: Normal
    control: float
    prediction: float
    confidence: float


@np.errstate(all="ignore")
def hotelling(
    trial: Floats, new: Floats | None = None, given: Normal | None = None, confidence: float | None = None
) -> Hotelling:
    """Chart observations (points × p), or subgroups of n of them (points × n × p).

    A point with a missing value has no T² and does not count for the estimate. With a `given` standard both
    limits are the χ² quantile with p degrees of freedom.
    """
    trial = np.asarray(trial, dtype=np.float64)
    variables = trial.shape[-1]
    level = (1 - FALSE_ALARM) ** variables if confidence is None else confidence
    if not 0 < level < 1:
        raise WidthError(f"confidence: found {confidence}; allowed is a number between 0 and 1")
    complete = trial[_complete(trial)]
    standard = given or _estimate(complete)
    control, prediction = _limits(complete.shape, level, known=standard.known)
    parts = [trial] if new is None else [trial, np.asarray(new, dtype=np.float64)]
    statistic = np.concatenate([_statistic(part, standard) for part in parts])
    limit = np.concatenate([np.full(len(trial), control), np.full(len(statistic) - len(trial), prediction)])
    if not np.isfinite(statistic).any():
        limit = np.full(len(statistic), np.nan)
    none = np.full(len(statistic), np.nan)
    lines = Lines(Series.of(statistic), none, np.where(np.isfinite(limit), 0.0, np.nan), limit, none)
    return Hotelling(lines, standard, control, prediction, level)


def _complete(values: Floats) -> Flags:
    return np.asarray(np.isfinite(values).all(axis=tuple(range(1, values.ndim))), dtype=bool)


def _estimate(values: Floats) -> Normal:
    """Covariance of all values, or pooled within subgroups."""
    variables = values.shape[-1]
    flat = values.reshape(-1, variables)
    if not len(flat):
        return Normal(np.full(variables, np.nan), np.full((variables, variables), np.nan))
    centre = flat.mean(axis=0)
    inner = flat - centre if values.ndim == 2 else (values - values.mean(axis=1, keepdims=True))
    inner = inner.reshape(-1, variables)
    freedom = len(values) - 1 if values.ndim == 2 else len(values) * (values.shape[1] - 1)
    return Normal(centre, inner.T @ inner / freedom)


def _statistic(values: Floats, standard: Normal) -> Floats:
    size = 1 if values.ndim == 2 else values.shape[1]
    away = (values if values.ndim == 2 else values.mean(axis=1)) - standard.centre
    scale = np.sqrt(np.diag(standard.covariance))
    correlation = standard.covariance / np.outer(scale, scale) if (scale > 0).all() else None
    if correlation is None or not np.isfinite(correlation).all():
        return np.full(len(values), np.nan)
    if np.linalg.matrix_rank(correlation, hermitian=True) < len(scale):
        return np.full(len(values), np.nan)
    away = away / scale
    return np.asarray(size * np.einsum("ij,ij->i", away, np.linalg.solve(correlation, away.T).T))


def _limits(shape: tuple[int, ...], level: float, *, known: bool) -> tuple[float, float]:
    """Return the limits of phase I and phase II; NaN where there are too few points."""
    m, variables = shape[0], shape[-1]
    if known:
        limit = 2 * float(gammaincinv(variables / 2, level))
        return limit, limit
    if len(shape) == 2:
        if m <= variables + 1:
            return np.nan, np.nan
        first = (m - 1) ** 2 / m * float(betaincinv(variables / 2, (m - variables - 1) / 2, level))
        quantile = float(fdtri(variables, m - variables, level))
        return first, variables * (m + 1) * (m - 1) / (m * (m - variables)) * quantile
    size = shape[1]
    freedom = m * size - m - variables + 1
    if freedom <= 0:
        return np.nan, np.nan
    share = variables * (size - 1) / freedom * float(fdtri(variables, freedom, level))
    return (m - 1) * share, (m + 1) * share
