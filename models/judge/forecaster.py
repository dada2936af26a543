"""A forecaster as many would build it: LightGBM of the month's yield on lever levels, history and context.

Permutation importance, partial dependence and counterfactuals are read off it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np

from features.simulator.streams import Array
from models.judge.sample import Sample

HELD_OUT: Final = 12
SETTINGS: Final = {
    "n_estimators": 300, "learning_rate": 0.03, "num_leaves": 15, "min_child_samples": 20, "subsample": 0.8,
    "subsample_freq": 1, "colsample_bytree": 0.8, "reg_lambda": 1.0, "n_jobs": 1, "verbose": -1,
    "random_state": 0, "deterministic": True,
}  # fmt: skip


@dataclass(frozen=True)
class Forecaster:
    """A fitted sector: `x` (n, J + p + 1) are levers, controls and the plant's own number, in this order."""

    sample: Sample
    booster: lgb.LGBMRegressor
    x: Array
    late: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    def latest(self, enterprise: str) -> Array | None:
        """The last row of a plant with all its levers where they stood; None without any row."""
        at = np.flatnonzero(self.sample.who == self.sample.enterprises.index(enterprise))
        return self.x[at[-1]].copy() if len(at) else None

    def predicted(self, rows: Array) -> Array:
        """log(−log yield) expected of rows like `x`."""
        return np.asarray(self.booster.predict(rows))

    def moved(self, row: Array, lever: str, places: Array) -> Array:
        """What it expects with a lever at each of `places`, all else as in `row`."""
        rows = np.repeat(row[None], len(places), axis=0)
        rows[:, self.sample.levers.index(lever)] = places
        return self.predicted(rows)


def fitted(sample: Sample) -> Forecaster:
    """Fits one sector on all but its last twelve months (`late`), which importance is measured on."""
    x = np.column_stack([sample.levels, sample.controls, sample.who.astype(np.float64)])
    late = sample.t > sample.t.max() - HELD_OUT
    booster = lgb.LGBMRegressor(**SETTINGS).fit(x[~late], sample.y[~late])
    return Forecaster(sample, booster, x, late)


def of_sectors(parts: list[Sample]) -> dict[str, Forecaster]:
    """One forecaster per enterprise id (plants of a sector share theirs)."""
    made = [fitted(sample) for sample in parts if (sample.t <= sample.t.max() - HELD_OUT).sum() > HELD_OUT]
    return {e: f for f in made for e in f.sample.enterprises}
