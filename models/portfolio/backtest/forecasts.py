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
from models.attainment.levels import graded, path_levels
from models.attainment.official import State, states_at
from models.attainment.records import monthly_records
from models.attainment.sample import sample
from models.attainment.start import Start, parts
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.portfolio.backtest.past import STEPS, Past
from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import NEVER, Firsts
from models.portfolio.horizon import FAR
from models.portfolio.paths import kept_firsts
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.tables import Tables
    from models.forecast.forecaster import ForecastModel

PATHS = 500
RETRAINED = 12
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
    it or of up to a year less: models are trained once a year.
    """
    model, until = None, 0
    for month in origins:
        if model is None or month >= until + RETRAINED:
            model, until = trained(tables, table, month, settings), month
        yield forecast_from(tables, table, model, past, month)


def forecast_from(
    tables: Tables, table: ModelTable, model: ForecastModel, past: Past, month: int
) -> Forecast:
    """What was to be expected from one month."""
    states = states_at(tables, past.enterprise_ids, month)
    begun = _begun(tables, table, model, states, month)
    place = {name: row for row, name in enumerate(past.enterprise_ids)}
    months = begun.sample.months if begun else 0
    paths = begun.sample.count if begun else 1
    shape = (len(STEPS), len(place), paths)
    found: dict[Basis, Firsts] = {basis: np.full(shape, NEVER, dtype=np.uint8) for basis in BASES}
    if begun:
        for names, own in _firsts(begun, model):
            rows = [place[name] for name in names]
            for basis, first in own.items():
                found[basis][:, rows] = first
    return Forecast(month, months, found, tuple(states.get(name) for name in past.enterprise_ids))


def _begun(
    tables: Tables, table: ModelTable, model: ForecastModel, states: Mapping[str, State], month: int
) -> Start | None:
    drawn = sample(model, table, PATHS, [to_label(month, "month")], months=FAR)
    if drawn is None or not len(drawn):
        return None
    names = drawn.enterprise_ids
    records = monthly_records(tables, sorted(set(names)), month - MONTHS + 1, month)
    return Start(drawn, tuple(states[name] for name in names), records.windows(names, drawn.origin))


def _firsts(begun: Start, model: ForecastModel) -> Iterator[tuple[Sequence[str], dict[Basis, Firsts]]]:
    rules, learned = ArrayRules(), LevelModel.from_dict(model.levels)
    for part in parts(len(begun.sample)):
        names = begun.sample.enterprise_ids[part]
        window = learned.blended(path_levels(rules, begun, part, learned.admission), names)
        levels = {"grade": graded(rules, window, begun.states[part]), "performance": window}
        late = np.zeros(len(names), dtype=np.int64)
        yield names, {b: kept_firsts(levels[b], begun.sample, names, late) for b in BASES}
