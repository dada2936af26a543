"""Backtest and fit every panel of a model table: what training does before anything is logged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.forecast.asked import PanelModel
from models.forecast.design import Design
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.links import Array
from models.forecast.panel import Index, panels
from models.forecast.paths import residual_paths
from models.forecast.target_model import TargetModel
from models.learning.calibrate import Judged, judge
from models.learning.gate import better_peer
from models.learning.rolling import PanelRun, Prepared, Progress, Settings, prepare, silent
from models.learning.scoring import COMPONENT_OF, backtest_table, errors_by_time
from models.learning.strata import coverage_by

UNNAMED = "unregistered"
T = TypeVar("T")


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


@dataclass(frozen=True)
class _Learned:
    """What is kept of one target of a panel once its quantiles, by far the largest part, are scored."""

    panel: tuple[str, str]
    design: Design
    t: Index
    model: TargetModel
    point: Array
    scaled: Array
    errors: pd.DataFrame
    strata: pd.DataFrame


def fit(
    table: ModelRows,
    settings: Settings | None = None,
    facts: dict[str, Any] | None = None,
    progress: Progress = silent,
) -> Fitted:
    """Train on a model table; raises `NothingToLearnError` where no target has any value.

    Targets are learned in `settings.threads` threads. No bit depends on how many: each target is learned
    alone, by single-threaded kernels, and all are gathered in the order of the table.
    """
    settings = settings or Settings()
    learned: dict[tuple[str, str], list[_Learned]] = {}
    # One BLAS thread: sums in another order are other bits, and spinning threads steal from the others.
    with threadpool_limits(1, user_api="blas"):
        for one in at_once(_work(table, settings, progress), settings.threads):
            learned.setdefault(one.panel, []).append(one)
    if not learned:
        raise NothingToLearnError(
            "model table: found no value of ftq, internal_loss, external_loss, ppm or cpk in any period; "
            "import inspections, deliveries, quality_costs with output_values, or measurements"
        )
    by_time = pd.concat([one.errors for own in learned.values() for one in own], ignore_index=True)
    models = {panel: _panel_model(own, settings.seed) for panel, own in learned.items()}
    strata = pd.concat([one.strata for own in learned.values() for one in own], ignore_index=True)
    points = {panel: {one.model.target: one.point for one in own} for panel, own in learned.items()}
    model = ForecastModel(UNNAMED, models, facts or {})
    return Fitted(model, by_time, backtest_table(by_time), points, strata)


def at_once(work: Iterable[Callable[[], T]], threads: int) -> Iterator[T]:
    """Answers of pieces of work in their order, `threads` at a time.

    The next piece is asked for when a thread is free, so that whatever makes it has that thread's core.
    """
    begun: deque[Future[T]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for piece in work:
            begun.append(pool.submit(piece))
            while sum(not answer.done() for answer in begun) >= threads:
                wait([answer for answer in begun if not answer.done()], return_when=FIRST_COMPLETED)
            while begun and begun[0].done():
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _work(table: ModelRows, settings: Settings, progress: Progress) -> Iterator[Callable[[], _Learned]]:
    for panel in panels(table.frame, tuple(table.features)):
        prepared = prepare(panel, settings)
        for done, target in enumerate(prepared.targets):
            progress(f"{panel.frequency} {panel.scope} {target}", done, len(prepared.targets))
            yield partial(_learn, prepared, target)


def _learn(prepared: Prepared, target: str) -> _Learned:
    run = prepared.run(target)
    panel = prepared.panel
    panel_run = PanelRun(panel, prepared.design, prepared.times, prepared.block, {target: run})
    judged, errors = _best(panel_run, target)
    return _Learned(
        (panel.frequency, panel.scope),
        prepared.design,
        panel.t,
        judged.model,
        judged.point,
        judged.scaled,
        errors,
        coverage_by(panel_run, judged),
    )


def _best(run: PanelRun, target: str) -> tuple[Judged, pd.DataFrame]:
    """The mixture, or, where a simple peer beats it by more than noise, that peer alone; and its errors."""
    judged = judge(run, target)
    errors = errors_by_time(run, judged)
    peer = better_peer(errors)
    if peer is None:
        return judged, errors
    alone = judge(run, target, COMPONENT_OF[peer])
    return alone, errors_by_time(run, alone)


def _panel_model(own: list[_Learned], seed: int) -> PanelModel:
    """One panel's targets with the paths of their errors."""
    frequency, scope = own[0].panel
    paths = residual_paths({one.model.target: one.scaled for one in own}, own[0].t, seed)
    return PanelModel(frequency, scope, own[0].design, {one.model.target: one.model for one in own}, paths)
