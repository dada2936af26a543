"""Shewhart charts of measured values: means, ranges, standard deviations, single values, moving ranges.

Source: ISO 7870-2; Montgomery, Introduction to Statistical Quality Control, chapter 6. Definitions as in
R's qcc 2.7 (types xbar, R, S, xbar.one), also for subgroups of unequal size.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from features.capability.constants import Floats, c4, d2, d3, range_quantile
from features.capability.samples import Groups
from features.control_charts.lines import THREE_SIGMA, Lines, Width, around, between
from features.control_charts.series import Series
from features.control_charts.sigma import Standard, sd_of


@np.errstate(all="ignore")
def xbar(groups: Groups, standard: Standard, width: Width = THREE_SIGMA) -> Lines:
    """Chart subgroup means: centre ± width · σ ÷ √n."""
    means = Series(groups.mean, groups.characteristic, groups.count)
    error = standard.sigma[groups.characteristic] / np.sqrt(groups.size)
    return around(means, standard.centre[groups.characteristic], error, width)


@np.errstate(all="ignore")
def ranges(groups: Groups, sigma: Floats, centre: Floats | None = None, width: Width = THREE_SIGMA) -> Lines:
    """Chart subgroup ranges: centre ± width · d3(n) σ, never below zero.

    `centre` is one number per process (qcc: R̄, see `sigma.mean_range`); without it the line stands at
    d2(n) σ, which follows subgroups of unequal size. A subgroup of one has no range.
    """
    size = np.maximum(groups.size, 2)
    own = np.where(groups.size >= 2, sigma[groups.characteristic], np.nan)
    line = d2(size) * own if centre is None else centre[groups.characteristic]
    series = Series(np.where(groups.size >= 2, groups.range, np.nan), groups.characteristic, groups.count)
    if width.checked().confidence is None:
        return around(series, line, d3(size) * own, width, least=0.0)
    low, high = (range_quantile(p, size) * own for p in (width.tail, 1 - width.tail))
    return between(series, line, d3(size) * own, low, high)


@np.errstate(all="ignore")
def deviations(
    groups: Groups, sigma: Floats, centre: Floats | None = None, width: Width = THREE_SIGMA
) -> Lines:
    """Chart subgroup standard deviations: centre ± width · σ √(1 − c4(n)²), never below zero.

    `centre` as in `ranges` (qcc: s̄, see `sigma.mean_sd`); without it c4(n) σ.
    """
    size = np.maximum(groups.size, 2)
    own = np.where(groups.size >= 2, sigma[groups.characteristic], np.nan)
    line = c4(size) * own if centre is None else centre[groups.characteristic]
    error = own * np.sqrt(1 - c4(size) ** 2)
    series = Series(sd_of(groups), groups.characteristic, groups.count)
    if width.checked().confidence is None:
        return around(series, line, error, width, least=0.0)
    low, high = (own * _chi_quantile(p, size - 1) for p in (width.tail, 1 - width.tail))
    return between(series, line, error, low, high)


@np.errstate(all="ignore")
def individuals(series: Series, standard: Standard, width: Width = THREE_SIGMA) -> Lines:
    """Chart single values: centre ± width · σ."""
    return around(series, standard.centre[series.owner], standard.sigma[series.owner], width)


@np.errstate(all="ignore")
def moving_ranges(series: Series, sigma: Floats, k: int = 2, width: Width = THREE_SIGMA) -> Lines:
    """Chart the ranges of k neighbours: d2(k) σ ± width · d3(k) σ, never below zero."""
    moving = series.having(series.moving_ranges(k))
    own = sigma[series.owner]
    line, error = float(d2(k)) * own, float(d3(k)) * own
    if width.checked().confidence is None:
        return around(moving, line, error, width, least=0.0)
    low, high = (float(range_quantile(p, k)) * own for p in (width.tail, 1 - width.tail))
    return between(moving, line, error, low, high)


def _chi_quantile(probability: float, freedom: Floats) -> Floats:
    """Return the quantile of s ÷ σ with `freedom` degrees of freedom."""
    return np.asarray(np.sqrt(2 * gammaincinv(freedom / 2, probability) / freedom))
