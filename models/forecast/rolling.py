"""Rolling origin, expanding window: refit at several times, forecast every origin in between out of sample.

A refit at time T learns only from pairs whose *target* period is ≤ T, and forecasts the origins from T
until the next refit. The last refit uses everything and is the model that is served. Ridge is refitted
`RIDGE_REFITS` times as often as LightGBM: its refit is a solve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.forecast import booster
from models.forecast.baselines import BASES, Prior, base_forecasts, fit_prior, has_history, offset
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.design import Design, fit_design
from models.forecast.links import Array
from models.forecast.moments import Moments
from models.forecast.panel import Index, Panel
from models.forecast.ridge import STRENGTHS, Line, Solver, Sums, predict
from models.results import HORIZONS

if TYPE_CHECKING:
    import lightgbm

Progress = Callable[[str, int, int], None]
OWN_RELIEF = 0.01  # an entity's own history is punished so much less than other features
BURN_IN = 0.35  # share of the time span before the first refit
RIDGE_REFITS = 2
FADING = 0.8  # a block's errors count so much less, in the choice of a penalty, with each block after it


def silent(description: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Settings:
    """How much a training run may cost: LightGBM's refits of the backtest, threads, and the seed."""

    refits: int = 4
    threads: int = 1
    seed: int = 20260101


@dataclass(frozen=True)
class Refit:
    """What one target learned up to a time: a line per horizon, a booster (or None) per horizon group."""

    time: int
    lines: tuple[Line, ...]
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

    @property
    def final(self) -> Refit:
        """The refit that learned from everything."""
        return self.refits[-1]


@dataclass(frozen=True)
class PanelRun:
    """All targets of one panel; `block` n is the refit (from 0) that forecast a row out of sample, −1 if
    none.
    """

    panel: Panel
    design: Design
    times: tuple[int, ...]
    block: Index
    runs: dict[str, TargetRun]


def refit_times(t: Index, refits: int) -> tuple[int, ...]:
    """Times of the backtest's refits, evenly spaced after the burn-in, then the end of the data."""
    first, last = int(t.min()), int(t.max())
    start = first + max(int(np.ceil(BURN_IN * (last - first))), 1)
    steps = np.linspace(start, last, refits + 1)
    return tuple(sorted({int(step) for step in steps}))


def run_panel(panel: Panel, settings: Settings, progress: Progress = silent) -> PanelRun:
    """Backtest and final fit of every target that a panel has any value of."""
    prepared = prepare(panel, settings)
    runs = {}
    for done, target in enumerate(prepared.targets):
        progress(f"{panel.frequency} {panel.scope} {target}", done, len(prepared.targets))
        runs[target] = prepared.run(target)
    return PanelRun(panel, prepared.design, prepared.times, prepared.block, runs)


def prepare(panel: Panel, settings: Settings) -> Prepared:
    """What all targets of a panel share; `run` of each may then be called in any order, in any thread."""
    times = refit_times(panel.t, settings.refits * RIDGE_REFITS)
    design = fit_design(panel, until=times[0])
    linked = design.linked(panel)
    matrix = design.ridge_matrix(linked)
    block = np.searchsorted(np.array(times), panel.t, side="right").astype(np.int64) - 1
    half = (int(panel.t.min()) + times[0]) // 2
    boosted = [k for k in range(len(times)) if k % RIDGE_REFITS == 0 or k == len(times) - 1]
    binned = {k: booster.dataset(linked[panel.t <= times[k]]) for k in boosted}
    moments = Moments(matrix, panel.t, (half, *times))
    return Prepared(panel, design, linked, matrix, times, block, binned, moments, settings)


@dataclass(frozen=True)
class Prepared:
    """A panel's design, matrices, refit times, bins (by refit) and sums of products."""

    panel: Panel
    design: Design
    linked: Array
    matrix: Array
    times: tuple[int, ...]
    block: Index
    binned: dict[int, lightgbm.Dataset]
    moments: Moments
    settings: Settings

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets that any row has a value of."""
        return tuple(y for y in self.panel.targets if np.isfinite(self.panel.scored[y]).any())

    def run(self, target: str) -> TargetRun:
        """One target's rolling run."""
        link = self.design.links[target]
        prior = fit_prior(self.panel, target, link)
        bases = base_forecasts(self.panel, target, link, prior)
        future = self.panel.future(link.forward(self.panel.scored[target]))
        start = offset(bases)
        refits = self._refits(target, future - start[:, None])
        ridge, boost = np.full(future.shape, np.nan), np.full(future.shape, np.nan)
        for k, refit in enumerate(refits[:-1]):
            rows = self.block == k
            ridge[rows] = start[rows, None] + predict(refit.lines, self.matrix[rows])
            boost[rows] = boost_forecast(refit, self.linked[rows])
        known = has_history(self.panel, target) > 0
        means = {
            "bases": bases[known].mean(axis=0),
            "offset": np.array([start[known].mean()]),
            "matrix": self.matrix[known].mean(axis=0),
        }
        return TargetRun(target, prior, bases, future, ridge, boost, refits, means)

    def _relief(self, target: str) -> Array:
        own = [j for j, name in enumerate(self.design.names) if name in {f"{target}.{b}" for b in BASES}]
        return np.where(np.isin(self.design.groups(), own), OWN_RELIEF, 1.0)

    def _refits(self, target: str, change: Array) -> tuple[Refit, ...]:
        by_time = self._lines(self.moments.of(change), self._relief(target))
        refits: list[Refit] = []
        for k, (time, lines) in enumerate(zip(self.times, by_time, strict=True)):
            boosters = self._boost(k, change, lines) if k in self.binned else refits[-1].boosters
            refits.append(Refit(time, lines, boosters))
        return tuple(refits)

    def _lines(self, grown: list[list[Sums]], relief: Array) -> list[tuple[Line, ...]]:
        """A line per horizon for each refit, its strength chosen on the blocks that had come by then."""
        by_horizon: list[list[Line]] = []
        for group in HORIZON_GROUPS:
            strengths = chosen_strengths(grown[group[len(group) // 2] - 1], relief)
            for h in group:
                rows = grown[h - 1][1:]
                by_horizon.append(
                    [Solver(r, relief).line(s / max(r.n, 1.0)) for r, s in zip(rows, strengths, strict=True)]
                )
        return [tuple(lines) for lines in zip(*by_horizon, strict=True)]

    def _boost(self, k: int, change: Array, lines: tuple[Line, ...]) -> tuple[lightgbm.Booster | None, ...]:
        rows = self.panel.t <= self.times[k]
        arrival = self.panel.t[rows, None] + np.arange(1, HORIZONS + 1)
        leftover = change[rows] - predict(lines, self.matrix[rows])
        leftover[arrival > self.times[k]] = np.nan
        return tuple(
            booster.fit(self.binned[k], leftover[:, np.array(group) - 1], self.settings.seed)
            for group in HORIZON_GROUPS
        )


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


def boost_forecast(refit: Refit, linked: Array) -> Array:
    """n × 12 corrections, equal within a horizon group; zero where nothing was boosted."""
    by_group = [
        np.zeros(len(linked))
        if model is None
        else np.asarray(model.predict(linked, num_threads=1), dtype=np.float64)
        for model in refit.boosters
    ]
    return np.column_stack([by_group[booster.group_of(h)] for h in range(1, HORIZONS + 1)])
