"""One check: every series of inputs, targets and errors, tested, judged together and said in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from features.periods import to_index
from models.drift.change import FEWEST_BEFORE, FEWEST_SINCE, changes
from models.drift.errors import error_series, realised
from models.drift.report import DriftReport, DriftRow, Kind, judged
from models.drift.series import Monthly, compared_months, input_series, target_series
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.panel import panels

SIDES = {"loss": 1, "coverage": -1, "missing": 1}  # better forecasts and fuller records are no drift
MEASURED = {"level", "loss"}  # the other series count plants, often few


def check(model: ForecastModel, table: ModelRows, errors: pd.DataFrame | None = None) -> DriftReport:
    """Test the months since training against those that the model was trained on, as the table has them now.

    `table` reaches past the training; `errors` is the model's backtest by origin (None: errors are not
    tested). Enterprises are tested, their products are not.
    """
    rows = [_tested(kind, series) for kind, series in _all_series(model, table, errors) if _long(series)]
    note = "" if rows else _too_short(model)
    return DriftReport(judged(rows), note)


def _all_series(
    model: ForecastModel, table: ModelRows, errors: pd.DataFrame | None
) -> Iterator[tuple[Kind, Monthly]]:
    for panel in panels(table.frame, tuple(table.features)):
        fitted = model.panels.get((panel.frequency, panel.scope))
        if fitted is None or panel.scope != "enterprise":
            continue
        until = model.facts["periods"][panel.frequency][1]
        months = compared_months(panel, until)
        yield from (("target", series) for series in target_series(panel, fitted, months))
        yield from (("input", series) for series in input_series(panel, fitted, months))
        if errors is not None:
            own = errors[(errors["frequency"] == panel.frequency) & (errors["scope"] == panel.scope)]
            since = realised(model, table, panel, to_index(until))
            yield from (("error", series) for series in error_series(own, since, months))


def _long(series: Monthly) -> bool:
    """Whether there is anything to test: enough months on both sides, and not all the same."""
    enough = series.before >= FEWEST_BEFORE and len(series.points) - series.before >= FEWEST_SINCE
    return bool(enough and np.ptp(series.points) > 0)


def _too_short(model: ForecastModel) -> str:
    until = ", ".join(str(last) for _, last in model.facts["periods"].values())
    return (
        f"trained up to {until}: a check needs {FEWEST_BEFORE} months before that and {FEWEST_SINCE} after it"
    )


def _tested(kind: Kind, series: Monthly) -> DriftRow:
    measured = series.about in MEASURED
    found = changes(series.points[None], series.before, SIDES.get(series.about, 0), by_size=measured)
    start = int(found.start[0])
    trained, later = series.points[: series.before], series.points[start:]
    usual = float(trained.std()) or 1.0
    row = DriftRow(
        kind=kind,
        frequency=series.frequency,
        what=series.what if series.about == "level" else f"{series.what} {series.about}",
        since=series.label(start),
        shift=float(later.mean() - trained.mean()) / usual,
        statistic=float(found.statistic[0]),
        p_value=float(found.p_value[0]),
        alarm=False,
        means="",
    )
    return row.model_copy(update={"means": _in_words(row, series, trained, later)})


def _in_words(row: DriftRow, series: Monthly, trained: np.ndarray, later: np.ndarray) -> str:
    since, before, now = f"since {row.since}", float(trained.mean()), float(later.mean())
    if series.about == "loss":
        return f"{series.what}: forecasts lose {np.expm1(now):+.0%} against the backtest {since}"
    if series.about == "coverage":
        return f"{series.what}: 90 % intervals hold {now:.0%} {since}; in the backtest {before:.0%}"
    if series.about == "missing":
        return f"{now:.1%} of the usual readings are missing {since}; before {before:.1%}"
    if series.about == "edge":
        return f"{now:.1%} of the readings lie at the edge of their range {since}; before {before:.1%}"
    higher = "higher" if row.shift > 0 else "lower"
    return f"{series.what}: {higher} {since} by {abs(row.shift):.1f} usual monthly deviations"
