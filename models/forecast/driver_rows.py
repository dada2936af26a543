"""Drivers as rows: one per forecast and feature that had a share, the largest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.forecast.asked import Outlook, labels
from models.forecast.links import Array
from models.forecast.panel import Index


def driver_rows(outlook: Outlook, horizons: Sequence[int]) -> pd.DataFrame:
    """All non-zero shares of the outlook's forecasts at the given horizons."""
    shares = outlook.shares()
    unit, baseline, forecast = shares.in_unit(outlook.model.link)
    asked = np.isin(np.arange(shares.scaled.shape[1]) + 1, list(horizons))
    wanted = outlook.answered()[:, None, None] & asked[None, :, None]
    row, step, feature = (np.asarray(i, dtype=np.int64) for i in np.nonzero(wanted & (shares.scaled != 0.0)))
    size = np.abs(shares.scaled[row, step, feature])
    order = np.lexsort((feature, -size, step, row))
    row, step, feature = row[order], step[order], feature[order]
    keys = outlook.panel.keys.iloc[row]
    return pd.DataFrame(
        {
            "enterprise_id": keys["enterprise_id"].to_numpy(),
            "product_id": keys["product_id"].to_numpy(),
            "target": outlook.model.target,
            "period": labels(keys["t"].to_numpy() + step + 1, outlook.panel.frequency),
            "horizon": step + 1,
            "rank": _ranks(row, step),
            "feature": np.array(shares.features, dtype=object)[feature],
            "value": _values(outlook, shares.features)[row, feature],
            "contribution": unit[row, step, feature],
            "contribution_model_scale": shares.scaled[row, step, feature],
            "baseline": baseline[step],
            "forecast": forecast[row, step],
        }
    )


def _ranks(row: Index, step: Index) -> Index:
    """1, 2, … within each run of equal (row, step)."""
    if not len(row):
        return np.array([], dtype=np.int64)
    starts = np.flatnonzero(np.append(True, (row[1:] != row[:-1]) | (step[1:] != step[:-1])))
    run = np.diff(np.append(starts, len(row)))
    return np.arange(len(row), dtype=np.int64) - np.repeat(starts, run) + 1


def _values(outlook: Outlook, features: tuple[str, ...]) -> Array:
    """n × features in their own unit; the offset's value is the mean that it stands for."""
    columns = []
    for name in features:
        if name.endswith(".offset"):
            columns.append(outlook.model.link.inverse(outlook.rows.start))
        else:
            columns.append(outlook.panel.column(name))
    return np.column_stack(columns)
