"""Rolling origin, expanding window: refit at several times, forecast every origin in between out of sample.

A refit at time T learns only from pairs whose *target* period is ≤ T, and forecasts the origins from T
until the next refit. The last refit uses everything and is the model that is served.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.forecast import booster
from models.forecast.baselines import BASES, Prior, base_forecasts, fit_prior, offset
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.design import Design, fit_design
from models.forecast.links import Array
from models.forecast.panel import Index, Panel
from models.forecast.ridge import Line, Sums, choose_penalty, solve, sums
from models.results import HORIZONS

if TYPE_CHECKING:
    import lightgbm

Progress = Callable[[str, int, int], None]
OWN_RELIEF = 0.03  # an entity's own history is punished so much less than other features
BURN_IN = 0.35  # share of the time span before the first refit


def silent(description: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Settings:
    """How much a training run may cost: refits of the backtest, LightGBM threads, and the seed."""

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

    `bases` n × 5, `future` n × 12 (what came), `ridge` and `boost` n × 12 out of sample.
    """

    target: str
    prior: Prior
    bases: Array
    future: Array
    ridge: Array
    boost: Array
    final: Refit


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
    design = fit_design(panel)
    linked = design.linked(panel)
    matrix = design.ridge_matrix(linked)
    times = refit_times(panel.t, settings.refits)
    block = np.searchsorted(np.array(times), panel.t, side="right").astype(np.int64) - 1
    binned = {time: booster.dataset(linked[panel.t <= time]) for time in times}
    worker = _Worker(panel, design, linked, matrix, times, block, binned, settings)
    targets = [y for y in panel.targets if np.isfinite(panel.scored[y]).any()]
    runs = {}
    for done, target in enumerate(targets):
        progress(f"{panel.frequency} {panel.scope} {target}", done, len(targets))
        runs[target] = worker.run(target)
    return PanelRun(panel, design, times, block, runs)


@dataclass(frozen=True)
class _Worker:
    panel: Panel
    design: Design
    linked: Array
    matrix: Array
    times: tuple[int, ...]
    block: Index
    binned: dict[int, lightgbm.Dataset]
    settings: Settings

    def run(self, target: str) -> TargetRun:
        link = self.design.links[target]
        prior = fit_prior(self.panel, target, link)
        bases = base_forecasts(self.panel, target, link, prior)
        future = self.panel.future(link.forward(self.panel.scored[target]))
        start = offset(target, bases)
        refits = self._refits(future - start[:, None], self._relief(target))
        ridge = np.full(future.shape, np.nan)
        boost = np.full(future.shape, np.nan)
        for k, refit in enumerate(refits[:-1]):
            rows = self.block == k
            ridge[rows] = start[rows, None] + ridge_forecast(refit, self.matrix[rows])
            boost[rows] = boost_forecast(refit, self.linked[rows])
        return TargetRun(target, prior, bases, future, ridge, boost, refits[-1])

    def _relief(self, target: str) -> Array:
        own = {self.design.names.index(n) for n in self.design.names if n in {f"{target}.{b}" for b in BASES}}
        return np.where(np.isin(self.design.groups(), list(own)), OWN_RELIEF, 1.0)

    def _refits(self, change: Array, relief: Array) -> list[Refit]:
        grown = [self._grown_sums(change[:, h], h + 1) for h in range(HORIZONS)]
        out = []
        for k, time in enumerate(self.times):
            lines: list[Line] = []
            for group in HORIZON_GROUPS:
                ends = (group[0], group[-1])
                before, added = [grown[h - 1][k][0] for h in ends], [grown[h - 1][k][1] for h in ends]
                penalty = choose_penalty(before, added, relief)
                lines += [solve(grown[h - 1][k + 1][0], penalty, relief) for h in group]
            out.append(Refit(time, tuple(lines), self._boost(change, lines, time)))
        return out

    def _grown_sums(self, change: Array, horizon: int) -> list[tuple[Sums, Sums]]:
        """For each block of target time: the sums of all blocks before it, and its own."""
        arrival = self.panel.t + horizon
        half = (int(self.panel.t.min()) + self.times[0]) // 2
        edges = [-(10**9), half, *self.times]
        own = []
        for low, high in pairwise(edges):
            rows = (arrival > low) & (arrival <= high)
            own.append(sums(self.matrix[rows], change[rows]))
        grown = [own[0]]
        for block in own[1:]:
            grown.append(grown[-1] + block)
        following = [*own[1:], own[-1]]
        return list(zip(grown, following, strict=True))

    def _boost(self, change: Array, lines: list[Line], time: int) -> tuple[lightgbm.Booster | None, ...]:
        rows = self.panel.t <= time
        fitted = np.column_stack([line.predict(self.matrix[rows]) for line in lines])
        arrival = self.panel.t[rows, None] + np.arange(1, HORIZONS + 1)
        leftover = np.where(arrival <= time, change[rows] - fitted, np.nan)
        return tuple(
            booster.fit(
                self.binned[time], leftover[:, np.array(group) - 1], self.settings.seed, self.settings.threads
            )
            for group in HORIZON_GROUPS
        )


def ridge_forecast(refit: Refit, matrix: Array) -> Array:
    """n × 12 changes from the offset."""
    return np.column_stack([line.predict(matrix) for line in refit.lines])


def boost_forecast(refit: Refit, linked: Array) -> Array:
    """n × 12 corrections, equal within a horizon group; zero where nothing was boosted."""
    by_group = [
        np.zeros(len(linked))
        if model is None
        else np.asarray(model.predict(linked, num_threads=1), dtype=np.float64)
        for model in refit.boosters
    ]
    return np.column_stack([by_group[booster.group_of(h)] for h in range(1, HORIZONS + 1)])
