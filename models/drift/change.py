"""One monthly series: do the months since training differ from those that the model was trained on?

The months of all plants share shocks and hang together in time, so a month is one observation and neighbours
are not independent. Two statistics look at it, each against simulated series in which nothing changes:

- **by rank**: the difference of the mean normal scores (van der Waerden 1952) by least squares, divided by
  the standard error that a first-order autoregression of the residuals implies (the parametric long-run
  variance of Andrews 1991, Econometrica 59, 817–858; the residuals' lag-one autocorrelation is read against
  what it is expected to be in so short a series). It finds lasting changes however months are distributed.
- **by size**: the t-statistic of the difference after generalised least squares for the strongest
  autoregression allowed. It finds what ranks cannot tell from a slow wander: a leap far beyond the usual.

Both have a yearly wave beside the step where two years were trained on, take the largest over all months
since training, their last half, last quarter …, and get their p-values from simulated autoregressions: the
largest over the coefficients 0 … `STRONGEST` and, by size, over normal and exponential shocks. The smaller of
the two p-values is doubled (Bonferroni). So the false-alarm rate holds in short series, not only in long
ones; it is not held where months hang together more strongly than `STRONGEST`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from models.drift.step import STRONGEST, Array, fit, statistic

COEFFICIENTS = (0.0, 0.2, 0.4, 0.6, STRONGEST)
SIMULATIONS = 20_000
FEWEST_BEFORE, FEWEST_SINCE = 9, 3
MOST_BEFORE, MOST_SINCE = 36, 24
YEARLY_FROM = 24  # trained months from which a yearly wave can be told from a change
SEED = 20260101


@dataclass(frozen=True)
class Changes:
    """One value per series: the largest studentised difference (above 0: later months are higher), its
    p-value, and where the later months start (position in the series).
    """

    statistic: Array
    p_value: Array
    start: NDArray[np.int64]


def changes(values: Array, before: int, side: int = 0, *, by_size: bool = True) -> Changes:
    """Test months `before` … n − 1 of series (series × months, all known) against the first `before`.

    `side` 1 looks for a rise only, −1 for a fall only, 0 for either. Too few months or a constant series:
    p-value 1. Series that count few things (a share of few plants) are tested by rank only: `by_size` False.
    """
    count, n = values.shape
    if before < FEWEST_BEFORE or n - before < FEWEST_SINCE:
        return Changes(np.zeros(count), np.ones(count), np.full(count, before))
    ranked = _largest(values, before, side, ranked=True)
    if not by_size:
        return ranked
    sized = _largest(values, before, side, ranked=False)
    sized.p_value[~_varied(values[:, :before])] = 1.0
    first = ranked.p_value <= sized.p_value
    return Changes(
        np.where(first, ranked.statistic, sized.statistic),
        np.minimum(2.0 * np.minimum(ranked.p_value, sized.p_value), 1.0),
        np.where(first, ranked.start, sized.start),
    )


def _varied(trained: Array) -> NDArray[np.bool_]:
    """Whether months mostly differ: a setting that hardly ever moves has no usual deviation to leap from."""
    different = np.diff(np.sort(trained, axis=1), axis=1) > 0
    return np.asarray(different.sum(axis=1) >= trained.shape[1] / 2)


def _largest(values: Array, before: int, side: int, *, ranked: bool) -> Changes:
    count, n = values.shape
    size, start = np.zeros(count), np.full(count, before)
    for direction in (1, -1) if side == 0 else (side,):
        for first in starts(before, n):
            shown = normal_scores(_ranks(values, first, direction)) if ranked else values
            found = direction * statistic(shown, fit(n, first, before >= YEARLY_FROM, not ranked))
            start = np.where(found > np.abs(size), first, start)
            size = np.where(found > np.abs(size), direction * found, size)
    return Changes(size, _p_values(np.abs(size), _null(before, n, side != 0, ranked)), start)


def starts(before: int, n: int) -> list[int]:
    """Where a change may begin: with the first month since training, their last half, last quarter, …"""
    found, window = [], n - before
    while window >= FEWEST_SINCE:
        found.append(n - window)
        window //= 2
    return found


def normal_scores(ranks: NDArray[np.int64]) -> Array:
    """Ranks 0 … n − 1 of series × n months as quantiles of the normal distribution."""
    return np.asarray(ndtri((ranks + 0.5) / ranks.shape[1]), dtype=np.float64)


def _ranks(values: Array, start: int, direction: int) -> NDArray[np.int64]:
    """Ranks; of equal values the later ones come first if a rise is looked for, last if a fall, so that they
    speak against a change.
    """
    n = values.shape[1]
    tie = np.broadcast_to((np.arange(n) >= start) == (direction < 0), values.shape)
    lot = np.broadcast_to(np.random.default_rng(SEED).permutation(n), values.shape)
    return np.lexsort((lot, tie, values), axis=1).argsort(axis=1)


def _p_values(sizes: Array, null: Array) -> Array:
    """The largest share of simulated statistics at least as large, over the coefficients (rows of `null`)."""
    below = np.min([np.searchsorted(row, sizes - 1e-9) for row in null], axis=0)
    above = null.shape[1] - below + 1
    return np.where(sizes > 0.0, above / (null.shape[1] + 1), 1.0)


@lru_cache(maxsize=64)
def _null(before: int, n: int, one_sided: bool, ranked: bool) -> Array:
    """Kinds of series × simulations, sorted: the statistic where nothing has changed."""
    fits = [fit(n, start, before >= YEARLY_FROM, not ranked) for start in starts(before, n)]
    rows = []
    for coefficient in COEFFICIENTS:
        for shocks in _shocks(n, ranked):
            series = autoregression(shocks, coefficient)
            shown = normal_scores(series.argsort(axis=1).argsort(axis=1)) if ranked else series
            sizes = np.array([statistic(shown, fitted) for fitted in fits])
            # One-sided, a skewed series may be either way round.
            rows += [sizes.max(axis=0), (-sizes).max(axis=0)] if one_sided else [np.abs(sizes).max(axis=0)]
    return np.sort(np.stack(rows), axis=1)


def _shocks(n: int, ranked: bool) -> Iterator[Array]:
    """Normal, and unless only ranks count exponential, of mean 0 and variance 1."""
    rng = np.random.default_rng(SEED)
    yield rng.standard_normal((SIMULATIONS, n))
    if not ranked:
        yield rng.standard_exponential((SIMULATIONS, n)) - 1.0


def autoregression(shocks: Array, coefficient: float) -> Array:
    """Series × months x(t) = coefficient · x(t − 1) + shock, as spread at the start as later on."""
    out = shocks.copy()
    for t in range(1, shocks.shape[1]):
        out[:, t] = coefficient * out[:, t - 1] + np.sqrt(1.0 - coefficient**2) * shocks[:, t]
    return out
