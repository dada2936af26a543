"""The part of the attenuation that hides in history.

Controls hold past outcomes and past, noisy, lever readings. A good month is then ascribed partly to luck and
partly to a lever that stood better than it was read; both live on, so this period's lever and this period's
luck are correlated given history, and an effect is pulled towards zero beyond the usual attenuation. With a
lever that persists (φ), read with error variance s², whose news of a period has variance V, a steady-state
Kalman filter leaves P = V·s²/(V + s²) unknown about the last level; the cross moment
is short of θV by θ·φ·w·P, where w is the weight that this period's outcome gives to the last one's.
"""

import numpy as np

from models.effects.links import FloatArray
from models.effects.nuisance import IntArray, remove_common_time

LAGS = (1, 2, 3)
MOST_NOISE = 0.8


def history_error(
    outcome: FloatArray, levels: FloatArray, total: FloatArray, noise: FloatArray, who: IntArray, t: IntArray
) -> FloatArray:
    """What history takes off each treatment's cross moment, per row (K,), as a variance to be subtracted
    like the gauge's own.

    `outcome` (n, 1) and `levels` (n, K) less their enterprise's mean; `total` (K,) variance of the
    treatments' residuals, `noise` (K,) that of their errors.
    """
    error = np.minimum(noise, MOST_NOISE * total)
    news = np.maximum(total - error, 1e-12)
    unknown, gain = news * error / (news + error), news / (news + error)
    y, z = remove_common_time(outcome, t), remove_common_time(levels, t)
    phi = persistence(z, who)
    forgotten = phi * (1 - gain)
    carried = phi * sum(w * forgotten**k for k, w in enumerate(outcome_weights(y, z, who)))
    return np.asarray(np.maximum(carried, 0.0) * unknown)


def lagged(values: FloatArray, who: IntArray, periods: int) -> FloatArray:
    """Values (n, k) of the same enterprise `periods` rows before, NaN where there are none."""
    before = np.full_like(values, np.nan)
    before[periods:] = np.where((who[periods:] == who[:-periods])[:, None], values[:-periods], np.nan)
    return before


def persistence(levels: FloatArray, who: IntArray) -> FloatArray:
    """φ (J,) of an AR(1) seen with error: the ratio of the autocovariances at lags 2 and 1, which the error
    does not touch.
    """
    one, two = (_mean(lagged(levels, who, k) * levels) for k in (1, 2))
    return np.clip(two / np.maximum(one, 1e-9), 0.0, 0.98)


def outcome_weights(outcome: FloatArray, levels: FloatArray, who: IntArray) -> FloatArray:
    """Weights (3,) of the last three outcomes in this one, levers' last three levels held fixed; least
    squares.
    """
    past = [lagged(z, who, k) for z in (outcome, np.nan_to_num(levels)) for k in LAGS]
    design = np.column_stack(past)
    rows = np.isfinite(design).all(axis=1) & np.isfinite(outcome[:, 0])
    if rows.sum() < 2 * design.shape[1]:
        return np.zeros(len(LAGS))
    return np.asarray(np.linalg.lstsq(design[rows], outcome[rows, 0], rcond=None)[0][: len(LAGS)])


def _mean(values: FloatArray) -> FloatArray:
    return np.asarray(np.nansum(values, axis=0) / np.maximum(np.isfinite(values).sum(axis=0), 1))
