"""What a move is worth: failure cost avoided in a year, less what it costs to hold.

Every nonconforming unit is either caught inside, and costs there, or gets out, and costs there months later.
So two effects say it all: on how many units fail (`ftq`) and on what share of those escapes (`escape`).
Losses follow by accounting, which is far less noisy than an effect estimated on a loss itself, and nothing
is counted twice.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import FloatArray, loss_offset, to_link
from models.effects.panel import EffectTable

YEAR: Final = 12
LEAST_STATEMENTS: Final = 3
MOST_ESCAPING: Final = 0.95


@dataclass(frozen=True)
class Losses:
    """An enterprise's failure cost of the last twelve statements, scaled to a year (CNY; None where it keeps
    none).

    `escaping` is the share of failing units that get out, `elasticity` how log internal loss follows log
    units caught.
    """

    internal: float | None
    external: float | None
    escaping: float
    elasticity: float

    @property
    def known(self) -> bool:
        """Whether a benefit in money can be stated at all."""
        return self.internal is not None or self.external is not None

    @property
    def complete(self) -> bool:
        """Whether both sides are on record, or neither is (and nobody speaks of money)."""
        return (self.internal is None) == (self.external is None)


def yearly_losses(rows: pd.DataFrame, elasticity: float = 1.0) -> Losses:
    """Losses of one enterprise (its rows of the model table in order of time) over its last twelve known
    periods.
    """
    internal, external = (_yearly(rows, f"q.{side}_amount") for side in ("internal", "external"))
    return Losses(internal, external, escaping_share(rows), elasticity)


def escaping_share(rows: pd.DataFrame) -> float:
    """Delivered nonconforming ÷ failing at first, over the last twelve periods that know both; 0 where none
    does.
    """
    if "ppm" not in rows or "ftq" not in rows:
        return 0.0
    known = rows[["ppm", "ftq"]].astype(float).dropna().tail(YEAR)
    failing = float((1 - known["ftq"]).sum())
    return float(np.clip(1e-6 * known["ppm"].sum() / failing, 0.0, MOST_ESCAPING)) if failing > 0 else 0.0


def _yearly(rows: pd.DataFrame, column: str) -> float | None:
    known = rows[column].astype(float).dropna().tail(YEAR) if column in rows else pd.Series(dtype=float)
    return float(known.mean() * YEAR) if len(known) >= LEAST_STATEMENTS else None


def benefit(losses: Losses, failing: FloatArray, escape: FloatArray) -> FloatArray:
    """Avoided loss, CNY a year, for changes of log failing units and of log escape share (any shape)."""
    out = np.minimum(losses.escaping * np.exp(escape), MOST_ESCAPING)
    caught = failing + np.log((1 - out) / (1 - losses.escaping))
    inside = (losses.internal or 0.0) * (1 - np.exp(losses.elasticity * caught))
    return np.asarray(inside + (losses.external or 0.0) * (1 - np.exp(failing + escape)))


def loss_elasticity(table: EffectTable) -> float:
    """How log internal loss moves with log(−log yield) within a plant: least squares over all plants,
    between 0 and 1.

    Part of what is booked as internal failure (downtime, incidents) does not follow the number of failing
    units.
    """
    frame = table.frame[table.frame["product_id"] == ""].sort_values(
        ["enterprise_id", "t"], ignore_index=True
    )
    if "internal_loss" not in frame or "ftq" not in frame:
        return 1.0
    x = pd.Series(
        to_link("ftq", frame["q.ftq_clipped"] if "q.ftq_clipped" in frame else frame["ftq"]), frame.index
    )
    offset = frame.groupby("enterprise_id")["internal_loss"].transform(
        lambda v: loss_offset(v.to_numpy(float))
    )
    y = pd.Series(to_link("internal_loss", frame["internal_loss"], offset), frame.index)
    both = x.notna() & y.notna()
    x, y = (v[both] - v[both].groupby(frame["enterprise_id"][both]).transform("mean") for v in (x, y))
    power = float((x**2).sum())
    return float(np.clip((x * y).sum() / power, 0.0, 1.0)) if power > 0 else 1.0
