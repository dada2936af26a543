"""Peers that carry one number forward, computed for every row so that each knows its own past errors.

They take gaps as they are: a period without a value is skipped, and time passes all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from models.forecast.links import Array
from models.peers.own_errors import with_own_errors
from models.peers.question import Answer, Question
from models.results import HORIZONS

Forecaster = Callable[[Question], Array]


def last_value(question: Question) -> Array:
    """n × 12: the latest known value."""
    return _level(_by_entity(question).ffill())


def entity_mean(question: Question) -> Array:
    """n × 12: the mean of all known values so far."""
    return _level(_by_entity(question).expanding().mean().droplevel(0).sort_index())


def seasonal_value(question: Question) -> Array:
    """n × 12: the value one season before the target period, else two, three …; without any, the latest."""
    grouped, season = _by_entity(question), question.season
    longest = int(np.bincount(question.panel.entity).max())
    out = np.full((len(question.panel.t), HORIZONS), np.nan)
    for h in range(1, HORIZONS + 1):
        for lag in range(-h % season, longest, season):
            gaps = np.isnan(out[:, h - 1])
            out[gaps, h - 1] = grouped.shift(lag).to_numpy()[gaps]
    return np.where(np.isnan(out), last_value(question), out)


def weighted_mean(half_life: float) -> Forecaster:
    """n × 12: known values weighted by ½^(age ÷ half-life), all of the past."""

    def forecast(question: Question) -> Array:
        smooth = _by_entity(question).ewm(halflife=half_life, ignore_na=False).mean()
        return _level(smooth.droplevel(0).sort_index())

    return forecast


def carried(forecast: Forecaster) -> Callable[[Question], Answer]:
    """A peer from a forecaster of every row, with quantiles from its own past errors."""
    return lambda question: with_own_errors(question, forecast(question))


def _by_entity(question: Question) -> Any:  # noqa: ANN401 - pandas keeps the type to itself
    return question.series().groupby(question.panel.entity, sort=False)


def _level(values: pd.Series) -> Array:
    return np.tile(values.to_numpy(np.float64)[:, None], (1, HORIZONS))
