"""A model table from loose rows: what a served model is given over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from features.periods import to_index
from models.forecast.forecaster import ForecastModel

KEYS = ("enterprise_id", "product_id", "frequency", "period", "t")


class RowsRefusedError(ValueError):
    """Rows that are no rows of a model table."""


@dataclass(frozen=True)
class RowTable:
    """Rows in the model table's form."""

    frame: pd.DataFrame
    features: tuple[str, ...]


def table_of_rows(rows: pd.DataFrame | Sequence[Mapping[str, object]], model: ForecastModel) -> RowTable:
    """Accept a frame or a list of records; columns that are absent count as unknown.

    Raises `RowsRefusedError` where a row does not say whose it is, or of which period.
    """
    frame = pd.DataFrame(rows).copy()
    for name, default in (("product_id", ""), ("frequency", "month")):
        frame[name] = frame[name].fillna(default) if name in frame else default
    missing = [name for name in ("enterprise_id", "period") if name not in frame or frame[name].isna().any()]
    if missing:
        raise RowsRefusedError(f"model input: {', '.join(missing)} missing or empty; every row needs both")
    if "t" not in frame or frame["t"].isna().any():
        frame["t"] = [to_index(period) for period in frame["period"]]
    return RowTable(frame, tuple(str(name) for name in model.facts.get("features", ())))
