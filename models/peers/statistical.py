"""The automatic models of statsforecast: one series at a time, refitted at every origin.

They cannot take gaps: a series starts at its first known value, and each gap holds the value before it. A
model that fails on a series (too short, constant) is stood in for by statsforecast's own Naive, as its
documentation advises. Answers are moved into what the target can be, which only ever helps the peer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from models.forecast.links import Array
from models.peers.libraries import hushed, library
from models.peers.question import Answer, Question, empty, within
from models.results import HORIZONS, QUANTILES

WIDTHS = (90, 80, 70, 60, 50, 40, 30, 20, 10)  # central intervals, per cent: their ends and the middle are 19
LONGEST_SEASON = 24  # statsforecast, as R's forecast, drops longer seasons of ETS; ARIMA's would take hours


def automatic(name: str, *, seasonal: bool) -> Callable[[Question], Answer]:
    """A peer from a statsforecast model class, with the season of the panel's frequency or without any."""

    def ask(question: Question) -> Answer:
        season = question.season if seasonal and question.season <= LONGEST_SEASON else 1
        point, quantiles = empty(question)
        for origin in question.origins():
            here = question.at(origin)
            point[here], quantiles[here] = _forecast(question, origin, name, season)
        return Answer(within(question.target, point), within(question.target, quantiles))

    return ask


def filled(question: Question, origin: int) -> pd.DataFrame:
    """unique_id, ds, y up to an origin: the asked entities from their first known value on, gaps held."""
    panel, here = question.panel, question.rows[question.at(origin)]
    rows = np.flatnonzero((panel.t <= origin) & np.isin(panel.entity, panel.entity[here]))
    values = question.series().iloc[rows].groupby(panel.entity[rows], sort=False).ffill()
    frame = pd.DataFrame({"unique_id": panel.entity[rows], "ds": panel.t[rows], "y": values.to_numpy()})
    return frame.dropna().reset_index(drop=True)


def _forecast(question: Question, origin: int, name: str, season: int) -> tuple[Array, Array]:
    models, core = library("statsforecast.models"), library("statsforecast")
    history = filled(question, origin)
    entities = question.panel.entity[question.rows[question.at(origin)]]
    if history.empty:
        return np.full((len(entities), HORIZONS), np.nan), np.full((len(entities), HORIZONS, 19), np.nan)
    with hushed():
        engine = core.StatsForecast(
            models=[getattr(models, name)(season_length=season, alias="peer")],
            freq=1,
            n_jobs=1,
            fallback_model=models.Naive(alias="peer"),
        )
        answer = engine.forecast(df=history, h=HORIZONS, level=list(WIDTHS))
    return by_entity(answer, entities, "peer")


def by_entity(answer: pd.DataFrame, entities: Any, name: str) -> tuple[Array, Array]:  # noqa: ANN401
    """Point (m × 12) and quantiles (m × 12 × 19) of the given entities from a long frame with intervals."""
    low = [f"{name}-lo-{width}" for width in WIDTHS]
    high = [f"{name}-hi-{width}" for width in reversed(WIDTHS)]
    flat = answer.sort_values(["unique_id", "ds"])[[*low, name, *high]].to_numpy(np.float64)
    wide = flat.reshape(-1, HORIZONS, len(QUANTILES))
    known = {int(entity): i for i, entity in enumerate(np.sort(answer["unique_id"].unique()))}
    place = np.array([known.get(int(entity), -1) for entity in entities])
    found = np.where((place >= 0)[:, None, None], wide[place], np.nan)
    return found[:, :, len(WIDTHS)], np.sort(found, axis=2)
