"""Ours and the peers' errors on the same cells: (entity, target, origin, horizon), each scored alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.forecast.baselines import has_history
from models.forecast.forecaster import ModelRows
from models.forecast.links import Array
from models.forecast.panel import Index, panels
from models.learning.calibrate import Judged, judge
from models.learning.rolling import PanelRun, Progress, run_panel
from models.learning.rolling import Settings as Effort
from models.learning.scoring import in_unit, scored_rows
from models.peers.question import LEVELS, Answer, Peer, Question
from models.results import HORIZONS

MODEL, ORACLE = "model", "oracle"
Ask = Callable[[Question], Answer]


class NothingToCompareError(ValueError):
    """No target of any panel has a forecast whose truth is known."""


@dataclass(frozen=True)
class Plan:
    """Who is asked, from how many origins of each panel, and each how-manieth row a slow peer gets."""

    peers: Mapping[str, Peer]
    origins: int = 6
    thin: int = 8


def compare(
    table: ModelRows,
    plan: Plan,
    effort: Effort,
    progress: Progress,
    oracle: Ask | None = None,
    world: int = 0,
) -> pd.DataFrame:
    """One row per cell; for every forecaster `ae.`, `crps.`, `inside.` (of the 90 % interval) and its name.

    With an `oracle` only what it knows is compared: enterprises by the month. A forecaster that gave no
    answer has NaN. Raises `NothingToCompareError` where no panel is long enough to be judged.
    """
    frames = []
    with threadpool_limits(1, user_api="blas"):
        for panel in panels(table.frame, tuple(table.features)):
            if oracle is None or (panel.frequency, panel.scope) == ("month", "enterprise"):
                frames += _panel_cells(run_panel(panel, effort, progress), plan, progress, oracle)
    if not frames:
        raise NothingToCompareError(
            "backtest: found no target with enough periods to forecast from; import more periods of records"
        )
    return pd.concat(frames, ignore_index=True).assign(world=world)


def asked_times(run: PanelRun, count: int) -> Index:
    """Origins, evenly spread over those that the backtest scores: after the first refit, before the end."""
    times = np.unique(run.panel.t[scored_rows(run) & (run.panel.t < run.panel.t.max())])
    picked = np.linspace(0, len(times) - 1, min(count, len(times)))
    return np.asarray(times[np.round(picked).astype(np.int64)], dtype=np.int64)


def asked_rows(run: PanelRun, target: str, times: Index) -> Index:
    """Positions of the rows of these origins whose entity has shown the target before."""
    seen = has_history(run.panel, target) > 0
    return np.flatnonzero(np.isin(run.panel.t, times) & scored_rows(run) & seen)


def _panel_cells(run: PanelRun, plan: Plan, progress: Progress, oracle: Ask | None) -> list[pd.DataFrame]:
    times = asked_times(run, plan.origins)
    asks = {name: peer.ask for name, peer in plan.peers.items()} | ({ORACLE: oracle} if oracle else {})
    steps, done, frames = len(run.runs) * len(asks), 0, []
    for target in run.runs:
        question = Question(run, target, asked_rows(run, target, times))
        if not len(question.rows):
            continue
        answers = {MODEL: model_answer(judge(run, target), question)}
        for name, ask in asks.items():
            progress(f"{run.panel.frequency} {run.panel.scope} {target}: {name}", done, steps)
            thin = plan.thin if name in plan.peers and plan.peers[name].slow else 1
            answers[name] = thinned(ask, question, thin)
            done += 1
        frames.append(scored(question, answers))
    return frames


def thinned(ask: Ask, question: Question, thin: int) -> Answer:
    """Ask about every `thin`-th entity only; the others' answers are NaN."""
    mine = np.flatnonzero(question.panel.entity[question.rows] % thin == 0)
    if len(mine) == len(question.rows):
        return ask(question)
    some = ask(Question(question.run, question.target, question.rows[mine]))
    point = np.full((len(question.rows), HORIZONS), np.nan)
    quantiles = np.full((*point.shape, len(LEVELS)), np.nan)
    point[mine] = some.point
    if some.quantiles is not None:
        quantiles[mine] = some.quantiles
    return Answer(point, quantiles)


def model_answer(judged: Judged, question: Question) -> Answer:
    """Our own out-of-sample forecasts: the mixture as it was weighed and calibrated at each origin."""
    return Answer(*in_unit(question.run, judged, question.rows))


def scored(question: Question, answers: Mapping[str, Answer]) -> pd.DataFrame:
    """The cells of one question whose actual value is known and that we forecast."""
    panel, rows = question.panel, question.rows
    actual = panel.future(panel.actual[question.target])[rows]
    known = np.isfinite(actual) & np.isfinite(answers[MODEL].point)
    i, h = np.nonzero(known)
    columns: dict[str, object] = {
        "frequency": panel.frequency,
        "scope": panel.scope,
        "target": question.target,
        "entity": panel.entity[rows][i],
        "t": panel.t[rows][i],
        "horizon": h + 1,
    }
    for name, answer in answers.items():
        error, crps, inside = scores(answer, actual)
        columns |= {f"ae.{name}": error[known], f"crps.{name}": crps[known], f"inside.{name}": inside[known]}
    return pd.DataFrame(columns)


def scores(answer: Answer, actual: Array) -> tuple[Array, Array, Array]:
    """Absolute error, CRPS, and whether the 90 % interval held (NaN without one), each m × 12.

    The CRPS is twice the mean pinball loss of the 19 quantiles (as in our own backtest), which for a point
    without quantiles is exactly its absolute error.
    """
    error = np.abs(answer.point - actual)
    if answer.quantiles is None:
        return error, error, np.full(error.shape, np.nan)
    lacking = ~np.isfinite(answer.quantiles).all(axis=2)
    gap = actual[:, :, None] - answer.quantiles
    pinball = 2.0 * np.maximum(LEVELS * gap, (LEVELS - 1.0) * gap).mean(axis=2)
    held = (answer.quantiles[:, :, 0] <= actual) & (actual <= answer.quantiles[:, :, -1])
    return error, np.where(lacking, error, pinball), np.where(lacking, np.nan, held.astype(np.float64))
