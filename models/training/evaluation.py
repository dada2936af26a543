"""Evaluate: what a registered model's forecasts came to on the records since its training."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from features.model_table import ModelTable, build_model_table
from models import registry, versions
from models.forecast.bundle import load, load_champion
from models.forecast.forecaster import ForecastModel
from models.learning.gate import Verdict, judge_model
from models.learning.rolling import Progress, silent
from models.learning.scoring import backtest_table
from models.training.identity import fingerprint, settled
from models.training.served_errors import served_errors
from models.training.told import HEADLINES, metrics_of

if TYPE_CHECKING:
    from features.settings import Settings
    from features.tables import Tables


@dataclass(frozen=True)
class Evaluation:
    """`table` as the backtest's; `reasons` where a baseline was shown to be better."""

    model_version: str
    table: pd.DataFrame
    errors: pd.DataFrame
    reasons: tuple[str, ...]
    run_id: str
    tracking_uri: str


def evaluate(
    tables: Tables,
    settings: Settings,
    version: str = versions.CHAMPION,
    as_of: str | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Score a version's forecasts of periods after its training, up to `as_of`, and log that as a run.

    Raises `NoChampionError`, `UnknownVersionError`, or `NothingSinceError` where no period came since.
    """
    progress("model", 0, 3)
    model = model_of(version, settings)
    progress("model table", 1, 3)
    table = settled(build_model_table(tables, as_of))
    errors, verdict = scored(model, table)
    rows = backtest_table(errors)
    progress("MLflow", 2, 3)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows.to_csv(folder / "evaluation.csv", index=False)
        errors.to_parquet(folder / "evaluation_by_origin.parquet", index=False)
        verdict.table().to_csv(folder / "comparisons.csv", index=False)
        logged = registry.log_run(_told(model, table, as_of, rows, verdict, folder), settings)
    progress("done", 3, 3)
    return Evaluation(model.version, rows, errors, verdict.reasons, logged.run_id, logged.tracking_uri)


def model_of(version: str, settings: Settings) -> ForecastModel:
    """The served champion from its exported files, or another version out of the registry."""
    if version == versions.CHAMPION:
        return load_champion(settings)
    with tempfile.TemporaryDirectory() as scratch:
        bundle, _ = versions.fetch(versions.find(version, settings), settings, Path(scratch))
        return load(bundle)


def scored(model: ForecastModel, table: ModelTable) -> tuple[pd.DataFrame, Verdict]:
    """Errors by origin since training, and whether a baseline was shown to be better there."""
    errors = served_errors(model, table)
    return errors, judge_model(errors, None)


def _told(
    model: ForecastModel,
    table: ModelTable,
    as_of: str | None,
    rows: pd.DataFrame,
    verdict: Verdict,
    folder: Path,
) -> registry.Told:
    parameters = {
        "evaluated_version": model.version,
        "evaluated_as_of": as_of or "",
        "evaluated_fingerprint": fingerprint(table),
        "origins": int(rows["origins"].max()),
        "forecasts_scored": int(rows["n"].sum()),
    }
    tags = {"act": "evaluate", "model_version": model.version, "worse_than": "; ".join(verdict.reasons)}
    metrics = list(metrics_of(rows, HEADLINES, prefixed=True))
    return registry.Told(f"evaluate {model.version}", parameters, tags, metrics, folder)
