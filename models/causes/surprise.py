"""One step ahead, twice: what a variable's own past, and what everybody's past, leaves unexplained.

A disturbance enters somewhere, and controllers, recycles and material carry it everywhere. What tells the
place of entry from the places it was carried to is not the size of the shift but whose *mechanism* broke:
given the past of all other variables, a variable that only follows behaves as ever (the modularity of causal
mechanisms; Pearl 2009, sect. 1.3; Peters, Bühlmann & Meinshausen 2016, *JRSS B* 78). Sampled data blur that,
because a variable also answers within one step, so the own past is asked as well: a variable that has not
moved against its own past is no suspect, whatever a regression on fifty others says.

Residuals of the reference stretch are out of fold (blocks of time), so that a model which has learnt
its reference by heart is not surprised by every new reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LAGS: Final = 5
FOLDS: Final = 5
PENALTIES: Final = (10.0, 100.0, 1000.0)
OWN_PENALTY: Final = (1.0,)
LEAST_SPREAD: Final = 1e-6
"""Share of a variable's size below which its spread is rounding: a constant gets this, not zero."""


@dataclass(frozen=True)
class Surprise:
    """Standardised residuals of one kind of prediction: `usual` (n, J) of the reference, out of fold, and
    `now` (m, J) of the episode; both in standard deviations of `usual`.
    """

    usual: Array
    now: Array


@dataclass(frozen=True)
class Levels:
    """Reference (n, J) and episode (m, J) in standard deviations of the reference, with `before` (LAGS, J),
    the readings just before the episode.
    """

    reference: Array
    episode: Array
    before: Array


def standardised(reference: Array, episode: Array, before: Array | None) -> Levels:
    """Readings (rows in order of time, no NaN) as levels; without `before` the episode gives up its first
    `LAGS` rows as history.
    """
    mean = reference.mean(axis=0)
    spread = np.maximum(reference.std(axis=0), LEAST_SPREAD * np.maximum(np.abs(mean), 1.0))
    if before is None or len(before) < LAGS:
        before, episode = episode[:LAGS], episode[LAGS:]
    scaled = [(x - mean) / spread for x in (reference, episode, before[-LAGS:])]
    return Levels(*scaled)


def against_own_past(levels: Levels) -> Surprise:
    """Every variable predicted from its own last `LAGS` readings."""
    columns = range(levels.reference.shape[1])
    found = [_surprise(_only(levels, [j]), _only(levels, [j]), OWN_PENALTY) for j in columns]
    return Surprise(np.hstack([f.usual for f in found]), np.hstack([f.now for f in found]))


def against_all_past(levels: Levels, predictors: NDArray[np.bool_]) -> Surprise:
    """Every variable predicted from the last `LAGS` readings of all `predictors` (J,), itself included if it
    is one: ridge, its penalty chosen out of fold for each variable.
    """
    return _surprise(_only(levels, np.flatnonzero(predictors).tolist()), levels, PENALTIES)


def _only(levels: Levels, columns: list[int]) -> Levels:
    return Levels(levels.reference[:, columns], levels.episode[:, columns], levels.before[:, columns])


def _surprise(causes: Levels, answers: Levels, penalties: tuple[float, ...]) -> Surprise:
    X, Y = _past(causes.reference), answers.reference[LAGS:]
    folds = _out_of_fold(X, Y, penalties)
    best = ((Y - folds) ** 2).sum(axis=1).argmin(axis=0)
    usual = Y - folds[best, :, np.arange(Y.shape[1])].T
    fitted = _ridge(X, Y, _past(np.vstack([causes.before, causes.episode])), penalties)
    now = answers.episode - fitted[best, :, np.arange(Y.shape[1])].T
    spread = np.maximum(usual.std(axis=0), LEAST_SPREAD)
    return Surprise(usual / spread, now / spread)


def _past(rows: Array) -> Array:
    """(T − LAGS, J · LAGS): beside each row from the sixth on, the five before it."""
    return np.hstack([rows[LAGS - lag : len(rows) - lag] for lag in range(1, LAGS + 1)])


def _out_of_fold(X: Array, Y: Array, penalties: tuple[float, ...]) -> Array:
    answers = np.zeros((len(penalties), *Y.shape))
    for block in np.array_split(np.arange(len(X)), FOLDS):
        near = slice(max(block[0] - LAGS, 0), block[-1] + 1 + LAGS)
        train = np.delete(np.arange(len(X)), near)
        answers[:, block] = _ridge(X[train], Y[train], X[block], penalties)
    return answers


def _ridge(X: Array, Y: Array, at: Array, penalties: tuple[float, ...]) -> Array:
    """Ridge predictions (penalties, rows of `at`, J); levels are centred on the reference already."""
    values, vectors = np.linalg.eigh(X.T @ X)
    cross, rotated = vectors.T @ (X.T @ Y), at @ vectors
    return np.stack([rotated @ (cross / (np.maximum(values, 0.0) + p)[:, None]) for p in penalties])
