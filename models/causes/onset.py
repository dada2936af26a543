"""When a variable left its usual behaviour, and how: Page's cumulative sums on the size of surprises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np

from models.causes.surprise import Array, Surprise

ALLOWANCE: Final = 0.5
"""By how much a residual, or its square, must differ from its usual mean to count."""
STILL: Final = 0.1
"""Share of the usual variance of one-step surprises below which a variable is called still."""

Direction = Literal["higher", "lower", "restless", "still", "usual"]


def cusum(steps: Array) -> Array:
    """Page's (1954, *Biometrika* 41) upper cumulative sum of every column, restarted at zero."""
    total = np.cumsum(steps, axis=0)
    return np.asarray(total - np.minimum(np.minimum.accumulate(total, axis=0), 0.0))


def onsets(*views: Surprise) -> list[int | None]:
    """Row of the episode from which a variable's surprises, in any of the views, had another mean or were
    larger or smaller than they used to be; None where they never left what the reference reached.

    The alarm line is the largest sum that the reference itself reached; the onset is the row after the sum
    that alarms first last stood at zero, which is the maximum-likelihood estimate of the change.
    """
    found = [_first(of(view.usual), of(view.now)) for view in views for of in STEPS]
    return [_earliest(list(alarms)) for alarms in zip(*found, strict=True)]


STEPS: Final[tuple[Callable[[Array], Array], ...]] = (
    lambda r: r - ALLOWANCE,
    lambda r: -r - ALLOWANCE,
    lambda r: r**2 - 1.0 - ALLOWANCE,
    lambda r: 1.0 - r**2 - ALLOWANCE,
)


def _first(usual: Array, now: Array) -> list[tuple[int, int] | None]:
    reached, sums = cusum(usual).max(axis=0), cusum(now)
    return [_alarm(sums[:, j], float(reached[j])) for j in range(now.shape[1])]


def _alarm(sums: Array, line: float) -> tuple[int, int] | None:
    """Row of the alarm and row of the change."""
    above = np.flatnonzero(sums > line)
    if not above.size:
        return None
    resting = np.flatnonzero(sums[: above[0]] <= 0.0)
    return int(above[0]), int(resting[-1]) + 1 if resting.size else 0


def _earliest(alarms: list[tuple[int, int] | None]) -> int | None:
    return min((alarm for alarm in alarms if alarm is not None), default=(0, None))[1]


def direction(level: Array, surprises: Array, *, unusual: bool) -> Direction:
    """How a variable differs in an episode: its level (m,) in usual standard deviations, its one-step
    surprises (m,) likewise. A variable that is not `unusual` is called higher or lower only when its mean
    has left the band of one standard deviation.
    """
    shift = float(level.mean())
    if surprises.var() < STILL:
        return "still"
    steady = unusual and abs(shift) >= ALLOWANCE and float(surprises.std()) < 1.0 + ALLOWANCE
    if steady or abs(shift) >= max(1.0, float(level.std())):
        return "higher" if shift > 0 else "lower"
    return "restless" if unusual else "usual"
