"""How losses follow failing units: inside at once and in part, outside months later.

Learned from all plants together, month by month: each plant's own level and what all plants share in a month
are taken off first.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import optimize

from models.effects.links import FloatArray, loss_offset, to_link
from models.effects.panel import EffectTable

LATEST_CLAIM: Final = 9
YEAR: Final = 12
LEAST_ROWS: Final = 120
LEAST_PLANTS: Final = 3


@dataclass(frozen=True)
class LossLinks:
    """`elasticity`: how log internal loss follows log failing units (part of what is booked, as downtime and
    incidents, does not). `first_year`: share of an external loss that a lasting change of escapes moves
    within twelve months. `level_sd`: how far a plant's failure level, left alone, comes to lie next year from
    where it lay this year (log units). `per_failing`: usual loss inside and outside ÷ (output value × failing
    fraction), or None.
    """

    elasticity: float = 1.0
    first_year: float = 1.0
    level_sd: float = 0.0
    per_failing: tuple[float, float] | None = None


def loss_links(table: EffectTable) -> LossLinks:
    """What the plants of a model table tell of how their losses follow failures."""
    frame = table.frame[(table.frame["product_id"] == "") & (table.frame["frequency"] == "month")]
    frame = frame.sort_values(["enterprise_id", "t"], ignore_index=True)
    delay = claims_delay(frame)
    return LossLinks(_elasticity(frame), _first_year(delay), _level_sd(frame), _per_failing(frame))


def _elasticity(frame: pd.DataFrame) -> float:
    """Least squares of log internal loss on log(−log yield) within plants, between 0 and 1."""
    if "internal_loss" not in frame or "ftq" not in frame:
        return 1.0
    clipped = frame["q.ftq_clipped"] if "q.ftq_clipped" in frame else frame["ftq"]
    x = pd.Series(to_link("ftq", clipped), frame.index)
    offset = frame.groupby("enterprise_id")["internal_loss"].transform(
        lambda v: loss_offset(v.to_numpy(float))
    )
    y = pd.Series(to_link("internal_loss", frame["internal_loss"], offset), frame.index)
    both = x.notna() & y.notna()
    x, y = (v[both] - v[both].groupby(frame["enterprise_id"][both]).transform("mean") for v in (x, y))
    power = float((x**2).sum())
    return float(np.clip((x * y).sum() / power, 0.0, 1.0)) if power > 0 else 1.0


def claims_delay(frame: pd.DataFrame) -> FloatArray:
    """Shares (LATEST_CLAIM + 1,) of an escape's external cost that come 0, 1, 2 … months after delivery.

    Non-negative least squares of external cost on nonconforming units delivered before, both in units of the
    plant's own mean; everything at once where too little is on record.
    """
    at_once: FloatArray = np.eye(LATEST_CLAIM + 1)[0]
    if not {"q.external_amount", "q.nonconforming"} <= set(frame):
        return at_once
    cost, back = (_relative(frame, c) for c in ("q.external_amount", "q.nonconforming"))
    lags = [back.groupby(frame["enterprise_id"]).shift(k) for k in range(LATEST_CLAIM + 1)]
    rows = pd.concat([cost, *lags], axis=1).astype(float)
    known = rows.notna().all(axis=1)
    if known.sum() < LEAST_ROWS:
        return at_once
    rows, who, t = rows[known], frame["enterprise_id"][known], frame["t"][known]
    rows = rows - rows.groupby(who).transform("mean")
    rows = rows - rows.groupby(t).transform("mean")
    weights, _ = optimize.nnls(rows.iloc[:, 1:].to_numpy(), rows.iloc[:, 0].to_numpy())
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else at_once


def _relative(frame: pd.DataFrame, column: str) -> pd.Series:
    values = frame[column].astype(float)
    mean = values.groupby(frame["enterprise_id"]).transform("mean")
    return values / mean.where(mean > 0)


def _first_year(delay: FloatArray) -> float:
    """Mean over twelve months of the share of the full change that has come by then."""
    return float(np.cumsum(np.concatenate([delay, np.zeros(YEAR - len(delay))])).mean())


def _level_sd(frame: pd.DataFrame) -> float:
    """Root mean square, over plants and months, of a year's mean log failure rate less that of the year
    before.
    """
    if "ftq" not in frame:
        return 0.0
    link = pd.Series(to_link("ftq", frame["ftq"].astype(float)), frame.index)
    years = link.groupby(frame["enterprise_id"]).transform(lambda x: x.rolling(YEAR, YEAR // 2).mean())
    change = (years - years.groupby(frame["enterprise_id"]).shift(YEAR)).dropna()
    return float(np.sqrt((change**2).mean())) if len(change) >= LEAST_ROWS else 0.2


def _per_failing(frame: pd.DataFrame) -> tuple[float, float] | None:
    """Medians over plants of what they lose inside and outside per failing output value."""
    sides = []
    for side in ("internal", "external"):
        columns = [f"q.{side}_amount", "q.output_value", "ftq"]
        if not set(columns) <= set(frame):
            return None
        known = frame[["enterprise_id", *columns]].dropna()
        exposed = known["q.output_value"].astype(float) * (1 - known["ftq"].astype(float))
        sums = known.assign(exposed=exposed).groupby("enterprise_id")[[columns[0], "exposed"]].sum()
        ratio = (sums[columns[0]].astype(float) / sums["exposed"])[sums["exposed"] > 0]
        if len(ratio) < LEAST_PLANTS:
            return None
        sides.append(float(ratio.median()))
    return sides[0], sides[1]
