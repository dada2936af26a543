"""What has followed failing units in the plants' own history: external losses months later, and capability.

Neither is an effect of a lever. They say how one indicator has moved when another did, within plants, and
carry a lever's effect on failing units on to indicators that no effect was estimated on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from features.model_table import ModelTable
from models.attainment.known import Array
from models.effects.links import loss_offset, to_link

LAGS: Final = 9
PRIOR: Final = (0.0, 0.2, 0.3, 0.3, 0.2, 0.0, 0.0, 0.0, 0.0)
"""Where nothing is known: what gets out is paid for two and a half months later on average."""
BELIEVED: Final = 100.0
"""Plant-months at which what was seen counts as much as the prior."""
STEEPEST: Final = -1.0


@dataclass(frozen=True)
class Following:
    """`claims` (LAGS,): change of log external loss 0, 1, … months after one of log ppm, together at most 1;
    `capability`: change of log Cpk with one of log(−log yield), zero or below.
    """

    claims: tuple[float, ...] = PRIOR
    capability: float = 0.0


def learn_following(table: ModelTable) -> Following:
    """Learn from all plants' monthly rows: distributed lags by non-negative least squares, drawn to the
    prior; a slope by least squares, drawn to zero.
    """
    frame = table.frame
    rows = frame[(frame["product_id"] == "") & (frame["frequency"] == "month")]
    rows = rows.sort_values(["enterprise_id", "t"], ignore_index=True)
    return Following(_claims(rows), _capability(rows))


def _claims(rows: pd.DataFrame) -> tuple[float, ...]:
    prior = np.array(PRIOR)
    escaped, paid = _linked(rows, "ppm"), _linked(rows, "external_loss")
    lagged = {lag: escaped.groupby(rows["enterprise_id"]).shift(lag) for lag in range(LAGS)}
    within = _within(pd.DataFrame({"paid": paid} | lagged), rows["enterprise_id"])
    x, y = within[list(range(LAGS))].to_numpy(np.float64), within["paid"].to_numpy(np.float64)
    weight = np.sqrt(BELIEVED * ((float(x.var()) if len(x) else 0.0) or 1.0))
    found, _ = nnls(np.vstack([x, weight * np.eye(LAGS)]), np.concatenate([y, weight * prior]))
    return tuple(float(share) for share in found / max(float(found.sum()), 1.0))


def _capability(rows: pd.DataFrame) -> float:
    linked = pd.DataFrame({"failing": _linked(rows, "ftq"), "cpk": _linked(rows, "cpk")})
    within = _within(linked, rows["enterprise_id"])
    if within.empty:
        return 0.0
    x, y = within["failing"].to_numpy(np.float64), within["cpk"].to_numpy(np.float64)
    power = float(x @ x) + BELIEVED * float(x.var())
    return float(np.clip(x @ y / power, STEEPEST, 0.0)) if power > 0 else 0.0


def _linked(rows: pd.DataFrame, target: str) -> pd.Series:
    """A target on its link (log for ppm, losses and Cpk); NaN where it is not known."""
    column = "q.ftq_clipped" if target == "ftq" and "q.ftq_clipped" in rows else target
    if column not in rows:
        return pd.Series(np.nan, rows.index)
    values = rows[column].astype(float).where(rows[target].notna())
    if target == "cpk":
        return pd.Series(np.log(values.where(values > 0)), rows.index)
    offset = values.groupby(rows["enterprise_id"]).transform(lambda v: loss_offset(v.to_numpy(float)))
    return pd.Series(to_link(target, values, offset), rows.index)


def _within(values: pd.DataFrame, plant: pd.Series) -> pd.DataFrame:
    """Complete rows, less each plant's own mean."""
    known = values.dropna()
    return known - known.groupby(plant.loc[known.index]).transform("mean")


def lagged_change(change: Array, claims: tuple[float, ...]) -> Array:
    """Change of log external losses (… × M) from that of log ppm (… × M); none before the first month."""
    months, out = change.shape[-1], np.zeros_like(change)
    for lag, share in enumerate(claims):
        out[..., lag:] += share * change[..., : months - lag]
    return out
