"""Moves that a line has itself shown to be feasible: inside its own range, its parameter's limits and
direction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.calibration import Settings
from models.effects.links import FloatArray
from models.effects.panel import Panel

SHOWN: Final = (0.05, 0.95)
SHOWN_PERIODS: Final = 36
STEPS: Final = 8
HALF_LIFE: Final = 24.0
LEAST_READINGS: Final = 6
LATEST: Final = 0.1
"""Weight of where a lever stands today in where it will stand next year: it mostly goes back to its usual
place by itself."""


@dataclass(frozen=True)
class Range:
    """Where a lever would stand over the coming year if it were left alone (`now`, with its standard error
    `now_sd`) and how far it may go, in its own unit.
    """

    now: float
    low: float
    high: float
    now_sd: float = 0.0

    def places(self) -> FloatArray:
        """Places to go to, from small steps to the ends of the range, never the place it stands."""
        below, above = (np.linspace(self.now, end, STEPS + 1)[1:] for end in (self.low, self.high))
        return np.unique(np.concatenate([below[below < self.now], above[above > self.now]]))


def shown_range(
    panel: Panel, settings: Settings, enterprise: int, lever: int, parameter: pd.Series
) -> Range | None:
    """The range of the last `SHOWN_PERIODS` readings, their 5–95 % freed of the gauge's error, cut to
    `lower`, `upper` and `direction`; None where too few readings or nothing recent.
    """
    levels = panel.levels[enterprise, lever]
    seen = levels[np.isfinite(levels)]
    if len(seen) < LEAST_READINGS or not np.isfinite(levels[-12:]).any():
        return None
    now, now_sd = _left_alone(seen, _expected(settings, enterprise, lever))
    low, high = _shown(seen[-SHOWN_PERIODS:], float(settings.reliability[enterprise, lever]))
    low, high = max(low, _number(parameter, "lower", -np.inf)), min(high, _number(parameter, "upper", np.inf))
    direction = str(parameter.get("direction") or "any")
    low = now if direction == "up" else min(low, now)
    high = now if direction == "down" else max(high, now)
    return Range(now, low, high, now_sd)


def _expected(settings: Settings, enterprise: int, lever: int) -> float:
    """Where the lever stands at the end, in its unit, given all readings."""
    return float(settings.z[enterprise, lever, -1] * settings.scale[lever] + settings.centre[lever])


def _left_alone(seen: FloatArray, today: float) -> tuple[float, float]:
    """(usual place with a little of today's, its standard error) from the readings (n,) in order of time."""
    weight = 0.5 ** (np.arange(len(seen))[::-1] / HALF_LIFE)
    weight = weight / weight.sum()
    usual = float(weight @ seen)
    around = seen - usual
    own = float(weight @ around**2)
    memory = float(np.clip((around[1:] * around[:-1]).mean() / max(own, 1e-12), 0.0, 0.9)) if own > 0 else 0.0
    spread = own * float((weight**2).sum()) * (1 + memory) / (1 - memory)
    return (1 - LATEST) * usual + LATEST * today, float(np.sqrt(spread))


def _shown(seen: FloatArray, reliability: float) -> tuple[float, float]:
    """Quantiles of the readings, drawn to their mean by what of their spread is the gauge's."""
    low, high = np.quantile(seen, SHOWN)
    mean, kept = float(seen.mean()), float(np.sqrt(np.clip(reliability, 0.0, 1.0)))
    return mean + kept * (float(low) - mean), mean + kept * (float(high) - mean)


def _number(parameter: pd.Series, name: str, otherwise: float) -> float:
    value = parameter.get(name)
    return otherwise if value is None or pd.isna(value) else float(value)
