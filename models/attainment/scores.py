"""How good probabilities of ordered levels are, and the chain that they have to beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.results import LEVELS

Array = NDArray[np.float64]
Index = NDArray[np.int64]
STEPS = np.array(LEVELS[1:])
BINS = 10


def ranked_probability_score(at_least: Array, came: Index) -> Array:
    """n scores of n × 4 probabilities of level 2 … 5 or better: mean squared error over the levels.

    Epstein (1969), divided by the number of steps: 0 is perfect, 1 the worst.
    """
    return np.asarray(((at_least - (came[:, None] >= STEPS)) ** 2).mean(axis=1))


def calibration_error(chance: Array, happened: Array) -> float:
    """Expected calibration error: |mean chance − share that happened| over ten equal bins, by their size."""
    place = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    size = np.bincount(place, minlength=BINS)
    gap = np.bincount(place, chance - happened, minlength=BINS)
    return float(np.abs(gap).sum() / max(size.sum(), 1))


def transition_matrix(before: Index, after: Index) -> Array:
    """5 × 5 shares of levels a month later, by today's level; a level never seen stays."""
    counts = np.zeros((len(LEVELS), len(LEVELS)))
    np.add.at(counts, (before - 1, after - 1), 1.0)
    unseen = counts.sum(axis=1) == 0
    counts[unseen, unseen] = 1.0
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def markov_at_least(matrix: Array, now: Index, ahead: int) -> Array:
    """n × 4 probabilities of level 2 … 5 or better by a chain, so many months after the levels `now`."""
    later = np.linalg.matrix_power(matrix, ahead)[now - 1]
    return np.asarray(np.cumsum(later[:, ::-1], axis=1)[:, ::-1][:, 1:])
