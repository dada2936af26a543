"""Backtest and fit every panel of a model table: what training does before anything is logged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.forecast.asked import PanelModel
from models.forecast.calibrate import Judged, judge
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.gate import better_peer
from models.forecast.links import Array
from models.forecast.panel import panels
from models.forecast.paths import residual_paths
from models.forecast.rolling import PanelRun, Progress, Settings, run_panel, silent
from models.forecast.scoring import COMPONENT_OF, backtest_table, errors_by_time

UNNAMED = "unregistered"


class NothingToLearnError(ValueError):
    """The table holds no target value at all."""


@dataclass(frozen=True)
class Fitted:
    """A trained model beside its backtest: `errors` by origin, and the table that people read.

    `points` holds the out-of-sample forecasts, n × 12 on the model scale, by (frequency, scope) and target;
    the rows are those of `panel.panels`. `strata` are sums of coverage by level and by length of history.
    """

    model: ForecastModel
    errors: pd.DataFrame
    backtest: pd.DataFrame
    points: dict[tuple[str, str], dict[str, Array]] = field(default_factory=dict)
    strata: pd.DataFrame = field(default_factory=pd.DataFrame)


def fit(
    table: ModelRows,
    settings: Settings | None = None,
    facts: dict[str, Any] | None = None,
    progress: Progress = silent,
) -> Fitted:
    """Train on a model table; raises `NothingToLearnError` where no target has any value."""
    settings = settings or Settings()
    fitted: dict[tuple[str, str], PanelModel] = {}
    points: dict[tuple[str, str], dict[str, Array]] = {}
    errors = []
    # One BLAS thread: sums in another order are other bits, and spinning threads steal from LightGBM.
    with threadpool_limits(1, user_api="blas"):
        for panel in panels(table.frame, tuple(table.features)):
            run = run_panel(panel, settings, progress)
            judged = {target: _best(run, target) for target in run.runs}
            if judged:
                fitted[panel.frequency, panel.scope] = _panel_model(run, judged, settings.seed)
                points[panel.frequency, panel.scope] = {y: j.point for y, j in judged.items()}
                errors += [errors_by_time(run, j) for j in judged.values()]
    if not fitted:
        raise NothingToLearnError(
            "model table: found no value of ftq, internal_loss, external_loss, ppm or cpk in any period; "
            "import inspections, deliveries, quality_costs with output_values, or measurements"
        )
    by_time = pd.concat(errors, ignore_index=True)
    model = ForecastModel(UNNAMED, fitted, facts or {})
    return Fitted(model, by_time, backtest_table(by_time), points)


def _best(run: PanelRun, target: str) -> Judged:
    """The mixture, or, where a simple peer beats it by more than noise, that peer alone."""
    judged = judge(run, target)
    peer = better_peer(errors_by_time(run, judged))
    return judged if peer is None else judge(run, target, COMPONENT_OF[peer])


def _panel_model(run: PanelRun, judged: dict[str, Judged], seed: int) -> PanelModel:
    paths = residual_paths({y: j.error for y, j in judged.items()}, run.panel.t, seed)
    models = {y: j.model for y, j in judged.items()}
    return PanelModel(run.panel.frequency, run.panel.scope, run.design, models, paths)
