"""`zhuoyue train`: what `mlflow run . -e train` runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from serving.commands.forecast_options import AsOf, Home, Refits, effort_of, opened, settings_of, told
from serving.output import FormatOption, emit

if TYPE_CHECKING:
    from models.training import TrainingReport


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(train)


def train(as_of: AsOf = None, home: Home = "", refits: Refits = "4", fmt: FormatOption = None) -> None:
    """Backtest, fit, log to MLflow, register, promote if not worse, and publish what the champion says."""
    from models import training
    from models.forecast import NoChampionError
    from serving.publishing import publish_outlook

    settings = settings_of(home)
    with opened(settings) as store:
        with told("training") as progress:
            report = training.train(store, settings, as_of or None, progress, effort_of(refits))
        with told("outlook") as progress, suppress(NoChampionError):
            publish_outlook(settings, store, as_of or None, progress)
    emit(_summary(report), fmt)


def _summary(report: TrainingReport) -> dict[str, Any]:
    return {
        "model_version": report.model_version,
        "promoted": report.promoted,
        "reasons": list(report.reasons),
        "run_id": report.run_id,
        "registry_version": report.registry_version,
        "tracking_uri": report.tracking_uri,
        "champion": str(report.champion) if report.champion else None,
        "seconds": report.seconds,
    }
