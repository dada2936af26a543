"""From a rolling run to the model that is served, and to the honest errors of its backtest.

Nothing is judged by what it was fitted on: a block's mixture weights come from the errors that had arrived
when the block began, and so do its quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from models.forecast.baselines import BASES
from models.forecast.beyond import usual
from models.forecast.cold import cold_quantiles
from models.forecast.conformal import Spread, fit_spread, shortfall
from models.forecast.design import INDUSTRY
from models.forecast.links import Array
from models.forecast.mixture import COMPONENTS, combine
from models.forecast.panel import Index
from models.forecast.scales import Signs, fit_youth, signs
from models.forecast.target_model import TargetModel
from models.learning.beyond import learn_beyond, past_of
from models.learning.refit import TargetRun
from models.learning.rolling import PanelRun
from models.learning.stack import Evidence, learn_weights
from models.results import HORIZONS, QUANTILES

FEWEST_TIMES = 3
WINDOWS = 12  # calibrations over the backtest: cheap, unlike refits


@dataclass(frozen=True)
class Judged:
    """One target's out-of-sample forecasts: `point`, `error` n × 12 on the model scale, `quantiles` n × 12
    × 19; `signs` say what each row showed of its errors to come.
    """

    run: TargetRun
    point: Array
    error: Array
    quantiles: Array
    model: TargetModel
    signs: Signs

    @property
    def scaled(self) -> Array:
        """n × 12 errors of scale one: what residual paths are ranked by, so that no plant owns the tails."""
        return self.error / self.model.spread.scale.of(self.signs)


def judge(panel_run: PanelRun, target: str, only: str | None = None) -> Judged:
    """Weigh, calibrate and judge one target's rolling run, then make its final model.

    `only` names the one component of the mixture that is used, instead of learned weights.
    """
    calibrator = _Calibrator(panel_run, panel_run.runs[target], only)
    for start, end in pairwise(calibrator.times()):
        calibrator.judge_window(start, end)
    last = panel_run.times[-1]
    weights = calibrator.weights(last)
    model = _final_model(panel_run, calibrator.run, weights, calibrator.spread(last))
    if only:
        model = replace(model, basis=f"{only} alone: nothing learned beat it in the backtest")
    run, point = calibrator.run, calibrator.point
    seen = past_of(panel_run.panel, point, run.future, run.bases)
    model = replace(model, beyond=learn_beyond(seen, calibrator.signs, model.spread, usual(target)))
    error = run.future - point
    return Judged(run, point, error, calibrator.quantiles, model, calibrator.signs)


class _Calibrator:
    """Goes forward in time: what is judged in a window was weighed and calibrated before it."""

    def __init__(self, panel_run: PanelRun, run: TargetRun, only: str | None) -> None:
        panel, link = panel_run.panel, panel_run.design.links[run.target]
        self.panel_run, self.run, self.only = panel_run, run, only
        self.signs = signs(panel, run.target, run.bases)
        self.expected = run.prior.expect(panel.column(INDUSTRY))
        self.arrival = panel.t[:, None] + np.arange(1, HORIZONS + 1)
        actual, columns = panel.future(panel.actual[run.target]), len(panel_run.design.groups())
        self.evidence = Evidence(link, run.bases, run.ridge, run.boost, actual, self.arrival, columns)
        self.point = np.full(run.future.shape, np.nan)
        self.quantiles = np.full((*run.future.shape, len(QUANTILES)), np.nan)
        self.simple = run.future - run.bases[:, [BASES.index("ew12")]]
        self.reach = np.full(run.future.shape, np.nan)

    def times(self) -> list[int]:
        """Starts of the windows, about `WINDOWS` of them, and the end."""
        first, last = self.panel_run.times[0], self.panel_run.times[-1]
        return [*range(first, last, max(1, round((last - first) / WINDOWS))), last + 1]

    def judge_window(self, start: int, end: int) -> None:
        """Forecast the origins from `start` to before `end` with what was known at `start`."""
        rows = (self.panel_run.panel.t >= start) & (self.panel_run.panel.t < end)
        weights, run = self.weights(start), self.run
        spread = self.spread(start)
        mixed = combine(weights, run.bases[rows], run.ridge[rows], run.boost[rows])
        seasoned = self.signs.known[rows, None] > 0
        self.point[rows] = np.where(seasoned, mixed, self.expected[rows, None])
        around = spread.errors(self.signs.take(rows))
        self.quantiles[rows] = self.point[rows][:, :, None] + around
        error = run.future[rows] - self.point[rows]
        edge = np.where(error > 0, around[:, :, -1], around[:, :, 0])
        if start > self.panel_run.times[0]:
            reach = np.abs(error) / np.maximum(np.abs(edge), 1e-9)
            self.reach[rows] = np.where(seasoned, reach, np.nan)

    def weights(self, until: int) -> Array:
        """12 × components, from the errors that had arrived."""
        if self.only is None:
            return learn_weights(self.evidence, until)
        return np.tile((np.array(COMPONENTS) == self.only).astype(np.float64), (HORIZONS, 1))

    def spread(self, until: int) -> Spread:
        """Quantiles from the errors that had arrived, stretched by how far such ones fell short so far."""
        t, arrived = self.panel_run.panel.t, self.arrival <= until
        simple = np.where(arrived, self.simple, np.nan)
        youth, fallback = fit_youth(simple, self.signs.known), _spread_of(simple)
        seen = np.flatnonzero((t >= self.panel_run.times[0]) & (t < until))
        past = np.where(arrived[seen], self.run.future[seen] - self.point[seen], np.nan)
        came = self.arrival[seen]
        fitted = fit_spread(past, self.signs.take(seen), came, youth, self._cold(until), fallback)
        return fitted.stretched(shortfall(np.where(arrived[seen], self.reach[seen], np.nan), came))

    def _cold(self, until: int) -> Array:
        """Quantiles about a sector's mean, of the values known by then."""
        panel = self.panel_run.panel
        value = self.panel_run.design.links[self.run.target].forward(panel.scored[self.run.target])
        value = np.where(panel.t <= until, value, np.nan)
        return cold_quantiles(value, self.expected, panel.entity, self.run.prior.spread)


def _spread_of(errors: Array) -> float:
    """Standard deviation of what is known, 0.1 where nothing is."""
    known = errors[np.isfinite(errors)]
    return (float(known.std()) if len(known) else 0.0) or 0.1


def _final_model(panel_run: PanelRun, run: TargetRun, weights: Array, spread: Spread) -> TargetModel:
    return TargetModel(
        run.target,
        panel_run.design.links[run.target],
        run.prior,
        weights,
        run.coefficients,
        run.intercepts,
        tuple(tree.model_to_string() if tree is not None else "" for tree in run.final.boosters),
        spread,
        run.means,
        _basis(panel_run, run),
        run.route,
    )


def _basis(panel_run: PanelRun, run: TargetRun) -> str:
    arrived: Index = np.flatnonzero(np.isfinite(run.future[:, 0]))
    times = len(np.unique(panel_run.panel.t[arrived]))
    if times < 2 * FEWEST_TIMES or not any(line.coefficients.any() for line in run.final.lines):
        return f"baseline only: {times} periods with a known value are too few to learn from"
    return "ridge and LightGBM" if any(tree is not None for tree in run.final.boosters) else "ridge"
