"""Ridge regression from sums of products, so that an expanding window costs one pass over the rows.

For each horizon the rows are cut into blocks of target time; each block's sums are added to the ones before
it, and every refit of a rolling-origin backtest is a solve. The penalty is chosen on the block after the
fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from models.forecast.links import Array

PENALTIES: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
FEWEST_ROWS = 20


@dataclass(frozen=True)
class Sums:
    """Σ1, Σx, Σy, Σxxᵀ, Σxy, Σyy of some rows."""

    n: float
    x: Array
    y: float
    xx: Array
    xy: Array
    yy: float

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.n + other.n,
            self.x + other.x,
            self.y + other.y,
            self.xx + other.xx,
            self.xy + other.xy,
            self.yy + other.yy,
        )

    def squared_error(self, line: Line) -> float:
        """Σ(y − xβ − c)² of a fitted line over these rows."""
        b, c = line.coefficients, line.intercept
        fit = b @ self.xx @ b + 2 * c * (b @ self.x) + c * c * self.n
        return float(self.yy - 2 * (b @ self.xy + c * self.y) + fit)


@dataclass(frozen=True)
class Line:
    """A linear predictor xβ + c."""

    coefficients: Array
    intercept: float

    def predict(self, x: Array) -> Array:
        """n predictions."""
        return np.asarray(x @ self.coefficients + self.intercept, dtype=np.float64)


def sums(x: Array, y: Array) -> Sums:
    """Sums over the rows with a known y."""
    known = np.isfinite(y)
    x, y = x[known], y[known]
    return Sums(float(len(y)), x.sum(axis=0), float(y.sum()), x.T @ x, x.T @ y, float(y @ y))


def solve(rows: Sums, penalty: float, relief: Array | None = None) -> Line:
    """Ridge on columns standardised within these rows; the intercept is free. Too few rows: a zero line.

    `relief` scales the penalty of each column: an entity's own history is punished less than anything else,
    so that a strong penalty ends in a regression on own history and not in one number for all entities.
    """
    width = len(rows.x)
    if rows.n < FEWEST_ROWS:
        return Line(np.zeros(width), rows.y / (rows.n + FEWEST_ROWS))
    mean = rows.x / rows.n
    scatter = rows.xx / rows.n - np.outer(mean, mean)
    scale = np.sqrt(np.maximum(np.diag(scatter), 0.0))
    live = scale > 1e-6
    safe = np.where(live, scale, 1.0)
    matrix = scatter / np.outer(safe, safe)
    matrix[~live, :] = matrix[:, ~live] = 0.0
    matrix[np.diag_indices(width)] = 1.0 + penalty * (1.0 if relief is None else relief)
    moment = np.where(live, (rows.xy / rows.n - mean * rows.y / rows.n) / safe, 0.0)
    coefficients = np.where(live, cho_solve(cho_factor(matrix), moment) / safe, 0.0)
    return Line(coefficients, float(rows.y / rows.n - coefficients @ mean))


def choose_penalty(train: list[Sums], check: list[Sums], relief: Array | None = None) -> float:
    """The penalty with the least squared error on later rows, summed over some horizons."""
    pairs = [(a, b) for a, b in zip(train, check, strict=True) if a.n >= FEWEST_ROWS and b.n > 0]
    if not pairs:
        return PENALTIES[-1]
    errors = [sum(b.squared_error(solve(a, penalty, relief)) for a, b in pairs) for penalty in PENALTIES]
    return PENALTIES[int(np.argmin(errors))]
