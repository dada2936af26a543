"""Interrupted time series: the level after an action against what the months before it foretold.

Generalised least squares with a pre-period level of its own, a slope and a yearly wave drawn to zero, and
autocorrelated errors (Box & Tiao 1975; Bernal, Cummins & Gasparrini 2017), written as the best linear
unbiased prediction of the months after from those before (Goldberger 1962): so a bad run before the start is
expected to pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.links import FloatArray
from models.verdicts.errors import Shape

STEP_SD: Final = 1.0
"""How far an earlier action of the line may have moved its level, in standard deviations of its AR(1)."""


@dataclass(frozen=True)
class Gap:
    """Mean difference after the action from what was foretold, link scale; negative is better.

    `sd` is relative to the line's scale: multiply by `scale`, the line's own standard deviation.
    """

    estimate: float
    sd: float
    scale: float
    fit: float
    periods: int


def foretold(
    shape: Shape, t: FloatArray, y: FloatArray, after: FloatArray, t_after: FloatArray, steps: FloatArray
) -> Gap:
    """Compare the mean of `after` at `t_after` with its prediction from `y` at `t`.

    Args:
        shape: covariance of the errors.
        t: periods before, n ≥ 2, ascending.
        y: values at `t`, link scale.
        after: values at `t_after`, m ≥ 1.
        t_after: periods after.
        steps: periods at which the line's level may have changed before (earlier actions).
    """
    every = np.concatenate([t, t_after])
    whole = shape.covariance(every)
    for at in steps:
        risen = (every >= at).astype(float)
        whole = whole + STEP_SD**2 * np.outer(risen, risen)
    n = len(t)
    before, cross = whole[:n, :n], whole[n:, :n].mean(axis=0)
    solved = np.linalg.solve(before, np.column_stack([np.ones(n), y, cross]))
    power = float(solved[:, 0].sum())
    level = float(solved[:, 1].sum()) / power
    rest = solved[:, 1] - level * solved[:, 0]
    predicted = level + float(cross @ rest)
    left = 1.0 - float(cross @ solved[:, 0])
    variance = float(whole[n:, n:].mean()) - float(cross @ solved[:, 2]) + left**2 / power
    scale = float(np.sqrt(max(float((y - level) @ rest), 1e-12) / (n - 1)))
    naive = float(np.std(y - level))
    return Gap(float(after.mean()) - predicted, float(np.sqrt(max(variance, 1e-12))), scale, naive, n)
