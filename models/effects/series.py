"""The series that effects are estimated from: each step of each route, or an outcome of a whole plant."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.effects.calibration import Settings
from models.effects.links import ESCAPE, FloatArray
from models.effects.panel import EVERYWHERE, Flags, IntArray, Panel

LEAST_PERIODS: Final = 18
STEPWISE: Final = "ftq"
"""The outcome that is told step by step."""


@dataclass(frozen=True)
class Series:
    """S series over T periods: `y` on the link with 0 where not `known`, `counting` its variance by counting,
    `who` (S,) the enterprise, `step` (S,) the step (0 for a whole plant), `acts` (S, J) which levers may act.
    """

    y: FloatArray
    known: Flags
    counting: FloatArray
    who: IntArray
    step: IntArray
    acts: Flags

    def within(self, values: FloatArray, least: int = 5) -> FloatArray:
        """Values (S, T, k) less each series' mean and then, where at least `least` series know a period, less
        that period's mean: shocks that all share. Unknown periods stay 0.
        """
        seen = self.known[:, :, None]
        own = np.where(seen, values, 0.0)
        own = (own - own.sum(axis=1, keepdims=True) / np.maximum(seen.sum(axis=1, keepdims=True), 1)) * seen
        count = self.known.sum(axis=0)[None, :, None]
        shared = np.where(count >= least, own.sum(axis=0, keepdims=True) / np.maximum(count, 1), 0.0)
        return np.asarray((own - shared) * seen)


def series_of(panel: Panel, settings: Settings, target: str) -> Series:
    """The steps' yields for `ftq`, else the plants' own outcome; series with under `LEAST_PERIODS` periods
    are left out. A lever acts on the step that it names, and on all where it names none.
    """
    stepwise = target == STEPWISE
    y = panel.steps if stepwise else panel.outcomes[target][:, None, :]
    counting = panel.counting if stepwise else _counting(panel, target)[:, None, :]
    known = np.isfinite(y) & settings.has[:, None, : len(panel.levers)].any(axis=2, keepdims=True)
    who, step = np.nonzero(known.sum(axis=2) >= LEAST_PERIODS)
    place = panel.place[who] if stepwise else np.full((len(who), len(panel.levers)), EVERYWHERE)
    known = known[who, step]
    return Series(
        y=np.where(known, y[who, step], 0.0),
        known=known,
        counting=np.asarray(np.broadcast_to(counting[who, step], known.shape)),
        who=who.astype(np.int64),
        step=step.astype(np.int64),
        acts=settings.has[who, : len(panel.levers)] & ((place == EVERYWHERE) | (place == step[:, None])),
    )


def upstream_of(panel: Panel, series: Series) -> Series:
    """The same series, each acted on by the levers that name the step before its own."""
    before = (panel.place[series.who] == series.step[:, None] - 1) & (series.step[:, None] > 0)
    return replace(
        series, acts=before & np.isfinite(panel.levels[series.who, : len(panel.levers)]).any(axis=2)
    )


def _counting(panel: Panel, target: str) -> FloatArray:
    return panel.escape_counting if target in (ESCAPE, "ppm") else np.zeros(panel.escape_counting.shape)
