"""How strong something unmeasured would have to be, told against what is measured (Cinelli & Hazlett 2020).

A robustness value says: a confounder that explains this share of what is left of both lever and outcome
overturns the effect. Nobody knows whether that is much. Beside the strongest context on record it can be
told: "as strong as four times the order load".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.links import FloatArray

LEAST_ROWS: Final = 20
TURNS: Final = 8
FEWEST_PLANTS: Final = 5
"""Of fewer plants a period's mean is mostly their own."""


@dataclass(frozen=True)
class Benchmark:
    """The context parameter that would overturn the effect first, and how many times as strong it must be."""

    parameter_id: str
    times: float


def benchmark(
    lever: FloatArray, outcome: FloatArray, context: Mapping[str, FloatArray], robustness: float
) -> Benchmark | None:
    """How many times the strongest observed context a hidden cause must be to overturn an effect.

    `robustness` is the robustness value of the effect of `lever` on `outcome`; all arrays (E, T) over
    enterprises and periods, NaN where unknown, are taken within plants and within periods. None where no
    context is on record, or none touches both.
    """
    known = np.isfinite(lever) & np.isfinite(outcome)
    if not context or known.sum() < LEAST_ROWS + len(context):
        return None
    d, y = (within(np.where(known, x, np.nan))[known] for x in (lever, outcome))
    seen = np.column_stack([within(np.where(known, x, np.nan))[known] for x in context.values()])
    f2 = robustness**2 / (1 - robustness) if robustness < 1 else np.inf
    found = [
        Benchmark(name, times_as_strong(f2, partial_f2(d, seen, c), _with_lever(y, d, seen, c)))
        for c, name in enumerate(context)
    ]
    return min((b for b in found if np.isfinite(b.times)), key=lambda b: b.times, default=None)


def times_as_strong(f2: float, with_lever: float, with_outcome: float) -> float:
    """The k for which a confounder k times as strong as an observed one takes the whole effect away.

    `f2` is the effect's squared partial Cohen f (t² ÷ degrees of freedom), `with_lever` (a) and
    `with_outcome` (b) are those of the observed one. The bias takes all of it where k a · k b ÷ (1 − k a) =
    f² (Cinelli & Hazlett, section 4.4, with k the same for both). Infinite where the observed one touches
    only one of them.
    """
    a, b = with_lever, with_outcome
    if a * b <= 0 or not np.isfinite(f2):
        return float("inf")
    return float((-f2 * a + np.sqrt((f2 * a) ** 2 + 4 * a * b * f2)) / (2 * a * b))


def partial_f2(y: FloatArray, x: FloatArray, column: int) -> float:
    """Squared partial Cohen f, R² ÷ (1 − R²), of one column of x (n, p) with y (n,) given the others."""
    others = np.delete(x, column, axis=1)
    left, own = (_left(v, others) for v in (y, x[:, column]))
    power = float((left @ left) * (own @ own))
    r2 = float(left @ own) ** 2 / power if power > 0 else 0.0
    return r2 / (1 - r2) if r2 < 1 else float("inf")


def _with_lever(y: FloatArray, d: FloatArray, context: FloatArray, column: int) -> float:
    return partial_f2(y, np.column_stack([context, d]), column)


def _left(y: FloatArray, x: FloatArray) -> FloatArray:
    if not x.shape[1]:
        return y
    return np.asarray(y - x @ np.linalg.lstsq(x, y, rcond=None)[0])


def within(values: FloatArray) -> FloatArray:
    """Deviations (E, T) from plants' means and, where enough plants share a period, from its mean, in turn
    until both are gone; unknown is 0.
    """
    x, known = values.astype(np.float64), np.isfinite(values)
    for _ in range(TURNS):
        for axis, fewest in ((1, 1), (0, FEWEST_PLANTS)):
            count = known.sum(axis=axis, keepdims=True)
            mean = np.where(known, x, 0.0).sum(axis=axis, keepdims=True) / np.maximum(count, 1)
            x = x - np.where(count >= fewest, mean, 0.0)
    return np.asarray(np.where(known, x, 0.0))
