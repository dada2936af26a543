"""The analysis of a pilot, fixed before it begins: a randomisation test over the schedules that the lot could
have drawn (Fisher 1935, *The Design of Experiments*), an estimate and its interval.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from models.effects.links import FloatArray
from models.pilots.layout import BoolArray, Places, SteppedWedge, Switchback, in_force
from models.pilots.power import wedge_weights

MOST_EXACT: Final = 12
DRAWS: Final = 1999
NINETY: Final = 0.90
SLACK: Final = 1e-9


@dataclass(frozen=True)
class Finding:
    """Full effect of B against A on the link scale with its 90 % interval; `p_value` of the randomisation
    test, two-sided; `pieces` pairs, or lines of a stepped wedge, that it rests on.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    pieces: int


def pair_differences(y: FloatArray, layout: Switchback, b_first: BoolArray) -> FloatArray:
    """B less A (lines · pairs,) of outcomes `y` (periods, lines), pairs without both sides left out."""
    shape = (layout.pairs, 2, layout.block, y.shape[1])
    counted = y.reshape(shape)[:, :, layout.washout :]
    seen = np.isfinite(counted).sum(axis=2)
    means = np.where(seen > 0, np.nansum(counted, axis=2) / np.maximum(seen, 1), np.nan)
    gap = (means[:, 1] - means[:, 0]).T * np.where(b_first, -1.0, 1.0)
    return np.asarray(gap[np.isfinite(gap)])


def flip_p_values(differences: FloatArray, seed: int = 0) -> FloatArray:
    """Per row of differences (plays, n): the share of coin sequences whose mean difference is at least as far
    from zero; all of them where there are few, else `DRAWS` and the one that happened.
    """
    n = differences.shape[1]
    exact = n <= MOST_EXACT
    coins = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 if exact else None
    signs = (
        np.random.default_rng(seed).choice([-1.0, 1.0], (DRAWS, n)) if coins is None else 1.0 - 2.0 * coins
    )
    beyond = np.abs(differences @ signs.T) >= np.abs(differences.sum(axis=1))[:, None] - SLACK
    happened = 0 if exact else 1
    return np.asarray((happened + beyond.sum(axis=1)) / (happened + len(signs)))


def judge_switchback(
    y: FloatArray, layout: Switchback, b_first: BoolArray, share: float = 1.0, seed: int = 0
) -> Finding:
    """What a switchback found in outcomes `y` (periods, lines), common shocks off; `share` of the full effect
    that a pair difference shows (`models.pilots.power.switchback_share`).
    """
    d = pair_differences(y, layout, b_first)
    if len(d) < 2:
        return Finding(float("nan"), float("-inf"), float("inf"), 1.0, len(d))
    error = d.std(ddof=1) / np.sqrt(len(d))
    reach = float(stats.t.ppf((1 + NINETY) / 2, len(d) - 1) * error)
    mean = float(d.mean())
    return Finding(
        mean / share,
        (mean - reach) / share,
        (mean + reach) / share,
        float(flip_p_values(d[None], seed)[0]),
        len(d),
    )


def judge_wedge(
    y: FloatArray,
    layout: SteppedWedge,
    order: Places,
    arrival: tuple[float, ...],
    seed: int = 0,
) -> Finding:
    """What a stepped wedge found in outcomes `y` (periods, lines), gaps counted as the line's own mean."""
    filled = np.where(np.isfinite(y), y, np.nanmean(y, axis=0)).T
    # lines only change places: the weights of any order are those of the first one, rows exchanged
    weights = wedge_weights(in_force(layout.treated(np.arange(layout.lines)), arrival))
    found = float((weights[order] * filled).sum())
    draws = np.random.default_rng(seed).permuted(np.tile(np.arange(layout.lines), (DRAWS, 1)), axis=1)
    drawn = np.einsum("dlt,lt->d", weights[draws], filled)
    p = (1 + (np.abs(drawn) >= abs(found) - SLACK).sum()) / (1 + DRAWS)
    reach = float(stats.norm.ppf((1 + NINETY) / 2) * drawn.std())
    return Finding(found, found - reach, found + reach, float(p), layout.lines)
