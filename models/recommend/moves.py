"""Moves that a line has itself shown to be feasible: inside its own range, its parameter's limits and
direction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import FloatArray
from models.effects.panel import Panel

SHOWN: Final = (0.05, 0.95)
STEPS: Final = 8
RECENT: Final = 3
LEAST_READINGS: Final = 6


@dataclass(frozen=True)
class Range:
    """Where a lever stands (`now`, mean of the last three observed periods) and how far it may go, in its
    own unit.
    """

    now: float
    low: float
    high: float

    def places(self) -> FloatArray:
        """Places to go to, from small steps to the ends of the range, never the place it stands."""
        below, above = (np.linspace(self.now, end, STEPS + 1)[1:] for end in (self.low, self.high))
        return np.unique(np.concatenate([below[below < self.now], above[above > self.now]]))


def shown_range(panel: Panel, enterprise: int, lever: int, parameter: pd.Series) -> Range | None:
    """The 5–95 % range over history, cut to `lower`, `upper` and `direction`; None where too few readings or
    nothing recent.
    """
    rows = panel.who == enterprise
    levels = panel.levels[rows, lever]
    seen = levels[np.isfinite(levels)]
    if len(seen) < LEAST_READINGS or not np.isfinite(levels[-12:]).any():
        return None
    now = float(seen[-RECENT:].mean())
    low, high = (float(x) for x in np.quantile(seen, SHOWN))
    low, high = max(low, _number(parameter, "lower", -np.inf)), min(high, _number(parameter, "upper", np.inf))
    direction = str(parameter.get("direction") or "any")
    low = now if direction == "up" else min(low, now)
    high = now if direction == "down" else max(high, now)
    return Range(now, low, high)


def _number(parameter: pd.Series, name: str, otherwise: float) -> float:
    value = parameter.get(name)
    return otherwise if value is None or pd.isna(value) else float(value)
