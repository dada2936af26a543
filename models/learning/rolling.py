"""Rolling origin, expanding window: refit at several times, forecast every origin in between out of sample.

A refit at time T learns only from pairs whose *target* period is ≤ T, and forecasts the origins from T
until the next refit. The last refit uses everything and is the model that is served. Ridge is refitted
`RIDGE_REFITS` times as often as LightGBM: its refit is a solve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.forecast import booster
from models.forecast.baselines import base_forecasts, fit_prior, has_history, offset
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.design import YIELD, Design, fit_design
from models.forecast.links import Array
from models.forecast.panel import Index, Mask, Panel
from models.forecast.route import mean_spread_out, route_of, shares, step_level
from models.learning.moments import Moments
from models.learning.refit import Refit, TargetRun, boost_forecast, change_forecast, chosen_strengths
from models.learning.relief import relief
from models.learning.ridge import Line, Solver, Sums
from models.results import HORIZONS

if TYPE_CHECKING:
    import lightgbm

Progress = Callable[[str, int, int], None]
BURN_IN = 0.35  # share of the time span before the first refit
RIDGE_REFITS = 2


def silent(description: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Settings:
    """How much a training run may cost: LightGBM's refits of the backtest, threads, and the seed."""

    refits: int = 4
    threads: int = 1
    seed: int = 20260101


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
        start, route = offset(bases), route_of(self.panel, target)
        share = shares(self.panel, route)
        refits = self._refits(target, future - start[:, None], route, share)
        ridge, boost = np.full(future.shape, np.nan), np.full(future.shape, np.nan)
        for k, refit in enumerate(refits[:-1]):
            rows = self.block == k
            ridge[rows] = start[rows, None] + change_forecast(refit, self.matrix[rows], share[rows])
            boost[rows] = boost_forecast(refit, self.linked[rows])
        means = self._means(has_history(self.panel, target) > 0, bases, start, share if route else None)
        return TargetRun(target, prior, bases, future, ridge, boost, refits, means, route)

    def _means(self, known: Mask, bases: Array, start: Array, share: Array | None) -> dict[str, Array]:
        matrix = self.matrix[known]
        columns = matrix.mean(axis=0) if share is None else mean_spread_out(matrix, share[known])
        offset_mean = np.array([start[known].mean()])
        return {"bases": bases[known].mean(axis=0), "offset": offset_mean, "matrix": columns}

    def _of_step(self, step: str) -> list[tuple[Line, ...]]:
        """Lines of one step's change, for each refit."""
        value = self.panel.future(YIELD.forward(self.panel.scored[step]))
        change = value - step_level(self.panel, step)[:, None]
        return self._lines(self.moments.of(change), self._relief(step))

    def _relief(self, target: str) -> Array:
        each = np.array([relief(target, name) for name in self.design.names])
        return np.asarray(each[self.design.groups()], dtype=np.float64)

    def _refits(self, target: str, change: Array, route: tuple[str, ...], share: Array) -> tuple[Refit, ...]:
        own = self._lines(self.moments.of(change), self._relief(target))
        steps = [self._of_step(step) for step in route]
        refits: list[Refit] = []
        for k, time in enumerate(self.times):
            refit = Refit(time, own[k], tuple(step[k] for step in steps), ())
            boosters = self._boost(k, change, refit, share) if k in self.binned else refits[-1].boosters
            refits.append(replace(refit, boosters=boosters))
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

    def _boost(
        self, k: int, change: Array, refit: Refit, share: Array
    ) -> tuple[lightgbm.Booster | None, ...]:
        rows = self.panel.t <= self.times[k]
        arrival = self.panel.t[rows, None] + np.arange(1, HORIZONS + 1)
        leftover = change[rows] - change_forecast(refit, self.matrix[rows], share[rows])
        leftover[arrival > self.times[k]] = np.nan
        return tuple(
            booster.fit(self.binned[k], leftover[:, np.array(group) - 1], self.settings.seed)
            for group in HORIZON_GROUPS
        )
