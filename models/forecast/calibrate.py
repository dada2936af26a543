"""From a rolling run to the model that is served, and to the honest errors of its backtest.

Nothing is judged by what it was fitted on: a block's mixture weights come from the errors that had arrived
when the block began, and so do its quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecast.baselines import has_history
from models.forecast.conformal import Spread, fit_spread
from models.forecast.links import Array
from models.forecast.panel import Index
from models.forecast.rolling import PanelRun, TargetRun
from models.forecast.stack import Evidence, combine, learn_weights
from models.forecast.target_model import TargetModel
from models.results import HORIZONS, QUANTILES

FEWEST_TIMES = 3


@dataclass(frozen=True)
class Judged:
    """One target's out-of-sample forecasts: `point`, `error` n × 12 on the model scale, `quantiles` n × 12
    × 19.
    """

    run: TargetRun
    point: Array
    error: Array
    quantiles: Array
    model: TargetModel


def judge(panel_run: PanelRun, target: str) -> Judged:
    """Weigh, calibrate and judge one target's rolling run, then make its final model."""
    run, panel = panel_run.runs[target], panel_run.panel
    link = panel_run.design.links[target]
    arrival = panel.t[:, None] + np.arange(1, HORIZONS + 1)
    entities = entity_names(panel_run)
    evidence = Evidence(
        link,
        run.bases,
        run.ridge,
        run.boost,
        panel.future(panel.actual[target]),
        arrival,
        len(panel_run.design.groups()),
    )
    point = np.full(run.future.shape, np.nan)
    quantiles = np.full((*run.future.shape, len(QUANTILES)), np.nan)
    spread = float(np.nanstd(run.future - run.bases[:, [2]])) if np.isfinite(run.future).any() else 1.0
    for k, time in enumerate(panel_run.times[:-1]):
        rows = panel_run.block == k
        weights = learn_weights(evidence, time)
        point[rows] = combine(weights, run.bases[rows], run.ridge[rows], run.boost[rows])
        past = np.where(arrival <= time, run.future - point, np.nan)
        calibrated = fit_spread(past, entities, arrival, spread or 0.1)
        scales = calibrated.of([str(e) for e in entities[rows]])
        quantiles[rows] = point[rows][:, :, None] + scales[:, None, None] * calibrated.quantiles
    error = run.future - point
    final = fit_spread(error, entities, arrival, spread or 0.1)
    weights = learn_weights(evidence, panel_run.times[-1])
    return Judged(run, point, error, quantiles, _final_model(panel_run, run, weights, final))


def entity_names(panel_run: PanelRun) -> Array:
    """n names `enterprise|product` of the rows' entities, as an object array."""
    keys = panel_run.panel.keys
    return (keys["enterprise_id"].astype(str) + "|" + keys["product_id"].astype(str)).to_numpy(object)


def _final_model(panel_run: PanelRun, run: TargetRun, weights: Array, spread: Spread) -> TargetModel:
    matrix = panel_run.design.ridge_matrix(panel_run.design.linked(panel_run.panel))
    known = has_history(panel_run.panel, run.target) > 0
    from models.forecast.baselines import offset

    start = offset(run.target, run.bases)
    return TargetModel(
        run.target,
        panel_run.design.links[run.target],
        run.prior,
        weights,
        np.stack([line.coefficients for line in run.final.lines]),
        np.array([line.intercept for line in run.final.lines]),
        tuple(tree.model_to_string() if tree is not None else "" for tree in run.final.boosters),
        spread,
        {
            "bases": run.bases[known].mean(axis=0),
            "offset": np.array([start[known].mean()]),
            "matrix": matrix[known].mean(axis=0),
        },
        _basis(panel_run, run),
    )


def _basis(panel_run: PanelRun, run: TargetRun) -> str:
    arrived: Index = np.flatnonzero(np.isfinite(run.future[:, 0]))
    times = len(np.unique(panel_run.panel.t[arrived]))
    if times < 2 * FEWEST_TIMES or not any(line.coefficients.any() for line in run.final.lines):
        return f"baseline only: {times} periods with a known value are too few to learn from"
    return "ridge and LightGBM" if any(tree is not None for tree in run.final.boosters) else "ridge"
