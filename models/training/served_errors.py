"""What a served model's forecasts came to since its training, beside its baselines and its own ridge part.

The form is that of the backtest by origin (`scoring.errors_by_time`), so that the same tables, tests and
gate read both. Nothing scored here was seen in training: origins begin with its last period.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from features.periods import to_index
from models.forecast.asked import Outlook
from models.forecast.baselines import BASES
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.links import Array
from models.learning.scoring import NAMES, PEERS
from models.results import HORIZONS, QUANTILE_NAMES, QUANTILES, TARGETS

ENTITY = ["enterprise_id", "product_id"]
CELL = ["frequency", "scope", "target", "horizon", "t"]


class NothingSinceError(RuntimeError):
    """No record came since a model was trained: there is nothing to evaluate it on."""


def served_errors(model: ForecastModel, table: ModelRows) -> pd.DataFrame:
    """Sums by frequency, scope, target, horizon and origin; raises `NothingSinceError`.

    Only entities with some history are scored, as in the backtest.
    """
    origins = _origins(model, table)
    if not origins:
        raise NothingSinceError(_nothing(model, table))
    said = model.forecast_frame(table, origins).rename(columns={"mean": "said"})
    simple = pd.concat([_baselines(o) for o in model.outlooks(table, origins)], ignore_index=True)
    both = said.merge(simple, on=[*ENTITY, "origin", "target", "horizon"], validate="many_to_one")
    scored = both.merge(_came(table), on=[*ENTITY, "period", "target"], validate="many_to_one")
    if scored.empty:
        raise NothingSinceError(_nothing(model, table))
    return _sums(scored)


def _origins(model: ForecastModel, table: ModelRows) -> list[str]:
    """Periods from the end of training to the last but one, of every frequency that the model knows."""
    found: list[str] = []
    for frequency, rows in table.frame.groupby("frequency"):
        if frequency not in model.facts["periods"]:
            continue
        after = rows["t"] >= to_index(model.facts["periods"][frequency][1])
        found += sorted(rows.loc[after & (rows["t"] < rows["t"].max()), "period"].unique())
    return found


def _nothing(model: ForecastModel, table: ModelRows) -> str:
    ends = {str(f): str(p.max()) for f, p in table.frame.groupby("frequency")["period"]}
    until = ", ".join(
        f"{last} ({f}; records end {ends.get(f, 'before')})" for f, (_, last) in _periods(model)
    )
    return (
        f"model {model.version} was trained up to {until}: no complete period came since, so there "
        "is nothing to evaluate it on; import newer records, or evaluate an older version (`--version`)"
    )


def _periods(model: ForecastModel) -> list[tuple[str, tuple[str, str]]]:
    return sorted((f, tuple(p)) for f, p in model.facts["periods"].items())


def _baselines(outlook: Outlook) -> pd.DataFrame:
    """What the simple baselines and ridge say, one row per entity with history, origin and horizon."""
    model, keys = outlook.model, outlook.panel.keys
    values = model.link.inverse(outlook.rows.bases)
    simple = {NAMES[base]: values[:, j] for j, base in enumerate(BASES)}
    known = keys[ENTITY].assign(origin=keys["period"], target=model.target, **simple)
    ridge = model.link.inverse(model.ridge(outlook.rows))
    ahead = [
        known.assign(horizon=h + 1, ridge=ridge[:, h])[outlook.rows.history > 0] for h in range(HORIZONS)
    ]
    return pd.concat(ahead, ignore_index=True)


def _came(table: ModelRows) -> pd.DataFrame:
    kept = table.frame[[*ENTITY, "frequency", "period", *(y for y in TARGETS if y in table.frame)]]
    long = kept.melt([*ENTITY, "frequency", "period"], var_name="target", value_name="came")
    return long.dropna(subset=["came"])


def _sums(scored: pd.DataFrame) -> pd.DataFrame:
    came = scored["came"].to_numpy(np.float64)
    cells = scored[["frequency", "target", "horizon"]].assign(
        scope=np.where(scored["product_id"] == "", "enterprise", "product"),
        t=[to_index(origin) for origin in scored["origin"]],
        n=1,
        model=np.abs(scored["said"].to_numpy(np.float64) - came),
        **{peer: np.abs(scored[peer].to_numpy(np.float64) - came) for peer in (*PEERS, "ridge")},
        **dict(_interval_losses(scored[list(QUANTILE_NAMES)].to_numpy(np.float64), came)),
    )
    return cells.groupby(CELL, as_index=False).sum()


def _interval_losses(quantiles: Array, came: Array) -> Iterator[tuple[str, Array]]:
    gap = came[:, None] - quantiles
    level = np.array(QUANTILES)
    yield "pinball", 2.0 * np.maximum(level * gap, (level - 1.0) * gap).mean(axis=1)
    for name, (low, high) in {"inside90": (0.05, 0.95), "inside50": (0.25, 0.75)}.items():
        ends = [int(np.argmin(np.abs(level - q))) for q in (low, high)]
        yield name, ((came >= quantiles[:, ends[0]]) & (came <= quantiles[:, ends[1]])).astype(np.float64)
