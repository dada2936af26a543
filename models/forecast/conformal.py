"""Quantiles from out-of-sample errors, on the model scale.

An error is scaled by its entity's own spread (shrunk to the panel's), so that a noisy plant gets a wide fan
and a quiet one a narrow fan. Months share shocks: an error is a common part of its target month plus the
entity's own part, and the common part, of which only a few independent draws were seen at long horizons, is
widened by what that few can hide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.forecast.booster import HORIZON_GROUPS
from models.forecast.links import Array
from models.forecast.panel import Index
from models.results import HORIZONS, QUANTILES

SPREAD_WEIGHT = 24.0  # errors at which an entity's own spread outweighs the panel's
FEWEST_ERRORS = 8
OWN_DOUBT = 0.3  # measured on simulated worlds 1–3: 90 % intervals then hold 90 % at all horizons
PERIODS_BELIEVED = 6.0  # periods at which a shortfall is believed by half


@dataclass(frozen=True)
class Spread:
    """Error quantiles of one target: `quantiles` 12 × 19 of scaled errors, `scales` per entity (else 1)."""

    quantiles: Array
    scales: dict[str, float]

    def of(self, entities: list[str]) -> Array:
        """n scales."""
        return np.array([self.scales.get(e, 1.0) for e in entities], dtype=np.float64)

    def stretched(self, factor: Array) -> Spread:
        """The same with each horizon's quantiles stretched about their median by a factor (12)."""
        median = self.quantiles[:, [len(QUANTILES) // 2]]
        return Spread(median + (self.quantiles - median) * factor[:, None], self.scales)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"quantiles": self.quantiles.tolist(), "scales": self.scales}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Spread:
        """What `to_dict` wrote."""
        return cls(np.array(data["quantiles"]), dict(data["scales"]))


def fit_spread(errors: Array, entities: Array, arrival: Index, fallback: float) -> Spread:
    """Calibrate on n × 12 errors (NaN: unknown) of entities (n codes) that came at times n × 12.

    `fallback` is the standard deviation to assume where a horizon has no error at all.
    """
    scales = entity_scales(errors, entities, fallback)
    each = np.array([scales.get(str(e), 1.0) for e in entities])
    table = np.empty((HORIZONS, len(QUANTILES)))
    for h in range(HORIZONS):
        known = np.isfinite(errors[:, h])
        table[h] = _levels(errors[known, h] / each[known], arrival[known, h], h + 1, fallback)
    return Spread(table, scales)


def entity_scales(errors: Array, entities: Array, fallback: float) -> dict[str, float]:
    """Spread of each entity's errors relative to the panel's, shrunk to 1."""
    typical = np.sqrt(np.array([np.nanmean(c**2) if np.isfinite(c).any() else fallback**2 for c in errors.T]))
    relative = np.clip(np.abs(errors / np.maximum(typical, 1e-9)), 0.0, 4.0) ** 2
    known = np.isfinite(relative)
    scales = {}
    for entity in np.unique(entities):
        rows = entities == entity
        # Overlapping horizons are one experience, not twelve: count a row's horizons as about three.
        count = known[rows].sum() / 4.0
        mean = relative[rows][known[rows]].mean() if known[rows].any() else 1.0
        scales[str(entity)] = float(np.sqrt((count * mean + SPREAD_WEIGHT) / (count + SPREAD_WEIGHT)))
    return scales


def shortfall(reach: Array, arrival: Index) -> Array:
    """By how much quantiles given so far should have been wider: 12 factors.

    `reach` n × 12 is |error| ÷ the outer quantile on its side (NaN: none). If 90 % intervals hold, a tenth
    of them exceeds one; where the world drifts, more do. The factor is their 90 % quantile over
    neighbouring horizons, believed the more, the more periods it comes from.
    """
    factors = np.ones(HORIZONS)
    for group in HORIZON_GROUPS:
        columns = np.array(group) - 1
        known = np.isfinite(reach[:, columns])
        if known.sum() < 2 * FEWEST_ERRORS:
            continue
        times = len(np.unique(arrival[:, columns][known])) / (1.0 + np.log(group[-1]))
        raw = float(np.quantile(reach[:, columns][known], 0.9))
        factors[columns] = np.clip(raw, 0.7, 2.5) ** (times / (times + PERIODS_BELIEVED))
    return factors


def widen(errors: Array, arrival: Index, horizon: int) -> Array:
    """Errors stretched by what few periods can hide, m of them being independent.

    The part that a target period has in common grows by √((m+1)/(m−1)), as a prediction from m draws does;
    the whole by 1 + OWN_DOUBT/m, because quiet and noisy periods come in runs.
    """
    times, position = np.unique(arrival, return_inverse=True)
    count = np.bincount(position)
    common = (np.bincount(position, errors) / count)[position]
    independent = max(len(times) / max(1.0, horizon / 2.0), 2.0)
    shared = common * (np.sqrt((independent + 1.0) / (independent - 1.0)) - 1.0)
    return np.asarray(errors + shared + (errors - np.median(errors)) * OWN_DOUBT / independent)


def _levels(errors: Array, arrival: Index, horizon: int, fallback: float) -> Array:
    from scipy.stats import norm

    if len(errors) < FEWEST_ERRORS:
        return np.asarray(norm.ppf(QUANTILES) * fallback * 1.3, dtype=np.float64)
    wide = widen(errors, arrival, horizon)
    # The conformal rank: of n errors the outer quantiles lie a little further out than the sample's.
    n = len(wide)
    level = np.array(QUANTILES)
    rank = np.where(level > 0.5, level * (n + 1) / n, 1.0 - (1.0 - level) * (n + 1) / n)
    return np.asarray(np.quantile(wide, np.clip(rank, 0.0, 1.0)), dtype=np.float64)
