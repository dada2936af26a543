"""Did the lever itself move? Readings before and after, held against the move that was intended."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from features.model_table import finest
from features.periods import Frequency
from models.effects.links import FloatArray
from models.verdicts.rows import LeverSeen
from models.verdicts.windows import AFTER, Act, span

NINETY: Final = 1.645
HALF: Final = 0.5
LEAST: Final = 3


def lever_seen(act: Act, frame: pd.DataFrame) -> LeverSeen | None:
    """Mean of the twelve periods after less that of the twelve before, ÷ (to − from); None without readings.

    The standard error widens for autocorrelated readings by (1 + r) ÷ (1 − r), r estimated within both parts.
    """
    column = f"param.{act.parameter_id}.last"
    if act.parameter_id is None or column not in frame or act.from_value is None or act.to_value is None:
        return None
    own = frame[(frame["enterprise_id"] == act.enterprise_id) & (frame["product_id"] == "")]
    rows = finest(own).sort_values("t")
    intended = act.to_value - act.from_value
    if rows.empty or intended == 0:
        return None
    frequency: Frequency = rows["frequency"].iloc[0]
    start, finish = span(act, frequency)
    t, x = rows["t"].to_numpy(), rows[column].to_numpy(float)
    before, after = x[(t >= start - AFTER) & (t < start)], x[(t >= finish) & (t < finish + AFTER)]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if min(len(before), len(after)) < LEAST:
        return None
    return _seen(before, after, intended)


def _seen(before: FloatArray, after: FloatArray, intended: float) -> LeverSeen:
    rest = [before - before.mean(), after - after.mean()]
    power = sum(float(r @ r) for r in rest)
    echo = sum(float(r[1:] @ r[:-1]) for r in rest) / power if power > 0 else 0.0
    spread = power / max(len(before) + len(after) - 2, 1)
    widened = (1 + max(echo, 0.0)) / (1 - min(max(echo, 0.0), 0.9))
    error = np.sqrt(spread * widened * (1 / len(before) + 1 / len(after))) / abs(intended)
    share = float(after.mean() - before.mean()) / intended
    low, high = share - NINETY * float(error), share + NINETY * float(error)
    moved = "yes" if low > 0 and share >= HALF else "no" if high < HALF else "unclear"
    return LeverSeen(
        before=float(before.mean()),
        after=float(after.mean()),
        intended=intended,
        share=share,
        low=low,
        high=high,
        moved=moved,
    )
