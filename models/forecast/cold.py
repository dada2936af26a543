"""What a plant without any history gets: how far the plants of its sector lie from the sector's mean."""

from __future__ import annotations

import numpy as np

from models.forecast.conformal import LEVELS, normal_quantiles
from models.forecast.links import Array
from models.forecast.panel import Index

FEWEST_ENTITIES = 5


def cold_quantiles(value: Array, expected: Array, entity: Index, fallback: float) -> Array:
    """19 quantiles of a newcomer's value about its sector's mean, on the model scale.

    `value` n (NaN: unknown) and the sector means `expected` n are of known plants `entity`; every plant
    counts alike, however long it is known. A plant is a part of its own sector's mean, and a newcomer is
    not: of m plants in a sector, deviations are too small by (m − 1)/m, and the mean itself moves by their
    spread ÷ √m. With fewer than `FEWEST_ENTITIES` plants a normal distribution with standard deviation
    `fallback` answers.
    """
    known = np.isfinite(value)
    names, code = np.unique(entity[known], return_inverse=True)
    if len(names) < FEWEST_ENTITIES:
        return normal_quantiles(1.3 * fallback)
    m = max(len(names) / len(np.unique(expected[known])), 2.0)
    deviation = (value - expected)[known] * m / (m - 1.0) * np.sqrt(1.0 + 1.0 / m)
    return _weighted(deviation, 1.0 / np.bincount(code)[code])


def _weighted(values: Array, weights: Array) -> Array:
    order = np.argsort(values)
    below = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.asarray(np.interp(LEVELS, below / weights.sum(), values[order]), dtype=np.float64)
