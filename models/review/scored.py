"""How the served model did: in its backtest, and on what came since; whether the world has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from features.periods import Frequency, to_label
from models.drift import check
from models.learning.scoring import PEERS, backtest_table
from models.review.plain import rows_of
from models.training.champion import champion_errors
from models.training.evaluation import scored
from models.training.retraining import is_due
from models.training.served_errors import NothingSinceError

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings
    from models.forecast.forecaster import ForecastModel

CELL = ["frequency", "scope", "target", "t"]


def table_of(errors: pd.DataFrame) -> list[dict[str, Any]]:
    """The backtest table, as `zhuoyue backtest` prints it."""
    return rows_of(backtest_table(errors))


def by_origin(errors: pd.DataFrame) -> list[dict[str, Any]]:
    """Error by origin over all horizons, beside the baseline that was best over all origins of the target."""
    known = [peer for peer in PEERS if peer in errors]
    sums = errors.groupby(CELL, as_index=False)[["n", "model", "inside90", *known]].sum()
    rows: list[dict[str, Any]] = []
    for (frequency, scope, target), own in sums.groupby(CELL[:3], sort=False):
        best = str(own[known].sum().idxmin())
        told = own.assign(
            period=[to_label(int(t), cast("Frequency", frequency)) for t in own["t"]],
            mae_model=own["model"] / own["n"],
            mae_baseline=own[best] / own["n"],
            coverage_90=own["inside90"] / own["n"],
        )[["period", "n", "mae_model", "mae_baseline", "coverage_90"]]
        about = {"frequency": str(frequency), "scope": str(scope), "target": str(target), "baseline": best}
        rows += [about | row for row in rows_of(told)]
    return rows


def since_of(model: ForecastModel, table: ModelTable) -> dict[str, Any]:
    """What the model's forecasts came to since its training; `note` where nothing has come due."""
    try:
        errors, verdict = scored(model, table)
    except NothingSinceError as nothing:
        return {"note": str(nothing), "reasons": [], "table": [], "by_origin": []}
    return {
        "note": "",
        "reasons": list(verdict.reasons),
        "table": table_of(errors),
        "by_origin": by_origin(errors),
    }


def drift_of(model: ForecastModel, table: ModelTable, settings: Settings) -> dict[str, Any]:
    """Inputs, targets and errors since training against those before."""
    report = check(model, table, champion_errors(settings))
    rows = rows_of(pd.DataFrame([row.model_dump() for row in report.rows]))
    return {"drifted": report.drifted, "note": report.note, "rows": rows}


def due_of(table: ModelTable, settings: Settings) -> dict[str, Any]:
    """Whether a retraining is due, and what says so."""
    due = is_due(table, settings)
    return {"due": due.due, "reasons": list(due.reasons), "against": list(due.against)}
