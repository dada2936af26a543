"""How many readings stand behind one period's level of a parameter: the error of a mean shrinks with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from features.aggregates.resident import collect_pandas

if TYPE_CHECKING:
    from features.tables import Tables


def readings_per_period(tables: Tables) -> pd.DataFrame:
    """Rows enterprise_id, parameter_id, readings: mean number of readings per month that has any, from
    `process_data`.

    Runs on whatever engine holds the tables; only one row per parameter comes back.
    """
    keys = ["enterprise_id", "parameter_id"]
    monthly = (
        tables.table("process_data")
        .with_columns(month=nw.col("observed_at").dt.year() * 12 + nw.col("observed_at").dt.month())
        .group_by(*keys, "month")
        .agg(readings=nw.len())
    )
    return collect_pandas(monthly.group_by(*keys).agg(nw.col("readings").mean()).sort(*keys))
