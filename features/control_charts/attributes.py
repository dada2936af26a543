"""Shewhart charts of counts: p, np, c, u and g, and Laney's p′ and u′ where counts vary more than chance.

Source: ISO 7870-2; Montgomery, chapter 7; Laney (2002), Quality Engineering 14(4), 531–537. Definitions as in
R's qcc 2.7; a `Width` with a confidence takes exact binomial, Poisson and geometric quantiles, as qcc does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc

from features.capability.constants import Floats, d2
from features.capability.samples import Flags
from features.control_charts.lines import THREE_SIGMA, Lines, Width, around, between
from features.control_charts.series import Series


@dataclass(frozen=True)
class Counts:
    """What was counted in each lot: `events` (nonconforming units, or defects) among `size` units."""

    events: Series
    size: Floats

    @classmethod
    def of(cls, *pairs: tuple[Any, Any]) -> Counts:
        """Lay pairs (events, sizes) end to end, one pair per process; one size may stand for all its lots."""
        events = Series.of(*(one for one, _ in pairs))
        sizes = [np.broadcast_to(np.asarray(size, dtype=np.float64), np.shape(one)) for one, size in pairs]
        return cls(events, np.concatenate([*sizes, np.zeros(0)]))

    def only(self, kept: Flags) -> Counts:
        """Return the lots that are `kept`."""
        return Counts(self.events.only(kept), self.size[kept])

    @np.errstate(all="ignore")
    def rate(self) -> Floats:
        """Return Σ events ÷ Σ units per process: the centre of every chart of counts."""
        return np.asarray(self.events.sums(self.events.values) / self.events.sums(self.size))


@np.errstate(all="ignore")
def p(counts: Counts, rate: Floats, width: Width = THREE_SIGMA) -> Lines:
    """Chart the share of nonconforming units: p̄ ± width · √(p̄(1 − p̄) ÷ n), within 0 … 1."""
    return _per_unit(np_(counts, rate, width), counts.size)


@np.errstate(all="ignore")
def np_(counts: Counts, rate: Floats, width: Width = THREE_SIGMA) -> Lines:
    """Chart the number of nonconforming units: n p̄ ± width · √(n p̄(1 − p̄)), within 0 … n."""
    share, n = rate[counts.events.owner], counts.size
    error = np.sqrt(n * share * (1 - share))
    if width.checked().confidence is None:
        return around(counts.events, n * share, error, width, least=0.0, most=n)
    from scipy.stats import binom

    low, high = binom.ppf(width.tail, n, share), binom.isf(width.tail, n, share)
    return between(counts.events, n * share, error, low, high)


@np.errstate(all="ignore")
def u(counts: Counts, rate: Floats, width: Width = THREE_SIGMA) -> Lines:
    """Chart defects per unit: ū ± width · √(ū ÷ n), never below zero."""
    return _per_unit(_poisson(counts.events, counts.size * rate[counts.events.owner], width), counts.size)


@np.errstate(all="ignore")
def c(counts: Counts, rate: Floats, width: Width = THREE_SIGMA) -> Lines:
    """Chart defects per lot: c̄ ± width · √c̄, never below zero.

    Only lots of one size can share such a chart: where they differ within a process, it has no limits.
    """
    known = np.where(unequal(counts), np.nan, rate)[counts.events.owner]
    return _poisson(counts.events, counts.size * known, width)


@np.errstate(all="ignore")
def g(events: Series, mean: Floats, width: Width = THREE_SIGMA) -> Lines:
    """Chart units between two events: mean ± width · √(1 − p) ÷ p with p = 1 ÷ mean, never below zero.

    The geometric distribution is far from symmetric: a confidence is the better width.
    """
    chance = 1 / mean[events.owner]
    error = np.sqrt(1 - chance) / chance
    if width.checked().confidence is None:
        return around(events, mean[events.owner], error, width, least=0.0)
    from scipy.stats import geom

    low, high = (geom.ppf(level, chance) - 1 for level in (width.tail, 1 - width.tail))
    return between(events, mean[events.owner], error, low, high)


def unequal(counts: Counts) -> Flags:
    """Return, per process, whether its lots are of different size."""
    at = np.minimum(counts.events.first, max(len(counts.size) - 1, 0))
    start = counts.size[at] if len(counts.size) else np.zeros(counts.events.count)
    different: Flags = counts.events.sums(counts.size != start[counts.events.owner]) > 0
    return different


@np.errstate(all="ignore")
def laney(
    plain: Lines, baseline: Flags | None = None, width: Width = THREE_SIGMA, most: float = np.inf
) -> tuple[Lines, Floats]:
    """Widen a p or u chart by σ_z, the spread of its standardised points; return it with σ_z per process.

    σ_z is the mean moving range of z over the baseline ÷ d2(2). It is about 1 where the counts vary as chance
    lets them, more where lots differ. Limits stay within 0 and `most` (1 for a share).
    """
    z = plain.series.having(plain.z)
    sigma_z = _moving_sigma(z if baseline is None else z.only(baseline))
    error = plain.error * sigma_z[plain.series.owner]
    return around(plain.series, plain.centre, error, width, least=0.0, most=most), sigma_z


@np.errstate(all="ignore")
def overdispersion(lines: Lines, baseline: Flags | None = None) -> Floats:
    """Return the chance, per process, that counts vary as much as these if nothing but chance moves them.

    Σ z² over the baseline against χ² with one degree of freedom less than points (1 where there are none).
    """
    z = lines.series.having(lines.z)
    z = z if baseline is None else z.only(baseline)
    z = z.only(np.isfinite(z.values))
    return np.where(z.n >= 2, chdtrc(np.maximum(z.n - 1, 1), z.sums(z.values**2)), 1.0)


def _moving_sigma(z: Series) -> Floats:
    z = z.only(np.isfinite(z.values))
    ranges = z.moving_ranges()
    known = np.isfinite(ranges)
    return np.asarray(z.sums(np.where(known, ranges, 0.0)) / z.sums(known) / float(d2(2)))


def _poisson(events: Series, mean: Floats, width: Width) -> Lines:
    error = np.sqrt(mean)
    if width.checked().confidence is None:
        return around(events, mean, error, width, least=0.0)
    from scipy.stats import poisson

    low, high = (poisson.ppf(level, mean) for level in (width.tail, 1 - width.tail))
    return between(events, mean, error, low, high)


def _per_unit(lines: Lines, size: Floats) -> Lines:
    return Lines(
        lines.series.having(lines.series.values / size),
        lines.centre / size,
        lines.lcl / size,
        lines.ucl / size,
        lines.error / size,
    )
