"""What the past already says about an outcome or a lever: ridge regressions, fitted out of fold by blocks of
time.

Cross-fitting (Chernozhukov et al. 2018, *Econometrics Journal* 21) keeps a nuisance from having seen the row
it is used on. Here the folds are blocks of consecutive periods with a gap on both sides, because
neighbouring periods share shocks.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from models.effects.links import FloatArray
from models.effects.panel import IntArray

PENALTIES: Final = (1.0, 10.0, 100.0)


def out_of_fold(X: FloatArray, Z: FloatArray, t: IntArray, folds: int = 5, gap: int = 2) -> FloatArray:
    """Predictions (n, k) of every column of Z from X, each period predicted by models that saw neither it
    nor its neighbours.

    NaN in X counts as the column's mean; a row with NaN in Z is left out of that column's fits and still
    predicted. The penalty (on standardised X) is the one of `PENALTIES` with the least out-of-fold error,
    chosen per column.
    """
    design, answers = _scaled(X), np.zeros((len(PENALTIES), *Z.shape))
    blocks = [b for b in np.array_split(np.unique(t), folds) if b.size]
    for columns in _same_gaps(Z):
        for block in blocks:
            test = np.flatnonzero((t >= block[0]) & (t <= block[-1]))
            outside = (t < block[0] - gap) | (t > block[-1] + gap)
            train = np.flatnonzero(outside & np.isfinite(Z[:, columns[0]]))
            path = _ridge_path(design[train], Z[np.ix_(train, columns)], design[test])
            answers[np.ix_(np.arange(len(PENALTIES)), test, columns)] = path
    best = np.nansum((Z[None] - answers) ** 2, axis=1).argmin(axis=0)
    return np.asarray(answers[best, :, np.arange(Z.shape[1])].T)


def _scaled(X: FloatArray) -> FloatArray:
    counts = np.maximum(np.isfinite(X).sum(axis=0), 1)
    mean = np.nansum(X, axis=0) / counts
    spread = np.sqrt(np.nansum((X - mean) ** 2, axis=0) / counts)
    return np.asarray(np.nan_to_num((X - mean) / np.where(spread > 0, spread, 1.0)))


def _same_gaps(Z: FloatArray) -> Iterator[IntArray]:
    """Groups of columns that are missing in the same rows: one factorisation serves all of a group."""
    _, group = np.unique(np.isfinite(Z), axis=1, return_inverse=True)
    for g in range(int(group.max()) + 1 if group.size else 0):
        yield np.flatnonzero(group == g)


def _ridge_path(X: FloatArray, Z: FloatArray, at: FloatArray) -> FloatArray:
    """Ridge predictions (penalties, rows of `at`, k) with a free intercept; zero where nothing was there to
    learn from.
    """
    if not len(X):
        return np.zeros((len(PENALTIES), len(at), Z.shape[1]))
    centre, middle = X.mean(axis=0), Z.mean(axis=0)
    values, vectors = np.linalg.eigh((X - centre).T @ (X - centre))
    rotated, cross = (at - centre) @ vectors, vectors.T @ ((X - centre).T @ (Z - middle))
    shrunk = [rotated @ (cross / (np.maximum(values, 0) + penalty)[:, None]) for penalty in PENALTIES]
    return np.asarray(np.stack(shrunk) + middle)
