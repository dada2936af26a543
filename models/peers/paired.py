"""Ours against one peer on the same cells, with the noise of a ratio over origins.

Not the gate's test (`models.learning.paired`), which asks one side of one world's many neighbouring origins.
A run against peers has few origins, months apart, in worlds that are independent: too few a world for cosine
sums, and what it prints is a ratio with its error, either way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.links import Array
from models.learning.gate import standard_error_of_sum

DOUBT = 0.025  # chance on either side of calling two equally good forecasters different


@dataclass(frozen=True)
class Paired:
    """Mean losses, `ratio` ours ÷ theirs, its standard error (NaN: unknown), and what the latter rests on.

    `freedom` counts a world's origins as so many fewer as share months, less one, and adds up worlds.
    """

    ours: float
    theirs: float
    ratio: float
    error: float
    freedom: float

    @property
    def verdict(self) -> str:
        """`better` or `worse` beyond noise (Student's t), else `level`; `unknown` without a noise."""
        from scipy.stats import t

        if not np.isfinite(self.ratio) or not np.isfinite(self.error) or self.freedom <= 0:
            return "unknown"
        if abs(self.ratio - 1.0) <= float(t.ppf(1.0 - DOUBT, self.freedom)) * self.error:
            return "level"
        return "worse" if self.ratio > 1.0 else "better"


def paired(cells: pd.DataFrame, metric: str, ours: str, theirs: str) -> Paired:
    """Compare two forecasters' losses `<metric>.<name>` on cells with columns world, t, horizon.

    An origin of a world is one observation, for its plants share shocks; origins closer than the horizon
    share months (Newey & West 1987); worlds are independent. The ratio's error is that of its linearisation,
    Σ(ours − ratio · theirs) ÷ Σ theirs.
    """
    sums = cells.groupby(["world", "t"], as_index=False)[[f"{metric}.{ours}", f"{metric}.{theirs}"]].sum()
    mine, rival = (sums[f"{metric}.{who}"].to_numpy(np.float64) for who in (ours, theirs))
    total, horizon = float(rival.sum()), int(cells["horizon"].max())
    ratio = float(mine.sum()) / total if total > 0 else float("nan")
    leftover = sums.assign(leftover=mine - ratio * rival).groupby("world")
    noise = [_noise(w["leftover"].to_numpy(), w["t"].to_numpy(), horizon) for _, w in leftover]
    error = float(np.sqrt(sum(e**2 for e, _ in noise))) / total if total > 0 else float("nan")
    means = float(mine.sum()) / len(cells), total / len(cells)
    return Paired(*means, ratio, error, sum(freedom for _, freedom in noise))


def _noise(values: Array, times: Array, horizon: int) -> tuple[float, float]:
    """Standard error of Σ values of one world (NaN for a single origin), and its degrees of freedom."""
    if len(values) < 2:
        return float("nan"), 0.0
    overlapping = int(np.ceil(horizon / float(np.median(np.diff(times)))))
    # Bartlett's weights fall to nothing at the last lag: a bandwidth of the overlap itself misses a third.
    return standard_error_of_sum(values, 2 * overlapping - 1), len(values) / overlapping - 1.0
