"""What one target learned up to a time, and what it forecasts with that."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.forecast import booster
from models.forecast.baselines import Prior
from models.forecast.links import Array
from models.learning.ridge import STRENGTHS, Line, Solver, Sums, predict
from models.results import HORIZONS

if TYPE_CHECKING:
    import lightgbm

FADING = 0.8  # a block's errors count so much less, in the choice of a penalty, with each block after it


@dataclass(frozen=True)
class Refit:
    """What one target learned up to a time: a line per horizon (`steps`: of each step of its route as well),
    and a booster (or None) per horizon group.
    """

    time: int
    lines: tuple[Line, ...]
    steps: tuple[tuple[Line, ...], ...]
    boosters: tuple[lightgbm.Booster | None, ...]


@dataclass(frozen=True)
class TargetRun:
    """One target's rolling run; arrays are on the model scale and NaN where nothing was forecast.

    `bases` n × 5, `future` n × 12 (what came), `ridge` and `boost` n × 12 out of sample. `means` of the
    bases, the offset and the ridge columns over rows with history: what drivers measure from.
    """

    target: str
    prior: Prior
    bases: Array
    future: Array
    ridge: Array
    boost: Array
    refits: tuple[Refit, ...]
    means: dict[str, Array]
    route: tuple[str, ...] = ()

    @property
    def coefficients(self) -> Array:
        """12 × columns of the matrix that the final forecast is linear in (see `route.spread_out`)."""
        if not self.route:
            return np.stack([line.coefficients for line in self.final.lines])
        parts = (self.final.lines, *self.final.steps)
        return np.hstack([[[*line.coefficients, line.intercept] for line in lines] for lines in parts])

    @property
    def intercepts(self) -> Array:
        """12 intercepts; a route's are columns of their own."""
        return np.array([0.0 if self.route else line.intercept for line in self.final.lines])

    @property
    def final(self) -> Refit:
        """The refit that learned from everything."""
        return self.refits[-1]


def chosen_strengths(grown: list[Sums], relief: Array) -> list[float]:
    """For each refit the strength with the least squared error on the blocks so far, the latest counting
    most.

    `grown` are one horizon's sums up to each edge, the first edge lying before the first refit.
    """
    errors, out = np.zeros(len(STRENGTHS)), []
    for before, until in pairwise(grown):
        block = until - before
        errors = errors * FADING + [block.squared_error(line) for line in Solver(before, relief).lines()]
        out.append(STRENGTHS[int(np.argmin(errors))])
    return out


def change_forecast(refit: Refit, matrix: Array, share: Array) -> Array:
    """n × 12 changes from the offset; `share` n × (1 + steps) says how much of each line goes in."""
    parts = [predict(lines, matrix) * share[:, [k]] for k, lines in enumerate((refit.lines, *refit.steps))]
    return np.asarray(sum(parts))


def boost_forecast(refit: Refit, linked: Array) -> Array:
    """n × 12 corrections, equal within a horizon group; zero where nothing was boosted."""
    by_group = [
        np.zeros(len(linked))
        if model is None
        else np.asarray(model.predict(linked, num_threads=1), dtype=np.float64)
        for model in refit.boosters
    ]
    return np.column_stack([by_group[booster.group_of(h)] for h in range(1, HORIZONS + 1)])
