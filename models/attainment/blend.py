"""Path probabilities blended with what today's level says: an ordinal logistic model, learned out of sample.

Per level k the logit of P(level ≥ k) is linear in the logit of the share of paths at k or better, in whether
the enterprise is there today, and in the horizon, as far as twelve months: what is learned of those holds for
all later ones. Ridge pulls it towards the paths' own shares, so that
little evidence changes little. Shares are made to fall with k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.attainment.known import Array, Index
from models.results import HORIZONS, LEVELS

STEPS = np.array(LEVELS[1:])
PENALTY = 50.0  # as many answers as the prior weighs: paths alone
FEWEST = 300
_SHARE = 2 * len(STEPS)  # column of the logit share, which alone has coefficient one by default


@dataclass(frozen=True)
class Blend:
    """`coefficients` of the columns of `columns`; by default the paths' shares are taken as they are."""

    coefficients: Array

    @classmethod
    def paths_alone(cls) -> Blend:
        """The blend that changes nothing."""
        return cls(np.eye(_SHARE + 4)[_SHARE])

    @property
    def is_paths_alone(self) -> bool:
        """Whether nothing was learned."""
        return bool((self.coefficients == Blend.paths_alone().coefficients).all())

    def at_least(self, share: Array, now: Index, ahead: Index, paths: int) -> Array:
        """n × 4 probabilities of level 2 … 5 or better.

        Args:
            share: n × 4 shares of `paths` paths at each level or better.
            now: n levels of today.
            ahead: n months ahead.
            paths: number of paths that the shares were counted from.
        """
        chance = logistic(columns(share, now, ahead, paths) @ self.coefficients)
        return np.asarray(np.minimum.accumulate(chance.reshape(share.shape), axis=1))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"coefficients": [round(float(c), 4) for c in self.coefficients]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Blend:
        """What `to_dict` wrote; paths alone where nothing was written."""
        return cls(np.array(data["coefficients"])) if data else cls.paths_alone()


def columns(share: Array, now: Index, ahead: Index, paths: int) -> Array:
    """4n × 12: a row for every case and level 2 … 5, in that order."""
    top = (share * paths + 0.5) / (paths + 1.0)  # a share of none or all is not certainty
    logit = np.log(top / (1.0 - top)).ravel()
    there = (now[:, None] >= STEPS).ravel() - 0.5
    level = np.tile(np.eye(len(STEPS)), (len(share), 1))
    h = np.repeat(np.minimum(ahead, HORIZONS) / HORIZONS, len(STEPS))
    return np.column_stack([level, level * h[:, None], logit, logit * h, there, there * h])


def learn_blend(
    share: Array, now: Index, ahead: Index, came: Index, paths: int, penalty: float = PENALTY
) -> Blend:
    """Fit on n cases (as in `Blend.at_least`) and the levels that `came`; paths alone from too few."""
    start = Blend.paths_alone().coefficients
    if len(came) < FEWEST:
        return Blend.paths_alone()
    x, y = columns(share, now, ahead, paths), (came[:, None] >= STEPS).ravel().astype(np.float64)
    return Blend(ridge_logistic(x, y, start, penalty))


def ridge_logistic(x: Array, y: Array, start: Array, penalty: float) -> Array:
    """Newton's method on the log likelihood less penalty ÷ 2 × squared distance from `start`."""
    coefficients = start.copy()
    for _ in range(25):
        chance = logistic(x @ coefficients)
        slope = x.T @ (y - chance) - penalty * (coefficients - start)
        curve = x.T @ (x * (chance * (1.0 - chance))[:, None]) + penalty * np.eye(len(start))
        step = np.linalg.solve(curve, slope)
        coefficients += step
        if np.abs(step).max() < 1e-9:
            break
    return coefficients


def logistic(z: Array) -> Array:
    """Chances from log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -40.0, 40.0))), dtype=np.float64)


def shares(levels: NDArray[np.int8]) -> Array:
    """R × P × H levels → R × H × 4 shares of paths at level 2 … 5 or better."""
    return np.stack([(levels >= step).mean(axis=1) for step in STEPS], axis=2)


def moved(levels: NDArray[np.int8], better: Array, wanted: Array, lots: Array) -> NDArray[np.int8]:
    """Level paths R × P × H whose shares are the `wanted` ones (R × H × 4), as near to the given as can be.

    A path keeps its place: those that are highest, then `better` (R × P × H), then those that are better over
    its twelve months (the first, the next …), then by `lots` (R × P), get the highest levels. So what hangs
    together in time still does.
    """
    years = range(0, levels.shape[2], HORIZONS)
    over = [_mean_for_all(better[:, :, begin : begin + HORIZONS]) for begin in years]
    place = levels + better / 10.0 + np.concatenate(over, axis=2) / 100.0 + lots[:, :, None] / 1000.0
    best, count = np.argsort(-place, axis=1), np.rint(wanted * levels.shape[1])
    there = np.arange(levels.shape[1])[:, None] < count.swapaxes(1, 2)[:, :, None]
    out = np.empty_like(levels)
    np.put_along_axis(out, best, 1 + there.sum(axis=1, dtype=np.int8), axis=1)
    return out


def _mean_for_all(better: Array) -> Array:
    return np.broadcast_to(better.mean(axis=2, keepdims=True), better.shape)
