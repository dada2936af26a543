"""What forecasts of levels start from: paths, the official states and the known months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from features.tables import Tables
from models.attainment.known import MONTHS, Array, Known
from models.attainment.official import State, official_states
from models.attainment.records import monthly_records
from models.attainment.sample import PATHS, SEED, Sample, sample
from models.forecast.forecaster import ForecastModel, ModelRows
from models.results import HORIZONS

AT_ONCE = 3200  # paths of windows in memory together: as many as a processor's cache likes


@dataclass(frozen=True)
class Start:
    """A sample of paths, and the official states and the known months of its windows.

    `pace` R × M are factors on what is made, delivered and inspected in each month ahead; None: it is held at
    its mean over the last twelve months.
    """

    sample: Sample
    states: tuple[State, ...]
    known: Known
    pace: Array | None = None

    def within(self, months: int) -> Start:
        """The same, so many months ahead at most: nothing that is nearer changes."""
        pace = None if self.pace is None else self.pace[:, :months]
        return replace(self, sample=self.sample.within(months), pace=pace)


def parts(rows: int, paths: int = 200) -> Iterator[slice]:
    """Neighbouring rows, so many at once that all their paths are handled quickly."""
    at_once = max(AT_ONCE // paths, 1)
    for begin in range(0, rows, at_once):
        yield slice(begin, min(begin + at_once, rows))


def start(
    tables: Tables,
    model: ForecastModel,
    table: ModelRows,
    paths: int = PATHS,
    seed: int = SEED,
    months: int = HORIZONS,
) -> Start | None:
    """Draw paths of so many months for every enterprise and collect where each stands."""
    drawn = sample(model, table, paths, seed=seed, months=months)
    if drawn is None:
        return None
    ends = dict(zip(drawn.enterprise_ids, drawn.origin.tolist(), strict=True))
    states = official_states(tables, ends)
    first, last = min(ends.values()) - MONTHS + 1, max(ends.values())
    records = monthly_records(tables, drawn.enterprise_ids, first, last)
    known = records.windows(drawn.enterprise_ids, drawn.origin)
    return Start(drawn, tuple(states[name] for name in drawn.enterprise_ids), known)
