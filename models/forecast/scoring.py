"""The backtest table: the model and every baseline on the same forecasts, and interval coverage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from models.forecast.baselines import BASES, has_history
from models.forecast.calibrate import Judged
from models.forecast.links import Array, widen_yield
from models.forecast.panel import Mask, Panel
from models.forecast.rolling import PanelRun
from models.results import HORIZONS, QUANTILES

NAMES = {"last": "naive", "ew3": "ewma3", "ew12": "ewma12", "mean12": "mean12", "mean": "entity_mean"}
PEERS: tuple[str, ...] = tuple(NAMES[b] for b in BASES)
COMPONENT_OF = {name: base for base, name in NAMES.items()} | {"ridge": "ridge"}


def errors_by_time(panel_run: PanelRun, judged: Judged) -> pd.DataFrame:
    """Σ|error| by target period and horizon, for the model and its peers, in the target's unit.

    Only forecasts made after the first refit are scored (before it, nothing had been weighed or
    calibrated), and only of entities with some history, so that every baseline has an answer. Columns:
    frequency, scope, target, horizon, t (origin), n, one sum per peer, `ridge`, `model`, `pinball` (mean
    over the 19 quantiles, times two: an approximate CRPS), `inside90` and `inside50` (counts).
    """
    panel, target = panel_run.panel, judged.run.target
    actual = panel.future(panel.actual[target])
    first = 1 if len(panel_run.times) > 2 else 0
    scored = (panel_run.block >= first) & (has_history(panel, target) > 0)
    tables = [_horizon(panel, judged, actual, scored, h) for h in range(1, HORIZONS + 1)]
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "frequency", panel.frequency)
    table.insert(1, "scope", panel.scope)
    table.insert(2, "target", target)
    return table


def _horizon(panel: Panel, judged: Judged, actual: Array, scored: Mask, horizon: int) -> pd.DataFrame:
    h, link = horizon - 1, judged.model.link
    rows = np.flatnonzero(scored & np.isfinite(actual[:, h]) & np.isfinite(judged.point[:, h]))
    truth = actual[rows, h]
    columns: dict[str, Any] = {"horizon": horizon, "t": panel.t[rows], "n": 1}
    for j, base in enumerate(BASES):
        columns[NAMES[base]] = np.abs(link.inverse(judged.run.bases[rows, j]) - truth)
    columns["ridge"] = np.abs(link.inverse(judged.run.ridge[rows, h]) - truth)
    columns["model"] = np.abs(link.inverse(judged.point[rows, h]) - truth)
    values = np.sort(link.inverse(judged.quantiles[rows, h]), axis=1)
    if link.falling:
        values = widen_yield(values, panel.submitted[rows, None])
    columns |= _intervals(values, truth)
    return pd.DataFrame(columns).groupby(["horizon", "t"], as_index=False).sum()


def _intervals(values: Array, truth: Array) -> dict[str, Array]:
    level = np.array(QUANTILES)
    gap = truth[:, None] - values
    loss = np.maximum(level * gap, (level - 1.0) * gap).mean(axis=1) * 2.0

    def inside(low: float, high: float) -> Array:
        lower, upper = (values[:, int(np.argmin(np.abs(level - q)))] for q in (low, high))
        return ((truth >= lower) & (truth <= upper)).astype(np.float64)

    return {"pinball": loss, "inside90": inside(0.05, 0.95), "inside50": inside(0.25, 0.75)}


def backtest_table(by_time: pd.DataFrame) -> pd.DataFrame:
    """One row per frequency, scope, target and horizon: n, mean absolute errors, CRPS, coverage, origins."""
    keys = ["frequency", "scope", "target", "horizon"]
    sums = by_time.groupby(keys, sort=False, as_index=False).sum()
    origins = by_time.groupby(keys, sort=False)["t"].nunique().to_numpy()
    table = sums[[*keys, "n"]].copy()
    table["origins"] = origins
    for name in (*PEERS, "ridge", "model"):
        table[f"mae_{name}"] = sums[name] / sums["n"]
    table["crps"] = sums["pinball"] / sums["n"]
    table["coverage_90"] = sums["inside90"] / sums["n"]
    table["coverage_50"] = sums["inside50"] / sums["n"]
    return table
