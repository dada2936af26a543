"""Counts as they would have been forecast from past months, by a model that saw nothing of what came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from features.periods import to_label
from models.attainment.known import MONTHS
from models.attainment.learning import fit_levels
from models.attainment.level_model import LevelModel
from models.attainment.official import State, states_at
from models.attainment.records import monthly_records
from models.attainment.sample import sample
from models.attainment.start import Start
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.portfolio.backtest.past import STEPS, Past
from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import NEVER, Firsts
from models.portfolio.horizon import FAR
from models.portfolio.paths import levels_ahead

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.tables import Tables
    from models.forecast.forecaster import ForecastModel

PATHS = 500
RETRAINED = 24
"""Months after which the backtest trains its model anew."""


@dataclass(frozen=True)
class Forecast:
    """What was to be expected from month index `month`: `firsts` 4 × N × P by basis, in the order of the
    past's enterprises (NEVER: not within `months`, or no forecast), and everybody's `states` (N) then.
    """

    month: int
    months: int
    firsts: Mapping[Basis, Firsts]
    states: tuple[State | None, ...]


def trained(tables: Tables, table: ModelTable, last: int, settings: Settings) -> ForecastModel:
    """A model of the months up to `last` (index) alone, with what it learns about levels."""
    frame = table.frame
    short = replace(table, frame=frame[(frame["frequency"] == "month") & (frame["t"] <= last)])
    fitted = fit(short, settings)
    return replace(fitted.model, levels=fit_levels(tables, short, fitted))


def forecasts(
    tables: Tables, table: ModelTable, past: Past, origins: Sequence[int], settings: Settings
) -> Iterator[Forecast]:
    """From each origin (rising month indices), with the records that it had, by a model of the months up to
    it or of up to two years less: training costs most of all.
    """
    model, until = None, 0
    for month in origins:
        if model is None or month >= until + RETRAINED:
            model, until = trained(tables, table, month, settings), month
        yield forecast_from(tables, table, model, past, month)


def forecast_from(
    tables: Tables, table: ModelTable, model: ForecastModel, past: Past, month: int
) -> Forecast:
    """What was to be expected from one month, by the paths that a portfolio keeps."""
    states = states_at(tables, past.enterprise_ids, month)
    begun = _begun(tables, table, model, states, month)
    mine = tuple(states.get(name) for name in past.enterprise_ids)
    if begun is None:
        nobody = np.full((len(STEPS), len(mine), 1), NEVER, dtype=np.uint8)
        return Forecast(month, 0, dict.fromkeys(BASES, nobody), mine)
    # Levels of today say only who falls, which nothing here counts.
    today = dict.fromkeys(BASES, np.zeros(len(begun.states), dtype=np.int8))
    ahead = levels_ahead(begun, LevelModel.from_dict(model.levels), today)
    firsts = {basis: ahead.first_months(basis, past.enterprise_ids) for basis in BASES}
    return Forecast(month, ahead.months, firsts, mine)


def _begun(
    tables: Tables, table: ModelTable, model: ForecastModel, states: Mapping[str, State], month: int
) -> Start | None:
    drawn = sample(model, table, PATHS, [to_label(month, "month")], months=FAR)
    if drawn is None or not len(drawn):
        return None
    names = drawn.enterprise_ids
    records = monthly_records(tables, sorted(set(names)), month - MONTHS + 1, month)
    return Start(drawn, tuple(states[name] for name in names), records.windows(names, drawn.origin))
