"""Level and spread of many measured characteristics at once, whether they come in subgroups or one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from features.capability.constants import Floats
from features.capability.samples import Flags, Groups, Samples
from features.capability.stability import FALSE_ALARM, autocorrelation
from features.control_charts.lines import THREE_SIGMA, Lines, Width
from features.control_charts.rules import RuleSet, signals
from features.control_charts.series import Series
from features.control_charts.sigma import Standard, from_individuals, from_subgroups, only
from features.control_charts.variables import deviations, moving_ranges, ranges, xbar

Spread = Literal["R", "S"]
LARGEST_RANGE = 10
"""Subgroups up to this size are judged by their range, larger ones by s (ISO 7870-2)."""


@dataclass(frozen=True)
class Measured:
    """The pair of charts of every characteristic: X̄ with R or S where it was measured in subgroups, else
    I–MR.

    `units` are the points (subgroups, or single values), `standard` what the limits rest on.
    """

    units: Groups
    standard: Standard
    level: Lines
    spread: Lines


@np.errstate(all="ignore")
def measured(
    samples: Samples,
    spread: Spread = "R",
    baseline: Flags | None = None,
    given: Standard | None = None,
    width: Width = THREE_SIGMA,
) -> Measured:
    """Chart every characteristic.

    `baseline` (a flag per unit) says which points the limits rest on, all without it. What is not NaN in a
    `given` standard takes the place of its estimate. The centre line of the spread follows the size of
    each subgroup.
    """
    units = samples.units
    kept = np.ones(len(units.size), dtype=bool) if baseline is None else baseline
    standard = _completed(given, _estimate(samples, units, kept, spread))
    alone = samples.individual[units.characteristic]
    means = Series(units.mean, units.characteristic, units.count)
    inside = ranges if spread == "R" else deviations
    if alone.all():
        below = moving_ranges(means, standard.sigma, 2, width)
    else:
        below = inside(units, standard.sigma, None, width)
        if alone.any():
            below = _either(alone, moving_ranges(means, standard.sigma, 2, width), below)
    return Measured(units, standard, xbar(units, standard, width), below)


def small_subgroups(samples: Samples) -> Flags:
    """Return, per characteristic, whether its subgroups are judged by the range: ten values on average."""
    few: Flags = samples.n <= LARGEST_RANGE * samples.units.k
    return few


@np.errstate(all="ignore")
def autocorrelated(samples: Samples, units: Groups) -> Floats:
    """Return the lag-1 correlation of the points of every characteristic, NaN where it is not significant.

    The statistic, what it tolerates and its level are those of the stability gate.
    """
    points = Samples(units.mean, units.characteristic, np.arange(len(units.mean)), samples.count)
    correlation, p = autocorrelation(points)
    return np.where(p < FALSE_ALARM, correlation, np.nan)


@dataclass(frozen=True)
class Tally:
    """How often each characteristic signals: points, those beyond the limits, and any signal, by chart."""

    points: Floats
    beyond: Floats
    signalling: Floats
    spread_beyond: Floats


@np.errstate(all="ignore")
def tally(charts: Measured, rule_set: RuleSet = "western_electric") -> Tally:
    """Count the signals of every characteristic."""
    level, spread = charts.level, charts.spread
    hit = signals(level, rule_set).completes.any(axis=1) | level.beyond
    sums = level.series.sums
    return Tally(sums(np.ones(len(hit))), sums(level.beyond), sums(hit), sums(spread.beyond))


def _estimate(samples: Samples, units: Groups, kept: Flags, spread: Spread) -> Standard:
    """Take σ from moving ranges where values are single, from inside the subgroups elsewhere."""
    trial = only(units, kept)
    grouped = from_subgroups(trial, "UWAVE-R" if spread == "R" else "UWAVE-SD")
    single = from_individuals(Series(trial.mean, trial.characteristic, trial.count))
    return Standard(grouped.centre, np.where(samples.individual, single.sigma, grouped.sigma))


def _completed(given: Standard | None, estimated: Standard) -> Standard:
    """Take the estimate where nothing is given."""
    if given is None:
        return estimated
    centre = np.where(np.isnan(given.centre), estimated.centre, given.centre)
    return Standard(centre, np.where(np.isnan(given.sigma), estimated.sigma, given.sigma))


def _either(first: Flags, one: Lines, other: Lines) -> Lines:
    """Take each point from `one` where `first`, else from `other`."""

    def pick(a: Floats, b: Floats) -> Floats:
        return np.where(first, a, b)

    return Lines(
        one.series.having(pick(one.series.values, other.series.values)),
        pick(one.centre, other.centre),
        pick(one.lcl, other.lcl),
        pick(one.ucl, other.ucl),
        pick(one.error, other.error),
    )
