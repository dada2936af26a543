"""Quantiles for peers that have none of their own: their point plus their own past errors.

At each origin and horizon these are the errors of the same peer, at the same horizon, on the same entity,
whose target had come by then; an entity with fewer than `FEWEST` of them takes those of the whole panel,
and where that has too few there are no quantiles.
"""

from __future__ import annotations

import numpy as np

from models.forecast.links import Array
from models.peers.question import LEVELS, Answer, Question, empty, within
from models.results import HORIZONS

FEWEST = 10


def with_own_errors(question: Question, forecast: Array) -> Answer:
    """The asked rows of an n × 12 forecast of every row, with 19 quantiles about each point."""
    forecast = within(question.target, forecast)
    point, quantiles = empty(question)
    point[:] = forecast[question.rows]
    errors = question.panel.future(question.panel.actual[question.target]) - forecast
    for h in range(HORIZONS):
        by_time = _entities_by_time(question, errors[:, h])
        for origin in question.origins():
            here = question.at(origin)
            arrived = by_time[:, : max(origin - int(question.panel.t.min()) - h, 0)]
            spread = _quantiles(arrived)[question.panel.entity[question.rows[here]]]
            quantiles[here, h] = point[here, h][:, None] + spread
    return Answer(point, within(question.target, quantiles))


def _entities_by_time(question: Question, errors: Array) -> Array:
    """Entities × periods from the panel's first one, NaN where there is no row."""
    panel = question.panel
    first = int(panel.t.min())
    table = np.full((int(panel.entity.max()) + 1, int(panel.t.max()) - first + 1), np.nan)
    table[panel.entity, panel.t - first] = errors
    return table


def _quantiles(errors: Array) -> Array:
    """Entities × 19: each row's own quantiles, the panel's where the row knows too few, else NaN."""
    known = np.isfinite(errors)
    if known.sum() < FEWEST:
        return np.full((len(errors), len(LEVELS)), np.nan)
    pooled = np.quantile(errors[known], LEVELS)
    own = row_quantiles(errors)
    return np.where(known.sum(axis=1)[:, None] >= FEWEST, own, pooled)


def row_quantiles(values: Array) -> Array:
    """Rows × 19: linear quantiles of each row's known values (NaN for a row without any)."""
    ordered = np.sort(values, axis=1)  # NaN go last
    count = np.isfinite(values).sum(axis=1)[:, None]
    place = LEVELS * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    below, above = np.take_along_axis(ordered, low, 1), np.take_along_axis(ordered, high, 1)
    return np.asarray(below + (place - low) * (above - below))
