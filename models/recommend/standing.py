"""Where enterprises stand officially, and the months ahead if nothing is done: what a move is held against.

With a promoted forecasting model the months ahead are its paths; without one, or where it does not forecast
an indicator, the last twelve months go on as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features.aggregates import Scope
from features.completeness import latest_complete_months
from features.periods import period_end
from models.attainment.known import MONTHS, Array, Known
from models.attainment.official import State, official_states
from models.attainment.records import monthly_records
from models.attainment.sample import Sample, sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.tables import Tables
    from models.forecast.forecaster import ForecastModel, ModelRows

PATHS: Final = 256


@dataclass(frozen=True)
class Standing:
    """Official states, known months and last month index (`origin`) of R enterprises, and the paths of those
    that are forecast.
    """

    rows: dict[str, int]
    origin: tuple[int, ...]
    states: tuple[State, ...]
    known: Known
    drawn: Sample | None

    def window(self, enterprise_id: str) -> Known:
        """The twelve known months of one enterprise."""
        row = self.rows[enterprise_id]
        return self.known.take(slice(row, row + 1))

    def paths(self, enterprise_id: str, target: str) -> Array | None:
        """P × 12 paths of a target in its unit, from the month after `origin` on; None: not forecast."""
        drawn = self.drawn
        if drawn is None or enterprise_id not in drawn.enterprise_ids:
            return None
        row = drawn.enterprise_ids.index(enterprise_id)
        same = int(drawn.origin[row]) == self.origin[self.rows[enterprise_id]]
        if not same or not drawn.forecasts(target, row):
            return None
        return np.asarray(drawn.drawn[target].paths(slice(row, row + 1))[0])


def standing(
    tables: Tables,
    enterprise_ids: Sequence[str] | None = None,
    as_of: str | None = None,
    model: ForecastModel | None = None,
    table: ModelRows | None = None,
) -> Standing | None:
    """Where the enterprises stand (all without `enterprise_ids`), forecast by `model` from `table` if both
    are given; None where none has a complete month.
    """
    until = None if as_of is None else period_end(as_of)
    wanted = None if enterprise_ids is None else tuple(sorted(enterprise_ids))
    ends = latest_complete_months(tables, Scope("month", until, enterprise_ids=wanted))
    drawn = sample(model, table, PATHS) if model is not None and table is not None else None
    if drawn is not None:
        own = dict(zip(drawn.enterprise_ids, drawn.origin.tolist(), strict=True))
        ends = {name: own.get(name, month) for name, month in ends.items()}
    if not ends:
        return None
    names = tuple(sorted(ends))
    months = np.array([ends[name] for name in names], dtype=np.int64)
    states = official_states(tables, ends)
    kept = tuple(name for name in names if name in states)
    records = monthly_records(tables, names, int(months.min()) - MONTHS + 1, int(months.max()))
    at = np.array([ends[name] for name in kept], dtype=np.int64)
    return Standing(
        {name: row for row, name in enumerate(kept)},
        tuple(int(month) for month in at),
        tuple(states[name] for name in kept),
        records.windows(kept, at),
        drawn,
    )
