"""What a move is worth: failure cost avoided in a year, less what it costs to hold."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import loss_offset, to_link, FloatArray
from models.effects.panel import EffectTable

YEAR: Final = 12


@dataclass(frozen=True)
class Losses:
    """An enterprise's failure cost of the last twelve statements, scaled to a year, CNY; None where it keeps none."""

    internal: float | None
    external: float | None

    @property
    def known(self) -> bool:
        """Whether a benefit in money can be stated at all."""
        return self.internal is not None or self.external is not None


def yearly_losses(rows: pd.DataFrame) -> Losses:
    """Losses of one enterprise (its rows of the model table in order of time) over its last twelve known periods."""
    return Losses(_yearly(rows, "q.internal_amount"), _yearly(rows, "q.external_amount"))


def _yearly(rows: pd.DataFrame, column: str) -> float | None:
    known = rows[column].astype(float).dropna().tail(YEAR) if column in rows else pd.Series(dtype=float)
    return float(known.mean() * YEAR) if len(known) >= 3 else None


def benefit(losses: Losses, internal: FloatArray, external: FloatArray) -> FloatArray:
    """Avoided loss, CNY a year: Σ loss × (1 − e^change), for changes of the loss's logarithm."""
    saved = (losses.internal or 0.0) * (1 - np.exp(internal)) + (losses.external or 0.0) * (
        1 - np.exp(external)
    )
    return np.asarray(saved)


def elasticity(table: EffectTable, target: str) -> float:
    """How log loss moves with log(−log yield) within a plant: least squares over all plants, between 0 and 1.

    The bridge from yield to money where a loss itself is too noisy to show an effect.
    """
    frame = table.frame[table.frame["product_id"] == ""]
    x = pd.Series(
        to_link("ftq", frame["q.ftq_clipped"] if "q.ftq_clipped" in frame else frame["ftq"]), frame.index
    )
    offset = frame.groupby("enterprise_id")[target].transform(lambda v: loss_offset(v.to_numpy(float)))
    y = pd.Series(to_link(target, frame[target], offset), frame.index)
    both = x.notna() & y.notna()
    x, y = (v[both] - v[both].groupby(frame["enterprise_id"][both]).transform("mean") for v in (x, y))
    power = float((x**2).sum())
    return float(np.clip((x * y).sum() / power, 0.0, 1.0)) if power > 0 else 1.0
