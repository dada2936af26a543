"""A forecast as a mixture of simple baselines, ridge, and LightGBM's correction of ridge."""

from __future__ import annotations

import numpy as np

from models.forecast.baselines import BASES
from models.forecast.links import Array

COMPONENTS: tuple[str, ...] = (*BASES, "ridge", "boost")


def combine(weights: Array, bases: Array, ridge: Array, boost: Array) -> Array:
    """n × 12 model-scale forecasts from 12 × 7 weights."""
    count = len(BASES)
    return np.asarray(
        bases @ weights[:, :count].T + ridge * weights[:, count] + boost * weights[:, count + 1]
    )
