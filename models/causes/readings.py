"""From the record table `process_data` to readings side by side: one row per moment, one column per
parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pandas as pd

from features.aggregates.resident import collect_pandas
from models.causes.rank import NoCausesError
from models.causes.surprise import LAGS

if TYPE_CHECKING:
    from features.tables import Tables

LEAST_READINGS: Final = 20
"""A parameter read less often than this in the good stretch is left out: it has no usual behaviour."""
MOST_REFERENCE: Final = 5000
"""Rows of good running that are used, the latest ones."""


@dataclass(frozen=True)
class Readings:
    """An episode beside good running: moments × parameters, last value held between readings.

    `before` are the rows just before the episode; `kinds` and `names` by parameter id; `left_out` the
    parameters that were read too rarely.
    """

    good: pd.DataFrame
    episode: pd.DataFrame
    before: pd.DataFrame
    kinds: dict[str, str]
    names: dict[str, str]
    left_out: tuple[str, ...]


def read_episode(
    tables: Tables,
    enterprise: str,
    start: datetime,
    stop: datetime | None = None,
    good: tuple[datetime, datetime] | None = None,
) -> Readings:
    """Readings of one enterprise from `start` up to `stop` (excluded; None: the last one), and of good
    running (`good` = first and last moment, the last excluded; None: all before `start`, at most the latest
    5000 rows).

    A moment is the usual (median) time between readings; moments without any reading are no rows, so that a
    closed weekend is no stillness. Raises `NoCausesError` where the enterprise has no readings.
    """
    wide = _wide(tables, enterprise)
    if wide.empty:
        raise NoCausesError(f"no process_data of enterprise {enterprise!r}")
    since, until = good if good is not None else (wide.index[0], start)
    usual = wide[(wide.index >= since) & (wide.index < min(until, start))].tail(MOST_REFERENCE)
    seen = wide.notna().astype(int)
    often = [p for p in wide.columns if seen.loc[usual.index, p].sum() >= LEAST_READINGS]
    held = wide[often].ffill()
    last = held.index < stop if stop is not None else held.index == held.index
    about = _about(tables, enterprise)
    return Readings(
        good=held.loc[usual.index],
        episode=held[(held.index >= start) & last],
        before=held[held.index < start].tail(LAGS),
        kinds={p: about.get(p, ("", ""))[0] for p in often},
        names={p: about.get(p, ("", ""))[1] for p in often},
        left_out=tuple(sorted(set(wide.columns) - set(often))),
    )


def _wide(tables: Tables, enterprise: str) -> pd.DataFrame:
    """Moments × parameters, NaN where nothing was read: the mean of what was read within a moment."""
    rows = _of(tables, "process_data", enterprise, ["parameter_id", "observed_at", "value"])
    moments = pd.Series(rows["observed_at"].unique()).sort_values()
    step = moments.diff().dropna().median() if len(moments) > 1 else pd.Timedelta(seconds=1)
    first = moments.iloc[0] if len(moments) else pd.Timestamp(0)
    place = (rows["observed_at"] - first) // step
    wide = pd.DataFrame(rows.assign(place=place)).pivot_table("value", "place", "parameter_id", "mean")
    wide.index = pd.Index([first + pd.Timedelta(step) * int(n) for n in wide.index])
    return wide.astype(float)


def _about(tables: Tables, enterprise: str) -> dict[str, tuple[str, str]]:
    rows = _of(tables, "parameters", enterprise, ["parameter_id", "kind", "name"])
    filled = rows.astype(object).where(rows.notna(), "")
    return {str(p): (str(k), str(n)) for p, k, n in filled.itertuples(index=False)}


def _of(tables: Tables, name: str, enterprise: str, columns: list[str]) -> Any:  # noqa: ANN401 - pandas
    mine = tables.table(name).filter(nw.col("enterprise_id") == enterprise)
    return collect_pandas(mine.select(*columns))
