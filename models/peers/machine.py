"""Peers that learn from all entities at once: mlforecast as documented, LightGBM, ridge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from models.forecast.links import Array, fit_link
from models.forecast.panel import Mask
from models.learning.rolling import RIDGE_REFITS
from models.peers.libraries import hushed, library
from models.peers.own_errors import with_own_errors
from models.peers.question import Answer, Question, empty, within
from models.peers.statistical import WIDTHS, by_entity, filled
from models.results import HORIZONS

SHORTEST = 2 * HORIZONS + 1  # mlforecast's own limit for two windows of conformal errors
ROUNDS = 100
SETTINGS = {"objective": "regression", "num_threads": 1, "verbosity": -1, "deterministic": True, "seed": 0}


def ridge(question: Question) -> Answer:
    """Our own ridge alone: the features, penalties and refits of the product's backtest."""
    run = question.run
    scaled = run.runs[question.target].ridge
    return with_own_errors(question, run.design.links[question.target].inverse(scaled))


def plain_lightgbm(question: Question) -> Answer:
    """LightGBM with its documented defaults on our features: one model per horizon, on the model scale.

    It is refitted when the product's own LightGBM is, from the pairs whose target had come by then.
    """
    forecast = np.full((len(question.panel.t), HORIZONS), np.nan)
    times = question.run.times[:-1]
    for first in range(0, len(times), RIDGE_REFITS):
        rows = np.isin(question.run.block, range(first, min(first + RIDGE_REFITS, len(times))))
        forecast[rows] = _boosted(question, times[first], rows)
    return with_own_errors(question, forecast)


def _boosted(question: Question, time: int, rows: Mask) -> Array:
    import lightgbm

    panel, scored = question.panel, question.panel.scored[question.target]
    past = panel.t <= time
    link = fit_link(question.target, scored[past])
    future = panel.future(link.forward(scored))[past]
    binned = lightgbm.Dataset(panel.raw[past], params=SETTINGS).construct()
    out = np.full((int(rows.sum()), HORIZONS), np.nan)
    for h in range(1, HORIZONS + 1):
        known = np.flatnonzero(np.isfinite(future[:, h - 1]) & (panel.t[past] + h <= time))
        if len(known):
            part = binned.subset(known.tolist()).construct()  # a label set before that is silently lost
            part.set_label(future[known, h - 1])
            booster = lightgbm.train(SETTINGS, part, num_boost_round=ROUNDS)
            out[:, h - 1] = link.inverse(np.asarray(booster.predict(panel.raw[rows], num_threads=1)))
    return out


def documented_mlforecast(question: Question) -> Answer:
    """mlforecast with LightGBM as its quick start shows: lags, expanding and rolling means, differences.

    The season takes the place of the week of the documentation's daily example. Series with `SHORTEST`
    values have its documented conformal intervals (two windows); shorter ones have a point only.
    """
    point, quantiles = empty(question)
    for origin in question.origins():
        here = question.at(origin)
        point[here], quantiles[here] = _documented(question, origin)
    return Answer(within(question.target, point), within(question.target, quantiles))


def _documented(question: Question, origin: int) -> tuple[Array, Array]:
    utils = library("mlforecast.utils")
    history = filled(question, origin)
    entities = question.panel.entity[question.rows[question.at(origin)]]
    long = history[history.groupby("unique_id")["y"].transform("size") >= SHORTEST]
    with hushed():
        engine = _engine(question).fit(history, static_features=[], dropna=False)
        point = _points(engine.predict(HORIZONS), entities)
        if long.empty:
            return point, np.full((*point.shape, 19), np.nan)
        intervals = utils.PredictionIntervals(n_windows=2, h=HORIZONS)
        engine = _engine(question).fit(long, static_features=[], dropna=False, prediction_intervals=intervals)
        centre, around = by_entity(engine.predict(HORIZONS, level=list(WIDTHS)), entities, "peer")
    return point, point[:, :, None] + around - centre[:, :, None]


def _points(answer: pd.DataFrame, entities: Any) -> Array:  # noqa: ANN401
    table = answer.pivot_table(index="unique_id", columns="ds", values="peer", dropna=False)
    return np.asarray(table.reindex(entities).to_numpy(np.float64))


def _engine(question: Question) -> Any:  # noqa: ANN401 - a class of the extra
    import lightgbm

    ml, lagged = library("mlforecast"), library("mlforecast.lag_transforms")
    season = question.season
    regressor = lightgbm.LGBMRegressor(random_state=0, verbosity=-1, n_jobs=1)

    def phase(times: Any) -> Any:  # noqa: ANN401 - mlforecast names the feature after the function
        return times % season

    means = [lagged.ExpandingMean(), lagged.RollingMean(window_size=season, min_samples=1)]
    differences = library("mlforecast.target_transforms").Differences([1])
    return ml.MLForecast(
        models={"peer": regressor},
        freq=1,
        lags=[1, season],
        lag_transforms={1: means},
        date_features=[phase],
        target_transforms=[differences],
        num_threads=1,
    )
