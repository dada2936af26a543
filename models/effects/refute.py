"""Attempts to break an effect before anybody acts on it.

Three refuters (Sharma & Kiciman 2020, arXiv 2011.04216): a placebo treatment (each line's levers shifted in
time by a random amount must have no such effect), a random common cause (an invented persistent control must
not move the effect), and random halves of lines and eras (the sign must stay). They cannot prove that
nothing unmeasured is at work: for that there is the robustness value.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.estimate import Pooled, by_block, errors_by_block, moments, positive
from models.effects.links import FloatArray
from models.effects.panel import IntArray
from models.effects.residuals import Residuals

DRAWS: Final = 99
CAUSES: Final = 5
ERAS: Final = 3


@dataclass(frozen=True)
class Refuters:
    """Effects (draws, K) under each attempt, beside the sector's `theta` (K,) and its `covariance` (K, K).

    Kept as draws, so that any move of any lever can be judged by its own contrast.
    """

    theta: FloatArray
    covariance: FloatArray
    placebo: FloatArray
    random_cause: FloatArray
    halves: FloatArray

    def verdict(self, contrast: FloatArray) -> dict[str, float]:
        """`placebo_p`: share of placebo effects at least as large; `random_cause`: largest move in standard
        errors; `same_sign`: share of random halves of the data that agree on the sign; `t`: the effect over
        its standard error."""
        effect = float(contrast @ self.theta)
        error = max(float(np.sqrt(contrast @ self.covariance @ contrast)), 1e-12)
        beyond = np.abs(self.placebo @ contrast) >= abs(effect)
        return {
            "t": effect / error,
            "placebo_p": float((1 + beyond.sum()) / (1 + len(beyond))),
            "random_cause": float(np.abs(self.random_cause @ contrast - effect).max() / error),
            "same_sign": float((np.sign(self.halves @ contrast) == np.sign(effect)).mean()),
        }


def refute(r: Residuals, pooled: Pooled, seed: int = 0) -> Refuters:
    """Runs the three refuters on the pooled effects; deterministic for a seed."""
    rng = np.random.default_rng(seed)
    squares = moments(r)
    return Refuters(
        theta=pooled.theta,
        covariance=pooled.covariance,
        placebo=_placebo(r, np.asarray(np.linalg.inv(squares), dtype=np.float64), rng),
        random_cause=_random_cause(r, squares, rng),
        halves=_halves(r, rng),
    )


def _placebo(r: Residuals, inverse: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A circular shift within each series keeps the levers' own moments, so only the cross moment has to be
    taken again.
    """
    first, count = _spans(r.series)
    position = np.arange(len(r.y)) - first[r.series]
    draws = []
    for _ in range(DRAWS):
        offset = rng.integers(1, np.maximum(count, 2))
        shifted = first[r.series] + (position + offset[r.series]) % np.maximum(count, 1)[r.series]
        draws.append(inverse @ (r.d[shifted].T @ r.y))
    return np.array(draws)


def _spans(series: IntArray) -> tuple[IntArray, IntArray]:
    count = np.bincount(series)
    return np.concatenate([[0], np.cumsum(count)[:-1]]), count


def _random_cause(r: Residuals, squares: FloatArray, rng: np.random.Generator) -> FloatArray:
    draws = []
    for _ in range(CAUSES):
        walk = np.cumsum(rng.standard_normal(len(r.y)))
        cause = (walk - walk.mean()) / np.linalg.norm(walk - walk.mean())
        taken, cross = cause @ r.d, r.d.T @ r.y - (cause @ r.d) * (cause @ r.y)
        draws.append(np.linalg.solve(squares - np.outer(taken, taken), cross))
    return np.array(draws)


def _halves(r: Residuals, rng: np.random.Generator) -> FloatArray:
    """Moments by line and era, added up for random halves of those blocks."""
    squares, cross = _blocks(r)
    steady = 0.02 * float(np.trace(squares.sum(axis=0))) / cross.shape[1]
    draws = []
    for _ in range(DRAWS):
        half = rng.random(len(squares)) < 0.5
        draws.append(np.linalg.solve(positive(squares[half].sum(axis=0), steady), cross[half].sum(axis=0)))
    return np.array(draws)


def _blocks(r: Residuals) -> tuple[FloatArray, FloatArray]:
    _, period = np.unique(r.t, return_inverse=True)
    era = period * ERAS // (int(period.max()) + 1)
    _, block = np.unique(r.who * ERAS + era, return_inverse=True)
    blocks, count = np.asarray(block, dtype=np.int64), int(block.max()) + 1
    squares, cross = by_block(r, blocks, count)
    return squares - errors_by_block(r, blocks, count), cross
