"""How far residuals are from what they were in good running, beyond what stretches of good running show.

The divergence of a stretch with mean m and variance v (in units of good running) from N(0, 1) is
½(v + m² − 1 − ln v) nats per reading: the log-likelihood ratio of "its behaviour changed" divided by the
readings (Kullback & Leibler 1951). It sees a shift, a restless variable and a valve that sticks alike.
Because residuals are neither white nor normal, it is compared with the same figure of good stretches of
the same length, not with a χ² table.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from models.causes.surprise import Array, Surprise

FIRST: Final = 20
USUAL_QUANTILE: Final = 0.95
LEAST_VARIANCE: Final = 1e-3
"""A variance below this share of the usual one counts as this: still is still."""
LEAST_DIVERGENCE: Final = 1e-6
STRIDES: Final = 8
LEAST_STRIDE: Final = 5


def windows(readings: int) -> list[int]:
    """Lengths at which an episode is looked at: the first 20 readings, 40, 80, … and all of it.

    What came first is looked at most often: later readings show where the disturbance has been carried to.
    """
    found, length = list[int](), FIRST
    while length < readings:
        found.append(length)
        length *= 2
    return [*found, readings]


def divergence(mean: Array, variance: Array) -> Array:
    """Nats per reading between N(mean, variance) and N(0, 1)."""
    v = np.maximum(variance, LEAST_VARIANCE)
    return np.asarray(np.maximum(0.5 * (v + mean**2 - 1.0 - np.log(v)), LEAST_DIVERGENCE))


def stretches(residuals: Array, length: int) -> Array:
    """Divergences (S, J) of all stretches of `length` rows, an eighth of a length (at least five rows)
    apart.
    """
    sums, squares = (np.vstack([np.zeros((1, x.shape[1])), np.cumsum(x, axis=0)]) for x in _both(residuals))
    start = np.arange(0, len(residuals) - length + 1, max(LEAST_STRIDE, length // STRIDES))
    mean = (sums[start + length] - sums[start]) / length
    return divergence(mean, (squares[start + length] - squares[start]) / length - mean**2)


def _both(residuals: Array) -> tuple[Array, Array]:
    return residuals, residuals**2


def usual_divergence(residuals: Array, length: int) -> Array:
    """The divergence (J,) that one good stretch in twenty exceeds; of half the reference where an episode is
    longer than that.
    """
    shown = stretches(residuals, min(length, len(residuals) // 2))
    return np.asarray(np.quantile(shown, USUAL_QUANTILE, axis=0))


def excess(surprise: Surprise) -> Array:
    """Evidence (J,): ln(1 + divergence ÷ usual divergence), mean over the `windows` of the episode.

    0.7 is a stretch at the edge of what good running shows; every doubling of the ratio beyond adds 0.7.
    """
    return excess_over(surprise.now, edges(surprise.usual, len(surprise.now)))


def edges(usual: Array, readings: int) -> list[Array]:
    """The usual divergence (J,) of each of the `windows` of an episode."""
    return [usual_divergence(usual, length) for length in windows(readings)]


def excess_over(now: Array, usual: list[Array]) -> Array:
    """Evidence (J,) of an episode's residuals (m, J) over the `edges` of its windows."""
    found = []
    for length, edge in zip(windows(len(now)), usual, strict=True):
        part = now[:length]
        found.append(np.log1p(divergence(part.mean(axis=0), part.var(axis=0)) / edge))
    return np.asarray(np.mean(found, axis=0))
