"""What stood before a period's settings: controls from a plant's own past, and the season."""

from typing import Final

import numpy as np

from models.effects.links import TARGETS, FloatArray
from models.effects.panel import Panel
from models.effects.series import Series

MEMORIES: Final = (0.0, 0.6, 0.9)
YEAR: Final = {"month": 12.0, "week": 52.18, "day": 365.25}


def controls(panel: Panel, series: Series) -> FloatArray:
    """(S, T, p), nothing of which is later than the period before, but the season.

    The past of the series itself, of all steps of its plant and of the plant's other outcomes, each as its
    distance from its own mean so far, last period's and two moving averages. Past readings of levers and
    surroundings are not among them: their errors would spoil what is known of the errors of this period's.
    """
    plant = [_mean_of_steps(panel.steps), *(panel.outcomes[y] for y in TARGETS if y in panel.outcomes)]
    told = [np.where(series.known, series.y, np.nan), *(x[series.who] for x in plant)]
    parts = [past for x in told for past in _pasts(x)]
    return np.stack([*parts, *_season(panel, series)], axis=-1)


def _mean_of_steps(steps: FloatArray) -> FloatArray:
    known = np.isfinite(steps)
    count = known.sum(axis=1)
    return np.where(count > 0, np.nansum(steps, axis=1) / np.maximum(count, 1), np.nan)


def _pasts(values: FloatArray) -> list[FloatArray]:
    """Moving averages (S, T) of what was known before each period, as distances from the mean until then."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    count = np.cumsum(known, axis=1)
    so_far = np.cumsum(filled, axis=1) / np.maximum(count, 1)
    away = np.where(known & (count > 1), values - so_far, 0.0)
    return [_lagged_average(away, known, memory) for memory in MEMORIES]


def _lagged_average(away: FloatArray, known: FloatArray, memory: float) -> FloatArray:
    out, state = np.zeros(away.shape), np.zeros(len(away))
    for t in range(1, away.shape[1]):
        state = np.where(known[:, t - 1], memory * state + (1 - memory) * away[:, t - 1], state)
        out[:, t] = state
    return out


def _season(panel: Panel, series: Series) -> list[FloatArray]:
    phase = 2 * np.pi * (panel.first + np.arange(panel.periods)) / YEAR.get(panel.frequency, 12.0)
    return [np.broadcast_to(f(phase), series.known.shape) for f in (np.sin, np.cos)]
