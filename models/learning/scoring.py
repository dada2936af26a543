"""The backtest table: the model and every baseline on the same forecasts, and interval coverage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from models.forecast.baselines import BASES, has_history
from models.forecast.links import Array
from models.forecast.panel import Index, Mask
from models.learning.calibrate import Judged
from models.learning.rolling import PanelRun
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
    rows = np.flatnonzero(scored_rows(panel_run) & (has_history(panel, target) > 0))
    actual = panel.future(panel.actual[target])[rows]
    point, values = in_unit(panel_run, judged, rows)
    simple = judged.model.link.inverse(judged.run.bases[rows])
    ridge = judged.model.link.inverse(judged.run.ridge[rows])
    tables = []
    for h in range(HORIZONS):
        known = np.isfinite(actual[:, h]) & np.isfinite(point[:, h])
        truth = actual[known, h]
        columns: dict[str, Any] = {"horizon": h + 1, "t": panel.t[rows[known]], "n": 1}
        columns |= {NAMES[base]: np.abs(simple[known, j] - truth) for j, base in enumerate(BASES)}
        columns["ridge"] = np.abs(ridge[known, h] - truth)
        columns["model"] = np.abs(point[known, h] - truth)
        columns |= _intervals(values[known, h], truth)
        tables.append(pd.DataFrame(columns).groupby(["horizon", "t"], as_index=False).sum())
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "frequency", panel.frequency)
    table.insert(1, "scope", panel.scope)
    table.insert(2, "target", target)
    return table


def scored_rows(panel_run: PanelRun) -> Mask:
    """n booleans: origins after the first refit, when there is another one."""
    first = 1 if len(panel_run.times) > 2 else 0
    return np.asarray(panel_run.block >= first)


def in_unit(panel_run: PanelRun, judged: Judged, rows: Index) -> tuple[Array, Array]:
    """Out-of-sample answers of m rows in the target's unit: points m × 12, rising quantiles m × 12 × 19."""
    model, submitted = judged.model, panel_run.panel.submitted[rows]
    values = model.in_unit(judged.quantiles[rows], submitted)
    point = model.link.inverse(judged.point[rows])
    return point, values[:, :, ::-1] if model.link.falling else values


def _intervals(values: Array, truth: Array) -> dict[str, Array]:
    level = np.array(QUANTILES)
    gap = truth[:, None] - values
    loss = np.maximum(level * gap, (level - 1.0) * gap).mean(axis=1) * 2.0
    hits = {
        f"inside{name}": inside(values, truth, low, 1 - low) for name, low in (("90", 0.05), ("50", 0.25))
    }
    return {"pinball": loss, **{name: hit.astype(np.float64) for name, hit in hits.items()}}


def inside(values: Array, truth: Array, low: float, high: float) -> Mask:
    """Whether a value lies between two of the 19 quantiles (last axis)."""
    level = np.array(QUANTILES)
    lower, upper = (values[..., int(np.argmin(np.abs(level - q)))] for q in (low, high))
    return np.asarray((truth >= lower) & (truth <= upper))


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
