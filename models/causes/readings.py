"""From the record table `process_data` to readings side by side: one row per moment, one column per
parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
GAPS: Final = 2
"""How much longer than without gaps a stretch may have to be."""


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

    A moment is as long as the usual time between two readings of a parameter (the median parameter's);
    moments without any reading are no rows, so that a closed weekend is no stillness. Raises `NoCausesError`
    where the enterprise has no readings.
    """
    mine = _of(tables, "process_data", enterprise)
    since = good[0] if good is not None else _far_enough(mine, enterprise, start)
    wide = _wide(mine.filter(nw.col("observed_at") >= since), stop)
    until = start if good is None else min(good[1], start)
    usual = wide[wide.index < until].tail(MOST_REFERENCE)
    often = [p for p in wide.columns if usual[p].notna().sum() >= LEAST_READINGS]
    held, about = wide[often].ffill(), _about(tables, enterprise)
    return Readings(
        good=held.loc[usual.index],
        episode=held[held.index >= start],
        before=held[held.index < start].tail(LAGS),
        kinds={p: about.get(p, ("", ""))[0] for p in often},
        names={p: about.get(p, ("", ""))[1] for p in often},
        left_out=tuple(sorted(set(wide.columns) - set(often))),
    )


def _far_enough(mine: nw.LazyFrame[Any], enterprise: str, start: datetime) -> datetime:
    """A moment that leaves `MOST_REFERENCE` rows before `start`, gaps allowed for: only what lies behind it
    leaves the store, which may hold years.
    """
    when = nw.col("observed_at")
    spans = collect_pandas(
        mine.group_by("parameter_id").agg(n=nw.len(), first=when.min(), last=when.max()).sort("parameter_id")
    )
    if spans.empty:
        raise NoCausesError(f"no process_data of enterprise {enterprise!r}")
    pace = ((spans["last"] - spans["first"]) / (spans["n"] - 1).clip(lower=1)).dt.total_seconds().median()
    end = min(start, pd.Timestamp(spans["last"].max()).to_pydatetime())
    return end - timedelta(seconds=GAPS * MOST_REFERENCE * float(pace))


def _wide(mine: nw.LazyFrame[Any], stop: datetime | None) -> pd.DataFrame:
    """Moments × parameters, NaN where nothing was read: the mean of what was read within a moment."""
    told = mine if stop is None else mine.filter(nw.col("observed_at") < stop)
    rows = collect_pandas(told.select("parameter_id", "observed_at", "value"))
    rows = pd.DataFrame(rows).sort_values(["parameter_id", "observed_at"])
    gaps = rows.groupby("parameter_id")["observed_at"].agg(
        lambda times: times.drop_duplicates().diff().median()
    )
    step, first = gaps.median(), rows["observed_at"].min()
    if rows.empty or pd.isna(step):
        raise NoCausesError(
            "no two readings of any parameter in that time; name a longer stretch with --reference"
        )
    place = (rows["observed_at"] - first) // step
    wide = rows.assign(place=place).pivot_table("value", "place", "parameter_id", "mean")
    wide.index = pd.Index([first + step * int(n) for n in wide.index])
    return wide.astype(float)


def _about(tables: Tables, enterprise: str) -> dict[str, tuple[str, str]]:
    rows = collect_pandas(_of(tables, "parameters", enterprise).select("parameter_id", "kind", "name"))
    filled = rows.astype(object).where(rows.notna(), "")
    return {str(p): (str(k), str(n)) for p, k, n in filled.itertuples(index=False)}


def _of(tables: Tables, name: str, enterprise: str) -> nw.LazyFrame[Any]:
    return tables.table(name).filter(nw.col("enterprise_id") == enterprise)
