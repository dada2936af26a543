"""Is the process stable? A gate that depends neither on the length of the record nor on the distribution.

Counting rule violations is a bad gate: on stable data of 100 points Nelson's rules signal three times out
of four. Here every characteristic gets five p-values, each for one way of not being stable, each against
what is tolerated and not against perfection, so that a longer record brings a surer verdict and not a
sterner one. All p-values of an enterprise are judged together: the chance that any of its stable
characteristics is called unstable stays below `FALSE_ALARM`.

| reason | statistic | null distribution |
|---|---|---|
| `between` | variance between subgroups ÷ within (σ overall ÷ σ within) | F, tolerated part taken off |
| `outliers` | share beyond 3σ of the mean, if normality is not in doubt | binomial, averaged over σ's |
| | values apart from the rest | F of spacings (`outliers.py`) |
| `excursion` | largest standardised EWMA (λ = 0.2) | t, Bonferroni over the points |
| `drift` | change over the record from the regression on time | t, tolerated change taken off |
| `autocorrelation` | 1 − Σ(xᵢ₊₁ − xᵢ)² ÷ 2Σ(xᵢ − x̄)² (von Neumann) | beta with its exact variance |

All but `outliers` look at the normal scores of the ranks (`ranks.py`, ties broken by lot): on a normal
process they say what the values themselves would say, and on a skewed, heavy-tailed or bounded one they
keep their false-alarm rate. `outliers`: heavy tails that run on evenly are the process's own (decision
14); values that stand apart are not.

`between` needs subgroups. `autocorrelation` says that neighbours are alike, so that a σ within must not
be trusted; for individual values it is also what σ overall ÷ σ within becomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, fdtrc, gammaincinv, ndtr, stdtr

from features.capability.constants import Floats, Ints
from features.capability.moving_average import largest_excursion
from features.capability.normality import p_normal
from features.capability.outliers import p_apart, resolution
from features.capability.ranks import Ranked, ranked
from features.capability.samples import Flags, Samples
from features.capability.spread import Within, sd_successive

REASONS = ("between", "outliers", "excursion", "drift", "autocorrelation")
TESTS = len(REASONS)
FALSE_ALARM = 0.05
"""Chance that any stable characteristic of an enterprise is called unstable, at most."""
TOLERATED_RATIO = 1.10
"""σ overall ÷ σ within that is still called stable."""
TOLERATED_DRIFT = 0.5
"""Change of the mean over the record, in σ within, that is still called stable."""
IN_DOUBT = 0.05
"""p-value of normality below which counting beyond 3σ says nothing: such a count rests on the normal
tail (and, for the same reason, on a gauge whose step is no larger than σ).
"""
_EXTRA = TOLERATED_RATIO**2 - 1
"""Tolerated variance of subgroup means beyond what the values within explain, in σ² within."""
_TOLERATED_CORRELATION = _EXTRA / (1 + _EXTRA)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


@dataclass(frozen=True)
class Stability:
    """p-values per characteristic (columns as `REASONS`, 1 where a test cannot run) and the statistics
    behind.

    `drift` (over the record) and `excursion` are in σ within, of the normal scores, which for a normal
    process are the values in units of σ. `beyond` is the share of values beyond 3σ, `autocorrelation`
    that of lag 1.
    """

    p_values: Floats
    beyond: Floats
    drift: Floats
    excursion: Floats
    autocorrelation: Floats


def stability(
    samples: Samples, within: Within, ranks: Ranked | None = None, normal: Floats | None = None
) -> Stability:
    """Test every characteristic in all five ways.

    `within` is the σ within of the values; `ranks` and `normal` (the p-values of normality) are computed
    where they are not given.
    """
    ranks = ranked(samples) if ranks is None else ranks
    normal = p_normal(samples, ranks.shared) if normal is None else normal
    scores = samples.of(ranks.by_lot)
    usual = sd_successive(scores)
    beyond, p_beyond = _outliers(samples, within)
    countable = (normal >= IN_DOUBT) & (resolution(samples, ranks) <= samples.sd_overall)
    p_tails = _either(p_apart(samples, ranks), np.where(countable, p_beyond, 1.0))
    excursion, p_excursion = _excursion(scores, usual)
    drift, p_drift = _drift(scores, usual)
    p_values = np.stack([_between(scores), p_tails, p_excursion, p_drift, autocorrelation(scores)[1]], axis=1)
    p_values[(samples.squares == 0) | np.isnan(samples.squares)] = 1.0
    return Stability(np.nan_to_num(p_values, nan=1.0), beyond, drift, excursion, autocorrelation(samples)[0])


def _either(one: Floats, other: Floats) -> Floats:
    """Return the p-value of two tests of one thing (Bonferroni)."""
    smaller: Floats = np.minimum(1.0, 2 * np.fmin(one, other))
    return smaller


def verdict(p_values: Floats, family: Ints, false_alarm: float = FALSE_ALARM) -> Flags:
    """Return, for every characteristic and reason, whether it counts.

    `family` is the number of the enterprise of every characteristic. Šidák: a family of m characteristics
    with five tests each is judged at 1 − (1 − α)^(1/5m).
    """
    size = np.bincount(family)[family]
    level = -np.expm1(np.log1p(-false_alarm) / (TESTS * size))
    counts: Flags = p_values < level[:, None]
    return counts


def _between(samples: Samples) -> Floats:
    groups = samples.units
    inside = groups.sums(groups.squares)
    df1, df2 = groups.k - 1.0, samples.n - groups.k
    with np.errstate(invalid="ignore", divide="ignore"):
        outside = np.clip(samples.squares - inside, 0, None)
        usual = (samples.n - groups.sums(groups.size**2) / samples.n) / df1
        ratio = outside / df1 / (inside / df2) / (1 + usual * _EXTRA)
        p = fdtrc(df1, df2, ratio)
    p = np.where((inside == 0) & (outside > 0), 0.0, p)
    return np.where((df1 >= 1) & (df2 >= 1) & (samples.squares > 0), p, 1.0)


def _outliers(samples: Samples, within: Within) -> tuple[Floats, Floats]:
    far = np.abs(samples.deviations) > 3 * within.sd[samples.characteristic]
    found = samples.sums(far)
    p = np.ones(samples.count)
    at = np.flatnonzero((found > 0) & (within.sd > 0))
    p[at] = _at_least(found[at], samples.n[at], _tail(np.ones(len(at))))
    close = at[p[at] < FALSE_ALARM]
    p[close] = np.maximum(p[close], _uncertain(found[close], samples.n[close], within.df[close]))
    with np.errstate(invalid="ignore"):
        return found / np.where(samples.n > 0, samples.n, np.nan), p


def _tail(relative: Floats) -> Floats:
    """Share of a tolerated process beyond 3σ̂, where σ̂ is `relative` times the true σ within."""
    tail: Floats = 2 * ndtr(-3 * relative / TOLERATED_RATIO)
    return tail


def _at_least(found: Floats, n: Ints, share: Floats) -> Floats:
    """P(X ≥ found) for a binomial X."""
    p: Floats = betainc(found, n - found + 1, share)
    return p


def _uncertain(found: Floats, n: Ints, df: Floats) -> Floats:
    """Average the binomial tail over σ̂²/σ² ~ χ²/df, with nodes crowded where σ was underestimated."""
    v = (_NODES + 1) / 2
    quantile = 2 * gammaincinv(df[:, None] / 2, v[None, :] ** 4)
    share = _tail(np.sqrt(quantile / df[:, None]))
    density = 2 * v**3 * _WEIGHTS
    answer: Floats = _at_least(found[:, None], n[:, None], share) @ density
    return answer


def _excursion(samples: Samples, within: Within) -> tuple[Floats, Floats]:
    groups = samples.units
    largest = largest_excursion(groups, samples.mean, _EXTRA) / np.where(within.sd > 0, within.sd, np.nan)
    return largest, np.minimum(1.0, 2 * groups.k * stdtr(within.df, -largest))


def _drift(samples: Samples, within: Within) -> tuple[Floats, Floats]:
    groups = samples.units
    centred = groups.order - (groups.k[groups.characteristic] - 1) / 2
    level = groups.mean - samples.mean[groups.characteristic]
    with np.errstate(invalid="ignore", divide="ignore"):
        sxx = groups.sums(centred**2)
        span = (groups.k - 1) / sxx
        sigma = np.where(within.sd > 0, within.sd, np.nan)
        change = groups.sums(centred * level) * span / sigma
        error = np.sqrt(groups.sums(centred**2 * (1 / groups.size + _EXTRA))) * span
        beyond = (np.abs(change) - TOLERATED_DRIFT) / error
    p = np.minimum(1.0, 2 * stdtr(within.df, -beyond))
    return change, np.where(groups.k >= 3, p, 1.0)


def autocorrelation(samples: Samples) -> tuple[Floats, Floats]:
    """Return the lag-1 autocorrelation of the values and the p-value that it is no more than tolerated."""
    n = samples.n.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.where(n >= 2, 1 - samples.successive(2) / (2 * samples.squares), np.nan)
        shape = ((n**2 - 1) / (n - 2) - 1) / 2
        upper = np.clip((1 - (correlation - _TOLERATED_CORRELATION)) / 2, 0, 1)
        p = betainc(shape, shape, upper)
    return correlation, np.where((n >= 4) & (samples.squares > 0), p, 1.0)
