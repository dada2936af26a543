"""Drivers as rows: one per forecast and feature that had a share, the largest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.forecast.asked import Outlook, labels
from models.forecast.drivers import Shares
from models.forecast.links import Array
from models.forecast.panel import Index, Mask

OTHERS = "(others)"


def driver_rows(
    outlook: Outlook, horizons: Sequence[int], wanted: Mask | None = None, top: int | None = None
) -> pd.DataFrame:
    """All non-zero shares of the outlook's forecasts at the given horizons.

    `wanted` n booleans: the rows to tell of. With `top`, only so many of each forecast are told and the sum
    of all others is one row more, so that the rows still add up.
    """
    shares = outlook.shares(horizons)
    wanted = outlook.answered() if wanted is None else wanted
    unit, baseline, forecast = shares.in_unit(outlook.model.link)
    order = np.argsort(-np.abs(shares.scaled), axis=2, kind="stable")
    kept, scaled, unit = _with_others(order, shares.scaled, unit, top)
    told = wanted[:, None, None] & (np.take_along_axis(scaled, kept, axis=2) != 0.0)
    row, step, place = np.nonzero(told)
    feature = kept[row, step, place]
    keys, horizon = outlook.panel.keys, np.array(shares.horizons)[step]
    return pd.DataFrame(
        {
            "enterprise_id": keys["enterprise_id"].to_numpy(object)[row],
            "product_id": keys["product_id"].to_numpy(object)[row],
            "target": outlook.model.target,
            "period": labels(keys["t"].to_numpy()[row] + horizon, outlook.panel.frequency),
            "horizon": horizon,
            "rank": place + 1,
            "feature": np.array([*shares.features, OTHERS], dtype=object)[feature],
            "value": _values(outlook, shares)[row, feature],
            "contribution": unit[row, step, feature],
            "contribution_model_scale": scaled[row, step, feature],
            "baseline": baseline[step],
            "forecast": forecast[row, step],
        }
    )


def _with_others(order: Index, scaled: Array, unit: Array, top: int | None) -> tuple[Index, Array, Array]:
    """Positions to tell (n × horizons × places), and both arrays with the others' sum as a last feature."""
    if top is None or top >= order.shape[2]:
        return order, scaled, unit
    rest = order[:, :, top:]
    last = np.full((*order.shape[:2], 1), order.shape[2])
    return (
        np.concatenate([order[:, :, :top], last], axis=2),
        _with_sum(scaled, rest),
        _with_sum(unit, rest),
    )


def _with_sum(values: Array, rest: Index) -> Array:
    added = np.take_along_axis(values, rest, axis=2).sum(axis=2, keepdims=True)
    return np.concatenate([values, added], axis=2)


def _values(outlook: Outlook, shares: Shares) -> Array:
    """n × (features + 1) in their own unit: the offset's is the mean it stands for, the others have none."""
    columns = []
    for name in shares.features:
        if name.endswith(".offset"):
            columns.append(outlook.model.link.inverse(outlook.rows.start))
        else:
            columns.append(outlook.panel.column(name))
    return np.column_stack([*columns, np.full(len(outlook.panel.t), np.nan)])
