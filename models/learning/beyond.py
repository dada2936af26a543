"""What a target's backtest says of the months after the twelfth: how its forecasts would have gone on.

Origins whose second year has come are few and overlap, and their plants share shocks. So evidence is counted
in plant-years and weighed against what holds on simulated plants (the defaults of `Beyond`). A drift of a
whole panel was tried and is not learned: what forecasts were off in common in one stretch of years did not
foretell the next (four worlds, split at month 60: errors at 36 months grew by 1 to 12 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.baselines import BASES
from models.forecast.beyond import Beyond, fading
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.conformal import Spread
from models.forecast.links import Array
from models.forecast.panel import Mask, Panel
from models.forecast.scales import Signs
from models.results import HORIZONS

BELIEVED = 50.0  # plant-years at which what was seen counts as much as the defaults
OVERLAP = HORIZONS * HORIZONS  # months of a year, and origins that share most of it
KNOWN = HORIZONS - 2  # months of a year that must have come for its mean
WIDTHS = (0.8, 1.6)


@dataclass(frozen=True)
class Past:
    """Forecasts of n origins on the model scale and what came.

    `point`, `came` (first year) and `later` (second) n × 12, NaN where not known; `own` n means so far.
    """

    point: Array
    came: Array
    later: Array
    own: Array


def second_year(panel: Panel, first: Array) -> Array:
    """n × 12 values 13 … 24 periods after each row, from those 1 … 12 after it."""
    return panel.future(first[:, -1])


def learn_beyond(past: Past, rows: Signs, spread: Spread, default: Beyond) -> Beyond:
    """Shares by ridge regression towards the defaults, then the spread that is left."""
    scaled = _Scaled.of(past, rows, spread)
    at, month = np.nonzero(scaled.known)
    weight = len(at) / OVERLAP
    if weight == 0.0:
        return default
    left, z = fading(), scaled.second[at, month]
    x = np.column_stack([scaled.mean[at], scaled.last[at] * left[month], scaled.apart[at]])
    shares = _ridge(x, z, weight, np.array([default.stays, default.lingers, default.pull]))
    stays, lingers, pull = shares.tolist()
    return Beyond(stays, lingers, pull, _widths(z - x @ shares, month, scaled.first, weight, default.width))


@dataclass(frozen=True)
class _Scaled:
    """Errors of plants of scale one, less their medians: `first` n × 12, its `mean` n and what its `last`
    month is off beyond it; `second` n × 12 about the first year's mean point; the own mean's distance from it
    (`apart` n); and which of `second` are `known` with all of these.
    """

    first: Array
    mean: Array
    last: Array
    second: Array
    apart: Array
    known: Mask

    @classmethod
    def of(cls, past: Past, rows: Signs, spread: Spread) -> _Scaled:
        scale, median = spread.scale.of(rows), spread.quantiles[:, spread.quantiles.shape[1] // 2]
        first = np.where(rows.known[:, None] > 0, (past.came - past.point) / scale - median, np.nan)
        count, point = np.isfinite(first).sum(axis=1), past.point.mean(axis=1)
        mean = np.where(count >= KNOWN, np.nansum(first, axis=1) / np.maximum(count, 1), np.nan)
        second = (past.later - point[:, None]) / scale[:, [-1]] - median[-1]
        apart = (past.own - point) / scale[:, -1]
        whole = np.isfinite(mean) & np.isfinite(first[:, -1]) & np.isfinite(apart)
        return cls(first, mean, first[:, -1] - mean, second, apart, whole[:, None] & np.isfinite(second))


def _ridge(x: Array, z: Array, weight: float, prior: Array) -> Array:
    """Least squares worth `weight` plant-years, drawn to the prior as if that were `BELIEVED`."""
    power = x.T @ x / len(x)
    pull = np.diag(np.diag(power) * BELIEVED / weight + 1e-12)
    found = np.linalg.solve(power + pull, x.T @ z / len(x) + pull @ prior)
    return np.clip(found, 0.0, 1.0)


def _widths(
    left: Array, month: NDArray[np.intp], first: Array, weight: float, prior: tuple[float, ...]
) -> tuple[float, ...]:
    """Spread that is left, relative to fresh errors as many months ahead, drawn to the prior."""
    widths = []
    for group, usually in zip(HORIZON_GROUPS, prior, strict=True):
        columns = np.array(group) - 1
        mine, fresh = left[np.isin(month, columns)], first[:, columns]
        typical = np.sqrt(np.nanmean(fresh**2)) if np.isfinite(fresh).any() else 0.0
        ratio = np.sqrt(np.mean(mine**2)) / typical if len(mine) and typical > 0 else usually
        drawn = usually + (ratio - usually) * weight / (weight + BELIEVED)
        widths.append(float(np.clip(drawn, *WIDTHS)))
    return tuple(widths)


def past_of(panel: Panel, point: Array, came: Array, bases: Array) -> Past:
    """Of a panel's rows, as a rolling run has them."""
    return Past(point, came, second_year(panel, came), bases[:, BASES.index("mean")])
