"""Synthetic control: a weighted mean of like lines that ran beside this one before the action.

Weights are those of synthetic difference-in-differences (Arkhangelsky, Athey, Hirshberg, Imbens & Wager
2021): not negative, adding up to one, with a free intercept and a ridge that spreads them. So a poor fit on
level costs nothing and no donor carries the answer alone; Abadie, Diamond & Hainmueller (2010) have neither,
Ben-Michael, Feller & Rothstein (2021) say why both.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import nnls

from models.effects.links import FloatArray

SUM_TO_ONE: Final = 1e3
RIDGE: Final = 1.0


def weights(own: FloatArray, donors: FloatArray) -> FloatArray:
    """Donor weights (J,) from periods before the action: `own` (n,), `donors` (J, n), nothing missing.

    The ridge is n^½ times the mean variance of the donors' period-to-period changes: with noisy months the
    weights go to equal shares.
    """
    y, x = own - own.mean(), donors - donors.mean(axis=1, keepdims=True)
    noise = float(np.mean(np.diff(donors, axis=1) ** 2)) if donors.shape[1] > 1 else 1.0
    penalty = np.sqrt(RIDGE * np.sqrt(len(own)) * max(noise, 1e-9))
    size = float(np.sqrt(np.mean(x**2))) or 1.0
    left = np.vstack([x.T, penalty * np.eye(len(x)), SUM_TO_ONE * size * np.ones((1, len(x)))])
    right = np.concatenate([y, np.zeros(len(x)), [SUM_TO_ONE * size]])
    found, _ = nnls(left, right)
    return np.asarray(found / found.sum())


def filled(values: FloatArray) -> FloatArray:
    """Lines (J, T) with what is missing filled by line mean + period mean of what is known."""
    known = np.isfinite(values)
    level = np.where(known, values, 0.0).sum(1) / np.maximum(known.sum(1), 1)
    rest = np.where(known, values - level[:, None], 0.0)
    period = rest.sum(0) / np.maximum(known.sum(0), 1)
    return np.where(known, values, level[:, None] + period[None, :])
