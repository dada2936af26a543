"""Attempts to break an effect before anybody acts on it.

Three refuters (Sharma & Kiciman 2020, arXiv 2011.04216): a placebo treatment (each line's levers shifted in time by a random
amount must have no such effect), a random common cause (an invented persistent control must not move the effect), and random
halves of lines and eras (the sign must stay). They cannot prove that nothing unmeasured is at work: for that there is the
robustness value.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.estimate import Pooled, corrected_moments
from models.effects.links import FloatArray
from models.effects.nuisance import IntArray
from models.effects.residuals import Residuals

DRAWS: Final = 99
CAUSES: Final = 5
ERAS: Final = 3


@dataclass(frozen=True)
class Refuters:
    """Per lever (J,): `placebo` share of placebo effects at least as large; `random_cause` largest move in standard errors;
    `same_sign` share of random halves of the data with the effect's sign."""

    placebo: FloatArray
    random_cause: FloatArray
    same_sign: FloatArray


def refute(r: Residuals, pooled: Pooled, seed: int = 0) -> Refuters:
    """Runs the three refuters on the pooled effects; deterministic for a seed."""
    rng = np.random.default_rng(seed)
    inverse = np.linalg.inv(corrected_moments(r)[0])
    return Refuters(
        placebo=_placebo(r, pooled.theta, inverse, rng),
        random_cause=_random_cause(r, pooled, inverse, rng),
        same_sign=_same_sign(r, pooled.theta, rng),
    )


def _placebo(r: Residuals, theta: FloatArray, inverse: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A circular shift within each line keeps the levers' own moments, so only the cross moment has to be taken again."""
    first, count = _spans(r.who)
    position = np.arange(len(r.y)) - first[r.who]
    exceeded = np.ones(len(theta))
    for _ in range(DRAWS):
        offset = rng.integers(1, np.maximum(count, 2))
        shifted = first[r.who] + (position + offset[r.who]) % np.maximum(count, 1)[r.who]
        exceeded += np.abs(inverse @ (r.d[shifted].T @ r.y)) >= np.abs(theta)
    return exceeded / (DRAWS + 1)


def _spans(who: IntArray) -> tuple[IntArray, IntArray]:
    count = np.bincount(who)
    return np.concatenate([[0], np.cumsum(count)[:-1]]), count


def _random_cause(r: Residuals, pooled: Pooled, inverse: FloatArray, rng: np.random.Generator) -> FloatArray:
    error = np.sqrt(np.diag(pooled.covariance))
    largest = np.zeros(len(error))
    for _ in range(CAUSES):
        walk = np.cumsum(rng.standard_normal(len(r.y)))
        cause = (walk - walk.mean()) / np.linalg.norm(walk - walk.mean())
        y, d = r.y - cause * (cause @ r.y), r.d - np.outer(cause, cause @ r.d)
        taken = r.d.T @ r.d - d.T @ d
        theta = np.linalg.solve(np.linalg.inv(inverse) - taken, d.T @ y)
        largest = np.maximum(largest, np.abs(theta - pooled.theta) / error)
    return largest


def _same_sign(r: Residuals, theta: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Moments by line and era are added up for random halves."""
    moments, cross = _blocks(r)
    agreed = np.zeros(len(theta))
    for _ in range(DRAWS):
        half = rng.random(len(moments)) < 0.5
        inside = moments[half].sum(axis=0) + 1e-6 * np.trace(moments.sum(axis=0)) * np.eye(len(theta))
        agreed += np.sign(np.linalg.solve(inside, cross[half].sum(axis=0))) == np.sign(theta)
    return agreed / DRAWS


def _blocks(r: Residuals) -> tuple[FloatArray, FloatArray]:
    _, period = np.unique(r.t, return_inverse=True)
    era = period * ERAS // (int(period.max()) + 1)
    _, block = np.unique(r.who * ERAS + era, return_inverse=True)
    k, blocks = r.d.shape[1], int(block.max()) + 1
    moments, cross = np.zeros((blocks, k, k)), np.zeros((blocks, k))
    np.add.at(moments, block, r.d[:, :, None] * r.d[:, None, :])
    np.add.at(cross, block, r.d * r.y[:, None])
    return moments, cross
