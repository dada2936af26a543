"""Two p-values for every chart: does its latest month come from the process of the months before it?

Run rules themselves are no test: on stable data of 100 points three charts of four signal. They say *where*
to look; these say *whether*, and both look at the months before as they were:

- **apart**: does a point stand apart further than a heavy tail would throw it? The spacings of the extremes
  (`capability.outliers`) over all points, times the month's share of them: of exchangeable points the
  outermost is as likely to be any.
- **shift**: does the month as a whole lie elsewhere? The mean of its points against the months before, by how
  much *those* differ from each other (Student's t): lots, shifts of people and shared shocks that make months
  differ anyway are no news. A dozen months say little about that, so the charts of a kind lend each other
  strength: their variances are shrunk together as Smyth (2004, Statistical Applications in Genetics and
  Molecular Biology 3, 3) does with genes, but never below a chart's own.

The t statistic is read as if months hung together like a first-order autoregression of `WANDER`: its standard
error is that of predicting the next month, its degrees of freedom those that are left.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, digamma, ndtri, polygamma, stdtr

from features.capability.constants import Floats, Ints
from features.capability.outliers import FEWEST, p_apart
from features.capability.ranks import ranked
from features.capability.samples import Flags, Samples

FEWEST_MONTHS = 6
"""Months before that must have points: fewer do not say how months differ."""
WANDER = 0.4
"""Autocorrelation of monthly means that is allowed for."""
FURTHEST = 5.0
"""Standard deviations beyond which a point counts no more for the mean of its month: `apart` looks at it."""
FEWEST_ALIKE, MOST_LENT = 8, 60.0
"""Charts of a kind that can lend each other strength, and the most degrees of freedom that they lend."""


SMALLEST_TAIL = 1e-300
"""A probability below which a score goes no further: 37 standard deviations."""


class News(NamedTuple):
    """A p-value per chart, NaN where it cannot be tested; `up`: the month lies higher than those before."""

    apart: Floats
    shift: Floats
    up: Flags


def news(
    value: Floats, chart: Ints, ago: Ints, count: int, upward: Flags, complete: Flags, kind: Ints
) -> News:
    """Test month 0 of every chart against months 1, 2 … `ago`.

    `chart` ascends, points stand in the order of time; `upward` charts are tested for a rise only; a month
    that is not `complete` is not tested for a shift; charts of one `kind` are alike.
    """
    samples = Samples(value, chart, np.arange(len(value)), count)
    apart, apart_up = _apart(samples, p_apart(samples, ranked(samples)), ago == 0, upward)
    shift, shift_up = _shift(_standardised(samples, ago > 0), chart, ago, count, upward, kind)
    shift = np.where(complete, shift, np.nan)
    first = np.nan_to_num(apart, nan=1.0) <= np.nan_to_num(shift, nan=1.0)
    return News(apart, shift, np.where(first, apart_up, shift_up))


def _apart(samples: Samples, p: Floats, new: Flags, upward: Flags) -> tuple[Floats, Flags]:
    """Share the p-value of a point apart among the months; 1 where the outermost is not in the new one."""
    order = np.lexsort((samples.values, samples.characteristic))
    first = np.cumsum(samples.n) - samples.n
    known = samples.n >= FEWEST
    middle = np.zeros(samples.count)
    middle[known] = samples.values[order[first[known] + samples.n[known] // 2]]
    away = samples.values - middle[samples.characteristic]
    old_up, new_up = _top(away, samples, ~new), _top(away, samples, new)
    old_down, new_down = _top(-away, samples, ~new), _top(-away, samples, new)
    up = new_up > np.maximum(old_up, np.maximum(old_down, new_down))
    down = ~upward & (new_down > np.maximum(old_down, np.maximum(old_up, new_up)))
    share = samples.sums(new) / np.maximum(samples.n, 1)
    found = np.where(up | down, np.minimum(p * share, 1.0), 1.0)
    return np.where(known & (share > 0), found, np.nan), up


def _top(away: Floats, samples: Samples, kept: Flags) -> Floats:
    top = np.full(samples.count, -np.inf)
    np.maximum.at(top, samples.characteristic[kept], away[kept])
    return top


@np.errstate(all="ignore")
def _standardised(samples: Samples, old: Flags) -> Floats:
    """Return distances to the mean of the months before in their standard deviations, none beyond
    `FURTHEST`.
    """
    owner, n = samples.characteristic, samples.sums(old)
    mean = samples.sums(np.where(old, samples.values, 0.0)) / n
    away = samples.values - mean[owner]
    sd = np.sqrt(samples.sums(np.where(old, away**2, 0.0)) / (n - 1))
    return np.clip(away / np.where(sd > 0, sd, np.nan)[owner], -FURTHEST, FURTHEST)


@np.errstate(all="ignore")
def _shift(
    scores: Floats, chart: Ints, ago: Ints, count: int, upward: Flags, kind: Ints
) -> tuple[Floats, Flags]:
    span = int(ago.max(initial=0)) + 1
    cell = chart * span + ago

    def by_month(weights: Floats | None) -> Floats:
        sums = np.bincount(cell, weights, minlength=count * span).reshape(count, span)
        return np.asarray(sums, dtype=np.float64)

    n, sums, squares = by_month(None), by_month(scores), by_month(scores**2)
    mean, there = sums / np.where(n > 0, n, np.nan), n[:, 1:] > 0
    k = there.sum(axis=1)
    centre = np.nansum(mean[:, 1:], axis=1) / k
    between = np.nansum((mean[:, 1:] - centre[:, None]) ** 2, axis=1) / (k - 1)
    freedom = (n - (n > 0)).sum(axis=1)
    within = np.where(freedom > 0, (squares - sums**2 / np.maximum(n, 1)).sum(axis=1) / freedom, 1.0)
    usual = k / np.where(there, 1 / n[:, 1:], 0.0).sum(axis=1)
    usable = (k >= FEWEST_MONTHS) & (n[:, 0] > 0) & (between > 0) & (within > 0)
    relative, lent = _lent(between / (within / usual), k - 1, np.where(usable, kind, -1))
    variance = np.maximum(relative, 1.0) * within / usual
    fewer = np.maximum(usual / n[:, 0], 1.0)
    ratio, own = (column[k] for column in _wandering(span))
    t = (mean[:, 0] - centre) / np.sqrt(variance * (fewer + 1 / k) * ratio)
    p = np.where(upward, stdtr(own + lent, -t), 2 * stdtr(own + lent, -np.abs(t)))
    return np.where(usable, p, np.nan), t > 0


@np.errstate(all="ignore")
def _lent(ratio: Floats, freedom: Ints, kind: Ints) -> tuple[Floats, Floats]:
    """Shrink the variances between months (in what points within them explain) towards those of a kind.

    Returns the variances, never below a chart's own, and the degrees of freedom that each was lent.
    """
    shrunk, lent = ratio.copy(), np.zeros(len(ratio))
    for one in np.unique(kind[kind >= 0]):
        at = np.flatnonzero(kind == one)
        if len(at) < FEWEST_ALIKE:
            continue
        half = freedom[at] / 2
        logs = np.log(ratio[at]) - digamma(half) + np.log(half)
        excess = float(logs.var(ddof=1) - polygamma(1, half).mean())
        prior = min(2 * _inverse_trigamma(excess), MOST_LENT) if excess > 0 else MOST_LENT
        typical = np.exp(logs.mean() + digamma(prior / 2) - np.log(prior / 2))
        mixed = (prior * typical + freedom[at] * ratio[at]) / (prior + freedom[at])
        shrunk[at], lent[at] = np.maximum(ratio[at], mixed), prior
    return shrunk, lent


def _inverse_trigamma(y: float) -> float:
    """Solve trigamma(x) = y by Newton's method on 1 ÷ trigamma, which is nearly straight (Smyth 2004)."""
    x = 0.5 + 1 / y
    for _ in range(50):
        value = float(polygamma(1, x))
        step = value * (1 - value / y) / float(polygamma(2, x))
        x += step
        if abs(step) < 1e-8 * x:
            break
    return x


@lru_cache(maxsize=16)
def _wandering(most: int) -> tuple[Floats, Floats]:
    """Return, by number of months before, what the variance of the prediction is more than of independent
    months ÷ s², and the degrees of freedom.
    """
    ratio, freedom = np.ones(most + 1), np.ones(most + 1)
    for k in range(2, most + 1):
        lags = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
        mean = float((WANDER**lags).mean())
        with_next = float((WANDER ** np.arange(1, k + 1)).mean())
        expected = (1 - mean) * k / (k - 1)
        ratio[k] = max((1 + mean - 2 * with_next) / (expected * (1 + 1 / k)), 1.0)
        freedom[k] = (k - 1) * (1 - WANDER**2) / (1 + WANDER**2)
    return ratio, freedom


@np.errstate(all="ignore")
def counted_scores(events: Floats, size: Floats, rate: Floats) -> Floats:
    """Return normal scores of counts: the quantile of P(fewer) + ½ P(as many) of a binomial with `rate`."""
    low = (_at_most(events - 1, size, rate) + _at_most(events, size, rate)) / 2
    above = (_at_most(size - events, size, 1 - rate) + _at_most(size - events - 1, size, 1 - rate)) / 2
    low, above = (np.clip(tail, SMALLEST_TAIL, None) for tail in (low, above))
    scores: Floats = np.where(low < above, ndtri(low), -ndtri(above))
    return scores


def _at_most(events: Floats, size: Floats, rate: Floats) -> Floats:
    """P(X ≤ events) of a binomial, exact also where it is tiny."""
    inside = np.clip(events, 0, np.maximum(size - 1, 0))
    tail = betainc(size - inside, inside + 1, 1 - rate)
    known: Floats = np.where(events < 0, 0.0, np.where(events >= size, 1.0, tail))
    return known
