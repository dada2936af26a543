"""Quantiles from out-of-sample errors, on the model scale: locally weighted conformal prediction.

An error is divided by its row's own scale (`scales`), so that a noisy plant gets a wide fan and a quiet one a
narrow fan (Lei et al. 2018); the quantiles of what remains are read by group of horizons, and so rise by
construction. Months share shocks: an error is a common part of its target month plus the entity's own part,
and the common part, of which only a few independent draws were seen at long horizons, is widened by what that
few can hide. Where intervals given so far fell short, the next ones are stretched (Gibbs & Candès 2021).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from models.forecast.booster import HORIZON_GROUPS
from models.forecast.links import Array
from models.forecast.panel import Index
from models.forecast.scales import Scale, Signs, fit_scale
from models.results import HORIZONS, QUANTILES

FEWEST_ERRORS = 8
DOUBT = 0.4  # ÷ independent periods; measured on simulated worlds: 90 % intervals then hold 90 %
PERIODS_BELIEVED = 6.0  # periods at which a shortfall is believed by half
NARROWEST = 0.85  # the first windows are wide; they must not make all later ones narrow
LEVELS = np.array(QUANTILES)
# Not knowing a scale fattens tails and leaves the middle: a Student quantile is z (1 + (z² + 1)/4ν + …); here
# as a share of what it is at 95 %.
TAIL = (ndtri(LEVELS) ** 2 + 1.0) / (ndtri(0.95) ** 2 + 1.0)


@dataclass(frozen=True)
class Spread:
    """Error quantiles of one target: `quantiles` 12 × 19 of scaled errors, the `scale` of a row, and `cold`,
    19 quantiles of how far a plant without any history lies from its sector's mean.
    """

    quantiles: Array
    scale: Scale
    cold: Array

    def errors(self, rows: Signs) -> Array:
        """n × 12 × 19 error quantiles, rising along the last axis."""
        seasoned = self.scale.of(rows)[:, :, None] * self.quantiles
        return np.where(rows.known[:, None, None] > 0, seasoned, self.cold)

    def stretched(self, factor: Array) -> Spread:
        """The same, each horizon's quantiles stretched about their median by a factor (12), tails most."""
        median, whole = self.quantiles[:, [len(QUANTILES) // 2]], factor[:, None]
        stretch = np.where(whole < 1.0, whole, whole**TAIL)
        return replace(self, quantiles=median + (self.quantiles - median) * stretch)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "quantiles": self.quantiles.tolist(),
            "scale": self.scale.to_dict(),
            "cold": self.cold.tolist(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Spread:
        """What `to_dict` wrote."""
        return cls(np.array(data["quantiles"]), Scale.from_dict(data["scale"]), np.array(data["cold"]))


def fit_spread(
    errors: Array, rows: Signs, arrival: Index, youth: Array, cold: Array, fallback: float
) -> Spread:
    """Calibrate on n × 12 errors (NaN: unknown) of rows that came at times n × 12.

    `youth` 12 and `cold` 19 come from longer evidence than a backtest has; `fallback` is the standard
    deviation to assume where a group of horizons has hardly any error: a simple baseline's.
    """
    seasoned = np.where(rows.known[:, None] > 0, errors, np.nan)
    scale = fit_scale(seasoned, rows, youth)
    scaled = seasoned / scale.of(rows)
    table = np.concatenate([_group(scaled, arrival, group, fallback) for group in HORIZON_GROUPS])
    return Spread(table, scale, cold)


def shortfall(reach: Array, arrival: Index) -> Array:
    """By how much quantiles given so far should have been wider: 12 factors.

    `reach` n × 12 is |error| ÷ the outer quantile on its side (NaN: none). If 90 % intervals hold, a tenth
    of them exceeds one; where the world drifts, more do. The factor is their 90 % quantile over
    neighbouring horizons, believed the more, the more periods it comes from.
    """
    factors, known = np.ones(HORIZONS), np.isfinite(reach)
    for group in HORIZON_GROUPS:
        columns = np.array(group) - 1
        mine = known[:, columns]
        if mine.sum() < 2 * FEWEST_ERRORS:
            continue
        came = arrival[:, columns][mine]
        times = np.count_nonzero(np.bincount(came - came.min())) / (1.0 + np.log(group[-1]))
        raw = float(np.quantile(reach[:, columns][mine], 0.9))
        factors[columns] = np.clip(raw, NARROWEST, 2.5) ** (times / (times + PERIODS_BELIEVED))
    return factors


def widen(errors: Array, arrival: Index, horizon: int) -> Array:
    """Errors whose part that a target period has in common is stretched by what few periods can hide.

    It grows by √((m+1)/(m−1)), as a prediction from m independent draws does. A period's mean error is the
    common part only as far as means differ by more than the entities' own errors make them differ (a
    random effect, by moments); of a single entity all is common.
    """
    position = arrival - arrival.min()
    count = np.bincount(position)
    mean = np.bincount(position, errors) / np.maximum(count, 1)
    common = mean[position]
    periods = np.count_nonzero(count)
    if len(errors) > periods:
        own = np.sum((errors - common) ** 2) / (len(errors) - periods) / np.maximum(count, 1)
        between = max(float(np.sum((mean**2 - own)[count > 0])) / periods, 0.0)
        common = common * (between / np.maximum(between + own, 1e-12))[position]
    m = independent_periods(arrival, horizon)
    return np.asarray(errors + common * (np.sqrt((m + 1.0) / (m - 1.0)) - 1.0))


def independent_periods(arrival: Index, horizon: int) -> float:
    """How many independent periods the errors of a horizon come from, at least two: theirs overlap."""
    periods = np.count_nonzero(np.bincount(arrival - arrival.min()))
    return float(max(periods / max(1.0, horizon / 2.0), 2.0))


def conformal_quantiles(values: Array, count: float) -> Array:
    """19 quantiles of values that are worth `count` independent ones: the outer ones lie a little further
    out than the sample's (the conformal rank).
    """
    outer = (count + 1.0) / count
    rank = np.where(LEVELS > 0.5, LEVELS * outer, 1.0 - (1.0 - LEVELS) * outer)
    return np.asarray(np.quantile(values, np.clip(rank, 0.0, 1.0)), dtype=np.float64)


def normal_quantiles(spread: float) -> Array:
    """19 quantiles of a normal distribution about zero."""
    return np.asarray(ndtri(LEVELS) * spread, dtype=np.float64)


def _group(scaled: Array, arrival: Index, group: tuple[int, ...], fallback: float) -> Array:
    """Horizons × 19 quantiles of a group: each horizon has its median and spread, the shape is shared."""
    columns = [scaled[:, h - 1] for h in group]
    if min(np.isfinite(column).sum() for column in columns) < FEWEST_ERRORS:
        return np.tile(normal_quantiles(fallback), (len(group), 1))
    median = np.array([np.nanmedian(column) for column in columns])
    spread = np.array([np.sqrt(np.nanmean((c - m) ** 2)) for c, m in zip(columns, median, strict=True)])
    parts, stretch = [], []
    for column, h, m, s in zip(columns, group, median, spread, strict=True):
        known = np.isfinite(column)
        came = arrival[known, h - 1]
        parts.append(widen((column[known] - m) / max(s, 1e-9), came, h))
        # Quiet and noisy periods come in runs, so that few of them do not tell the scale.
        stretch.append(1.0 + TAIL * DOUBT / independent_periods(came, h))
    pooled = np.concatenate(parts)
    shape = conformal_quantiles(pooled, len(pooled) / len(group)) * np.array(stretch)
    return np.asarray(median[:, None] + spread[:, None] * shape)
