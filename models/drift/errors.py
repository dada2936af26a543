"""The served model's realised errors by month, beside those of its backtest.

Paired by horizon: a month's loss is measured in the mean loss of the backtest at the same horizon. Only the
first `REACH` horizons count, so that a month hangs together with its neighbours no more than the test allows
for, and tells of a change as soon as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.drift.series import Monthly, Months, months_of
from models.drift.step import Array
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.panel import Panel
from models.results import QUANTILE_NAMES, QUANTILES

REACH = 3
CELL = ["target", "horizon", "t"]
SUMS = ["n", "pinball", "inside90"]


def error_series(errors: pd.DataFrame, since: pd.DataFrame, months: Months) -> Iterator[Monthly]:
    """Per target the logarithm of the scaled loss, and the 90 % intervals' coverage, by month of arrival.

    `errors` is the backtest by origin of the panel (`scoring.errors_by_time`), `since` the same of the served
    model's forecasts of months after training.
    """
    cells = pd.concat([errors[[*CELL, *SUMS]], since], ignore_index=True)
    cells = cells[cells["horizon"] <= REACH]
    arrival = (cells["t"] + cells["horizon"]).to_numpy(np.int64)
    cells = cells.assign(month=months_of(arrival, months.frequency))
    for target, rows in cells.groupby("target", sort=False):
        expected = _expected(rows[rows["month"] <= months.all[months.before - 1]])
        scaled = rows.assign(expected=rows["n"] * rows["horizon"].map(expected))
        sums = scaled.groupby("month")[[*SUMS, "expected"]].sum().reindex(months.all).to_numpy(np.float64)
        yield months.series(str(target), "loss", _log_ratio(sums[:, 1], sums[:, 3]))
        yield months.series(str(target), "coverage", np.round(sums[:, 2] / sums[:, 0], 9))


def _expected(backtest: pd.DataFrame) -> pd.Series:
    sums = backtest.groupby("horizon")[["n", "pinball"]].sum()
    return sums["pinball"] / sums["n"]


def _log_ratio(loss: Array, expected: Array) -> Array:
    # A constant target is forecast without any error: nothing over nothing is as expected.
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(loss / expected)
    return np.asarray(np.where(loss == expected, 0.0, ratio), dtype=np.float64).round(9)


def realised(model: ForecastModel, table: ModelRows, panel: Panel, trained_until: int) -> pd.DataFrame:
    """Sums by target, horizon and origin of what the model forecast of periods after `trained_until`."""
    near = (panel.t > trained_until - REACH) & (panel.t < panel.t.max())
    origins = sorted(panel.keys["period"][near].unique())
    return _scored(model.forecast_frame(table, origins, REACH), panel, trained_until)


def _scored(forecast: pd.DataFrame, panel: Panel, trained_until: int) -> pd.DataFrame:
    known = panel.keys.assign(row=np.arange(len(panel.t)))
    entity = ["enterprise_id", "product_id"]
    start = known.rename(columns={"period": "origin", "t": "origin_t"}).drop(columns="row")
    rows = forecast.merge(known, on=[*entity, "period"]).merge(start, on=[*entity, "origin"])
    rows = rows[rows["t"] > trained_until]
    parts = [_losses(own, panel, str(target)) for target, own in rows.groupby("target", sort=False)]
    return pd.concat(parts) if parts else pd.DataFrame(columns=[*CELL, *SUMS])


def _losses(rows: pd.DataFrame, panel: Panel, target: str) -> pd.DataFrame:
    """As the backtest scores them: pinball loss over the quantiles, times two, and 90 % intervals."""
    truth = panel.actual[target][rows["row"]]
    origin = panel.column(f"{target}.mean")[rows["row"] - rows["horizon"]]
    values = rows[list(QUANTILE_NAMES)].to_numpy(np.float64)
    level, gap = np.array(QUANTILES), truth[:, None] - values
    columns = {
        "target": target,
        "horizon": rows["horizon"].to_numpy(),
        "t": rows["origin_t"].to_numpy(),
        "n": 1,
        "pinball": np.maximum(level * gap, (level - 1.0) * gap).mean(axis=1) * 2.0,
        "inside90": ((truth >= values[:, 0]) & (truth <= values[:, -1])).astype(np.float64),
    }
    scored = np.isfinite(truth) & np.isfinite(origin)  # the backtest scores entities with a history only
    return pd.DataFrame(columns)[scored].groupby(CELL, as_index=False).sum()
