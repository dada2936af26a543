"""Ridge regression from sums of products, so that an expanding window costs one pass over the rows.

A penalty is a number of pseudo-rows ("strength") divided by the number of rows: what is learned from few rows
is held back more than what is learned from many, by the same prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from models.forecast.links import Array

PENALTIES: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
STRENGTHS: tuple[float, ...] = (300.0, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5)
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

    def __sub__(self, other: Sums) -> Sums:
        return Sums(
            self.n - other.n,
            self.x - other.x,
            self.y - other.y,
            self.xx - other.xx,
            self.xy - other.xy,
            self.yy - other.yy,
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


def predict(lines: Sequence[Line], x: Array) -> Array:
    """n × lines predictions in one product of matrices."""
    slopes = np.stack([line.coefficients for line in lines])
    return np.asarray(x @ slopes.T + np.array([line.intercept for line in lines]), dtype=np.float64)


def sums(x: Array, y: Array) -> Sums:
    """Sums over the rows with a known y."""
    known = np.isfinite(y)
    x, y = x[known], y[known]
    return Sums(float(len(y)), x.sum(axis=0), float(y.sum()), x.T @ x, x.T @ y, float(y @ y))


class Solver:
    """Ridge on columns standardised within some rows, for any number of penalties."""

    def __init__(self, rows: Sums, relief: Array | None = None) -> None:
        """`relief` scales the penalty of each column: an entity's own history is punished less than anything
        else, so that a strong penalty ends in a regression on own history and not in one number for all
        entities.
        """
        self.rows, self.relief = rows, 1.0 if relief is None else relief
        n = max(rows.n, 1.0)
        self.mean, level = rows.x / n, rows.y / n
        scatter = rows.xx / n - np.outer(self.mean, self.mean)
        scale = np.sqrt(np.maximum(np.diag(scatter), 0.0))
        self.live = scale > 1e-6
        self.safe = np.where(self.live, scale, 1.0)
        self.matrix = scatter / np.outer(self.safe, self.safe)
        self.matrix[~self.live, :] = self.matrix[:, ~self.live] = 0.0
        self.moment = np.where(self.live, (rows.xy / n - self.mean * level) / self.safe, 0.0)

    def line(self, penalty: float) -> Line:
        """The line of a penalty; its intercept is free. Too few rows: a zero line."""
        n, y = self.rows.n, self.rows.y
        if n < FEWEST_ROWS:
            return Line(np.zeros(len(self.mean)), y / (n + FEWEST_ROWS))
        matrix = self.matrix.copy()
        matrix[np.diag_indices(len(self.mean))] = 1.0 + penalty * self.relief
        factor = cho_factor(matrix, overwrite_a=True, check_finite=False)
        solved = cho_solve(factor, self.moment, check_finite=False)
        coefficients = np.where(self.live, solved / self.safe, 0.0)
        return Line(coefficients, float(y / n - coefficients @ self.mean))

    def lines(self) -> list[Line]:
        """A line for each of `STRENGTHS`."""
        return [self.line(strength / max(self.rows.n, 1.0)) for strength in STRENGTHS]


def solve(rows: Sums, penalty: float, relief: Array | None = None) -> Line:
    """One line: see `Solver`."""
    return Solver(rows, relief).line(penalty)


def choose_penalty(train: list[Sums], check: list[Sums], relief: Array | None = None) -> float:
    """The penalty with the least squared error on later rows, summed over some horizons."""
    pairs = [
        (Solver(a, relief), b) for a, b in zip(train, check, strict=True) if a.n >= FEWEST_ROWS and b.n > 0
    ]
    if not pairs:
        return PENALTIES[-1]
    errors = [sum(b.squared_error(a.line(penalty)) for a, b in pairs) for penalty in PENALTIES]
    return PENALTIES[int(np.argmin(errors))]
