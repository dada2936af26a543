"""`zhuoyue train`, `retrain`, `evaluate`, `promote`: what `mlflow run . -e …` runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.forecast_options import AsOf, Home, Refits, effort_of, opened, settings_of, told
from serving.output import FormatOption, emit

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.training import TrainingReport

ON = ("1", "true", "yes", "on")
OFF = ("", "0", "false", "no", "off")
TO_THE_GATE = (
    "no model is served yet, so there are no forecasts. Grades, charts and recommendations do not need one. "
    "Next: more records (two years a plant is a good start) and `zhuoyue train` again, or, to serve this "
    "model although a simple baseline was better: zhuoyue promote --version {number} --force --reason 'why'"
)

Version = Annotated[str, typer.Option("--version", help="A registry number, an alias, or a model's name.")]
Months = Annotated[
    str,
    typer.Option("--months", help="Months of records beyond the champion's training from which it is due."),
]
Force = Annotated[str, typer.Option("--force-it", hidden=True, help="As --force, for MLflow's parameters.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (train, retrain, evaluate, promote):
        app.command()(command)


def train(
    as_of: AsOf = None,
    home: Home = "",
    refits: Refits = "4",
    seed: Annotated[str, typer.Option("--seed", help="Seed of everything random.")] = "",
    fmt: FormatOption = None,
) -> None:
    """Backtest, fit, log to MLflow, register, promote if not worse, and publish what the champion says."""
    from models import training

    settings = settings_of(home)
    with opened(settings) as store:
        with told("training") as progress:
            effort = effort_of(refits, seed, settings.threads)
            report = training.train(store, settings, as_of or None, progress, effort)
        _publish(settings, store, as_of)
    _advise(report, settings)
    emit(_summary(report), fmt)


def retrain(
    as_of: AsOf = None,
    home: Home = "",
    refits: Refits = "4",
    months: Months = "3",
    force: Annotated[bool, typer.Option("--force", help="Train although it is not due.")] = False,
    force_it: Force = "",
    fmt: FormatOption = None,
) -> None:
    """Train if it is due by age, drift or error; says why it is or is not."""
    from models import training

    settings = settings_of(home)
    wanted = force or _on("--force-it", force_it)
    with opened(settings) as store:
        with told("retraining") as progress:
            effort = effort_of(refits, "", settings.threads)
            done = training.retrain(
                store, settings, as_of or None, progress, effort, _months(months), force=wanted
            )
        if done.training is not None:
            _publish(settings, store, as_of)
            _advise(done.training, settings)
    due = {"due": done.due.due, "reasons": list(done.due.reasons), "well": list(done.due.against)}
    emit(due | {"forced": done.forced, "training": _summary(done.training) if done.training else None}, fmt)


def evaluate(
    version: Version = "champion", as_of: AsOf = None, home: Home = "", fmt: FormatOption = None
) -> None:
    """What a version's forecasts came to on the records since its training, beside the baselines."""
    from models import training

    settings = settings_of(home)
    with opened(settings) as store, told("evaluation") as progress:
        report = training.evaluate(store, settings, version or "champion", as_of or None, progress)
    for reason in report.reasons:
        typer.echo(f"worse than a baseline: {reason}", err=True)
    typer.echo(f"model {report.model_version}, run {report.run_id} in {report.tracking_uri}", err=True)
    shown = ["scope", "target", "horizon", "n", "origins", "mae_model", "mae_ewma12", "crps", "coverage_90"]
    emit(report.table.to_dict("records"), fmt, shown)


def promote(
    version: Version = "challenger",
    reason: Annotated[str, typer.Option("--reason", help="Why; recorded, needed with --force.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Promote although the gate is shut.")] = False,
    force_it: Force = "",
    home: Home = "",
    fmt: FormatOption = None,
) -> None:
    """Serve a registered version, newer or older (to roll back), if the gate opens; then publish."""
    from features.model_table import build_model_table
    from models import training

    settings = settings_of(home)
    wanted = force or _on("--force-it", force_it)
    with opened(settings) as store:
        with told("promotion") as progress:
            progress("records since the champion's training", 0, 2)
            table = build_model_table(store)
            progress("gate", 1, 2)
            done = training.promote(settings, version or "challenger", reason, force=wanted, table=table)
        _publish(settings, store, None)
    emit(
        {
            "registry_version": done.registry_version,
            "model_version": done.model_version,
            "promoted": done.promoted,
            "forced": done.forced,
            "reasons": list(done.reasons),
            "retired": done.retired,
        },
        fmt,
    )


def _publish(settings: Settings, store: Store, as_of: str | None) -> None:
    from models.forecast import NoChampionError
    from serving.publishing import publish_outlook

    with told("outlook") as progress, suppress(NoChampionError):
        publish_outlook(settings, store, as_of or None, progress)


def _advise(report: TrainingReport, settings: Settings) -> None:
    """Say what to do next after a refusal."""
    from models.training import pointer

    if report.promoted:
        return
    served = pointer(settings).get("version")
    text = f"the champion before it ({served}) is served on" if served else TO_THE_GATE
    typer.echo(f"the gate refused the new model: {'; '.join(report.reasons)}", err=True)
    typer.echo(text.format(number=report.registry_version), err=True)


def _summary(report: TrainingReport) -> dict[str, Any]:
    return {
        "model_version": report.model_version,
        "promoted": report.promoted,
        "reasons": list(report.reasons),
        "run_id": report.run_id,
        "registry_version": report.registry_version,
        "tracking_uri": report.tracking_uri,
        "champion": str(report.champion) if report.champion else None,
        "data_fingerprint": report.data_fingerprint,
        "seconds": report.seconds,
    }


def _on(name: str, text: str) -> bool:
    if text.strip().lower() not in (*ON, *OFF):
        raise typer.BadParameter(f"{name}: found {text!r}; allowed: {', '.join((*ON, *OFF[1:]))}")
    return text.strip().lower() in ON


def _months(text: str) -> float:
    try:
        months = float(text)
    except ValueError:
        months = -1.0
    if not 0.0 < months < 1200.0:
        raise typer.BadParameter(f"--months: found {text!r}; allowed: a number above 0, such as 3")
    return months
