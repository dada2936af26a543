"""Is one forecaster worse than another on the same origins? A one-sided paired test for few origins.

Forecasts of up to twelve periods from neighbouring origins are wrong about the same months, so that their
differences hang together over twelve origins, and a backtest has two or three dozen of them. Newey–West
errors are then far too small (a nominal 0.6 % test refused 6–24 % of equals). Here the error of the mean
comes from a few cosine-weighted averages, against Student's t with as many degrees of freedom (Lazarus,
Lewis, Stock & Watson 2018), stretched for overlapping forecasts (Harvey, Leybourne & Newbold 1997). It
holds its level from eight origins on; with fewer than fourteen it hardly ever refuses anybody. Ratios over
several worlds with few origins each are another question, put in `models.peers.paired`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.links import Array

COSINES = 4


@dataclass(frozen=True)
class Paired:
    """Mean excess of the first over the second, as a share of the second's mean error; its error; p; origins.

    `p` is that of "not worse": small where the first is worse.
    """

    excess: float
    error: float
    p: float
    origins: int


def paired(cells: pd.DataFrame) -> Paired:
    """Compare sums of errors `own` and `other` over `n` forecasts per target, horizon and origin `t`.

    Every target and horizon counts alike: differences are divided by the other's mean error there.
    """
    kind = [cells[name] for name in ("target", "horizon")]
    sums = cells.groupby(kind, sort=False)[["other", "n"]].transform("sum")
    scaled = (cells["own"] - cells["other"]) * (sums["n"] / sums["other"]).where(sums["other"] > 0)
    known = cells.assign(scaled=scaled).dropna(subset=["scaled"])
    by_origin = known.groupby("t")[["scaled", "n"]].sum()
    total = float(by_origin["n"].sum())
    if len(by_origin) < 2:
        return Paired(float("nan"), float("nan"), 1.0, len(by_origin))
    excess = float(by_origin["scaled"].sum()) / total
    centred = by_origin["scaled"].to_numpy() - excess * by_origin["n"].to_numpy()
    error, freedom = error_of_sum(centred, int(known["horizon"].max()))
    return Paired(excess, error / total, upper_tail(excess * total, error, freedom), len(by_origin))


def error_of_sum(centred: Array, horizon: int) -> tuple[float, int]:
    """Standard error of a sum of values in time order that overlap by `horizon`; its degrees of freedom."""
    n = len(centred)
    waves = np.cos(np.pi * np.outer(np.arange(1, COSINES + 1), (np.arange(n) + 0.5) / n)) * np.sqrt(2.0)
    plain = float(np.sqrt(np.mean((waves @ centred) ** 2)))
    return plain * overlap_stretch(n, min(horizon, n)), COSINES


def overlap_stretch(n: int, horizon: int) -> float:
    """Harvey, Leybourne & Newbold's factor on the standard error; infinite where nothing can be said."""
    left = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    return 1.0 / float(np.sqrt(left)) if left > 1e-9 else float("inf")


def upper_tail(total: float, error: float, freedom: int) -> float:
    """P(t ≥ total ÷ error): one half where the two are equal, 1 where the error is not known."""
    from scipy.stats import t

    if not np.isfinite(error):
        return 1.0
    if error == 0.0:
        return 0.5 if total == 0.0 else float(total < 0.0)
    return float(t.sf(total / error, freedom))


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values that keep the chance of any false alarm in the family (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.asarray(p, dtype=np.float64)[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return [float(value) for value in adjusted]
