"""One function that builds the model table for training and for serving alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from features.aggregates import Scope
from features.aggregates.scope import ENTERPRISE
from features.completeness import last_complete, latest_days
from features.model_table.capability_features import capability_features
from features.model_table.grid import Floats, Grid, make_grid
from features.model_table.observed import (
    KEYS,
    QUANTITIES,
    TARGETS,
    WHOLE,
    Observed,
    observe,
)
from features.model_table.parameter_features import parameter_features
from features.model_table.signals import signal_features
from features.model_table.static import TEXTS, calendar, described, enterprises, parameters
from features.model_table.together import Part, together
from features.periods import FREQUENCIES, index_of, last_day, period_end
from features.tables import Tables


@dataclass(frozen=True)
class ModelTable:
    """One row per entity and period, features known at the end of that period, and the targets of it.

    An entity is (enterprise_id, product_id); product_id "" is the enterprise as a whole. An enterprise that
    works by the week or the day has rows of its own frequency and, because its losses and deliveries are
    stated by the month and its grade rests on months, rows of months beside them. `frame` is sorted by
    enterprise_id, product_id, t and has no gaps in t of a frequency; `features` names its feature columns
    (float64, natural units, NaN = unknown). Columns named like targets and `q.…` are what was observed in
    the row's own period. `parameters` is the record table of that name, for the enterprises in `frame`.
    """

    frame: pd.DataFrame
    features: tuple[str, ...]
    parameters: pd.DataFrame


def build_model_table(
    tables: Tables, as_of: str | None = None, enterprise_ids: Sequence[str] | None = None
) -> ModelTable:
    """Build the model table from records up to the end of period `as_of`; nothing after it is read.

    With `as_of` (a label of any frequency) rows end with the last period that has ended by then and has
    records. Without it they end with every enterprise's latest complete period. Raises `PeriodError` for
    a bad label.
    """
    ids = None if enterprise_ids is None else tuple(enterprise_ids)
    static, listed = enterprises(tables, ids), parameters(tables, ids)
    parts = [
        _of_frequency(tables, scope, static, listed, complete=as_of is not None)
        for scope in _scopes(static, as_of, ids)
    ]
    frame = together(parts)
    given = {*KEYS, "frequency", "period", *TEXTS, *TARGETS, *QUANTITIES}
    return ModelTable(frame, tuple(name for name in frame.columns if name not in given), listed)


def _scopes(static: pd.DataFrame, as_of: str | None, ids: tuple[str, ...] | None) -> Iterator[Scope]:
    """Yield a scope per frequency in use; everybody has months."""
    for frequency in FREQUENCIES:
        until = None
        if as_of is not None:
            until = last_day(index_of(period_end(as_of) + timedelta(days=1), frequency) - 1, frequency)
        mine = tuple(static.index[static["frequency"] == frequency])
        if frequency == "month":
            yield Scope("month", until, enterprise_ids=ids)
        elif mine:
            yield Scope(frequency, until, enterprise_ids=mine)


def _of_frequency(
    tables: Tables, scope: Scope, static: pd.DataFrame, listed: pd.DataFrame, *, complete: bool
) -> Part:
    observed = observe(tables, scope)
    grid = make_grid([*observed.parts, observed.readings], _last(tables, scope, observed, complete=complete))
    values = _values(observed, grid)
    like = tables.table("enterprises")
    features = signal_features(values, grid, like)
    features |= capability_features(observed.graded, grid, like)
    ids = sorted({*listed["parameter_id"].unique(), *observed.readings["parameter_id"].unique()})
    features |= parameter_features(observed.readings, ids, grid, like)
    features |= calendar(grid, scope.frequency)
    return Part(*described(grid, scope.frequency, static, values | features))


def _last(tables: Tables, scope: Scope, observed: Observed, *, complete: bool) -> dict[str, int]:
    """Return the last period of every enterprise."""
    parts = [
        part.loc[part["product_id"] == WHOLE, [ENTERPRISE, "t"]]
        for part in (*observed.parts, observed.readings)
    ]
    periods = pd.concat(parts).drop_duplicates()
    if complete:
        return {str(key): int(t) for key, t in periods.groupby(ENTERPRISE)["t"].max().items()}
    return last_complete(periods, observed.statements, latest_days(tables, scope), scope.frequency)


def _values(observed: Observed, grid: Grid) -> dict[str, Floats]:
    values = {name: np.full(grid.rows, np.nan) for name in (*TARGETS, *QUANTITIES)}
    for part in observed.parts:
        values |= grid.scatter(part, [name for name in part.columns if name not in KEYS])
    with np.errstate(divide="ignore", invalid="ignore"):
        values["internal_loss"] = values["q.internal_amount"] / values["q.output_value"]
        values["external_loss"] = values["q.external_amount"] / values["q.output_value"]
        ppm = values["q.nonconforming"] * 1e6 / values["q.units"]
    values["ppm"] = np.where(values["q.units"] > 0, ppm, np.nan)
    return values
