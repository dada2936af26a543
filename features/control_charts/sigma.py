"""Centre and σ of many processes from their trial data, by every estimator in use.

Source: Montgomery, Introduction to Statistical Quality Control, chapter 6; Burr (1969) for the weights; the
names are those of R's qcc. SAS/QC and ISO 7870-2 define the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from features.capability.constants import Floats, Ints, c4, d2, d3
from features.capability.samples import Flags, Groups
from features.control_charts.series import Series

SubgroupMethod = Literal["UWAVE-R", "UWAVE-SD", "MVLUE-R", "MVLUE-SD", "RMSDF"]
IndividualMethod = Literal["MR", "SD"]
SUBGROUP_METHODS: tuple[SubgroupMethod, ...] = get_args(SubgroupMethod)


@dataclass(frozen=True)
class Standard:
    """Centre and σ of single values, one number per process; estimated here, or given.

    NaN where trial data do not suffice.
    """

    centre: Floats
    sigma: Floats


def only(groups: Groups, kept: Flags) -> Groups:
    """Return the subgroups that are `kept`."""
    fields = ("start", "size", "characteristic", "mean", "squares", "range")
    return replace(groups, **{name: getattr(groups, name)[kept] for name in fields})


@np.errstate(all="ignore")
def from_subgroups(groups: Groups, method: SubgroupMethod = "UWAVE-R", digits: int | None = None) -> Standard:
    """Return the mean weighted by subgroup size, and σ from what happens inside subgroups.

    `UWAVE-R`, `UWAVE-SD`: mean of Rᵢ ÷ d2(nᵢ), of sᵢ ÷ c4(nᵢ). `MVLUE-R`, `MVLUE-SD`: the same weighted by
    (d2 ÷ d3)² and by c4² ÷ (1 − c4²), which gives the least variance. `RMSDF`: √(Σ(nᵢ − 1)sᵢ² ÷ Σ(nᵢ − 1))
    ÷ c4(1 + Σ(nᵢ − 1)). Subgroups of one count for the mean only.

    `digits` rounds d2 as printed tables do: for holding a result against one that rests on such a table.
    """
    many = groups.size >= 2
    inner = only(groups, many)
    sigma = _ESTIMATES[method](inner, digits)
    rough = groups.sums(groups.size * groups.mean) / groups.sums(groups.size)
    rest = groups.sums(groups.size * (groups.mean - rough[groups.characteristic]))
    return Standard(rough + rest / groups.sums(groups.size), sigma)


@np.errstate(all="ignore")
def from_individuals(
    series: Series, method: IndividualMethod = "MR", k: int = 2, digits: int | None = None
) -> Standard:
    """Return mean and σ of single values: `MR` mean range of k neighbours ÷ d2(k), `SD` s ÷ c4(n).

    Points without a number are left out, and their neighbours become neighbours.
    """
    series = series.only(np.isfinite(series.values))
    if method == "MR":
        ranges = series.moving_ranges(k)
        known = np.isfinite(ranges)
        mean_range = series.sums(np.where(known, ranges, 0.0)) / series.sums(known)
        return Standard(series.mean, mean_range / _rounded_d2(np.int64(k), digits))
    varies = series.sums(np.nan_to_num(series.steps()) != 0) > 0
    squares = np.where(varies, series.sums((series.values - series.mean[series.owner]) ** 2), 0.0)
    sd = np.sqrt(squares / np.where(series.n > 1, series.n - 1, 0))
    return Standard(series.mean, np.where(series.n > 1, sd / c4(np.maximum(series.n, 2)), np.nan))


@np.errstate(all="ignore")
def mean_range(groups: Groups) -> Floats:
    """Return R̄ per process, weighted by subgroup size as qcc does; subgroups of one left out."""
    return _weighted(only(groups, groups.size >= 2), lambda inner: inner.range)


@np.errstate(all="ignore")
def mean_sd(groups: Groups) -> Floats:
    """Return s̄ per process, weighted by subgroup size as qcc does; subgroups of one left out."""
    return _weighted(only(groups, groups.size >= 2), sd_of)


def sd_of(groups: Groups) -> Floats:
    """Return the standard deviation of each subgroup (n − 1), NaN for a subgroup of one."""
    return np.sqrt(groups.squares / np.where(groups.size > 1, groups.size - 1, np.nan))


def _weighted(groups: Groups, statistic: Callable[[Groups], Floats]) -> Floats:
    return np.asarray(groups.sums(groups.size * statistic(groups)) / groups.sums(groups.size))


def _rounded_d2(n: Ints | np.int64, digits: int | None) -> Floats:
    exact = d2(np.asarray(n))
    return exact if digits is None else np.round(exact, digits)


def _mean_of(groups: Groups, estimates: Floats, weights: Floats) -> Floats:
    return np.asarray(groups.sums(estimates * weights) / groups.sums(weights))


def _uwave_r(groups: Groups, digits: int | None) -> Floats:
    return _mean_of(groups, groups.range / _rounded_d2(groups.size, digits), np.ones(len(groups.size)))


def _uwave_sd(groups: Groups, _: int | None) -> Floats:
    return _mean_of(groups, sd_of(groups) / c4(groups.size), np.ones(len(groups.size)))


def _mvlue_r(groups: Groups, digits: int | None) -> Floats:
    unbiased = _rounded_d2(groups.size, digits)
    return _mean_of(groups, groups.range / unbiased, (unbiased / d3(groups.size)) ** 2)


def _mvlue_sd(groups: Groups, _: int | None) -> Floats:
    share = c4(groups.size)
    return _mean_of(groups, sd_of(groups) / share, share**2 / (1 - share**2))


def _rmsdf(groups: Groups, _: int | None) -> Floats:
    freedom = groups.sums(groups.size - 1)
    return np.asarray(np.sqrt(groups.sums(groups.squares) / freedom) / c4(np.maximum(freedom, 1) + 1))


_ESTIMATES: dict[SubgroupMethod, Callable[[Groups, int | None], Floats]] = {
    "UWAVE-R": _uwave_r,
    "UWAVE-SD": _uwave_sd,
    "MVLUE-R": _mvlue_r,
    "MVLUE-SD": _mvlue_sd,
    "RMSDF": _rmsdf,
}
