"""Which period of an enterprise is the latest complete one: decided by its records, never by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from features.aggregates import Scope
from features.aggregates.recorded import latest_moments, recorded_moments, stated_months
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.periods import Frequency, last_day
from features.tables import Tables


def latest_complete_months(tables: Tables, scope: Scope) -> dict[str, int]:
    """Return every enterprise's latest complete month with any record, as month index."""
    timed, stated = (collect_pandas(rows(tables, scope)) for rows in (recorded_moments, stated_months))
    periods = pd.concat([timed[[ENTERPRISE, "t"]], stated], ignore_index=True)
    latest = timed.groupby(ENTERPRISE)["at"].max().dt.date.to_dict()
    return last_complete(periods, stated, latest, "month")


def latest_days(tables: Tables, scope: Scope) -> dict[str, date]:
    """Return the day of every enterprise's latest record that has a time of day."""
    rows = collect_pandas(latest_moments(tables, scope))
    return dict(zip(rows[ENTERPRISE], rows["at"].dt.date, strict=True))


def last_complete(
    periods: pd.DataFrame, statements: pd.DataFrame, latest: Mapping[str, date], frequency: Frequency
) -> dict[str, int]:
    """Return the latest complete period with any record, per enterprise; one without any is left out.

    `periods` and `statements` are the (enterprise_id, t) with any record and with a monthly statement;
    `latest` is the day of an enterprise's latest record with a time. A period is complete if a statement
    for it, a record of a later period, or a record on its last day exists.
    """
    ordered = periods.sort_values([ENTERPRISE, "t"], ignore_index=True)
    newest = ordered.groupby(ENTERPRISE).tail(1)
    stated = set(zip(statements[ENTERPRISE], statements["t"], strict=True))
    complete = [
        (enterprise, t) in stated or _ended(latest.get(enterprise), int(t), frequency)
        for enterprise, t in zip(newest[ENTERPRISE], newest["t"], strict=True)
    ]
    unfinished = newest.index[[not done for done in complete]]
    kept = ordered.drop(index=unfinished).groupby(ENTERPRISE)["t"].max()
    return {str(enterprise): int(t) for enterprise, t in kept.items()}


def _ended(day: date | None, t: int, frequency: Frequency) -> bool:
    return day is not None and day >= last_day(t, frequency)
