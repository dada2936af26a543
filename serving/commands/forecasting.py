"""`zhuoyue train`, `backtest`, `forecast`, `attain`, `drivers`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.output import FormatOption, emit

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings
    from features.store import Store
    from models.forecast.rolling import Settings as Effort
    from models.training import TrainingReport

Enterprise = Annotated[str | None, typer.Option("--enterprise", help="Only this enterprise.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Read no record after this period (YYYY-MM).")]
Horizon = Annotated[int, typer.Option("--horizon", min=1, max=12, help="Periods ahead.")]
Home = Annotated[str, typer.Option("--home", help="Folder of runtime state (default: ZHUOYUE_HOME).")]
Refits = Annotated[str, typer.Option("--refits", help="Refits of the backtest: more is slower and finer.")]


class UnknownEnterpriseError(LookupError):
    """An enterprise of which the store has no record that could be forecast."""


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (train, backtest, forecast, attain, drivers):
        app.command()(command)


def train(as_of: AsOf = None, home: Home = "", refits: Refits = "4", fmt: FormatOption = None) -> None:
    """Backtest, fit, log to MLflow, register, promote if not worse, and publish what the champion says."""
    from models import training
    from models.forecast import NoChampionError
    from serving.publishing import publish_outlook

    settings = _settings(home)
    with _store(settings) as store:
        with _bar("training") as progress:
            report = training.train(store, settings, as_of or None, progress, _effort(refits))
        with _bar("outlook") as progress, suppress(NoChampionError):
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


def backtest(as_of: AsOf = None, home: Home = "", refits: Refits = "4", fmt: FormatOption = None) -> None:
    """Rolling-origin errors of the model and of every baseline, with interval coverage."""
    from models import training

    settings = _settings(home)
    with _store(settings) as store, _bar("backtest") as progress:
        table = training.backtest(store, as_of or None, progress, _effort(refits))
    emit(table.to_dict("records"), fmt)


def forecast(
    enterprise: Enterprise = None, as_of: AsOf = None, horizon: Horizon = 12, fmt: FormatOption = None
) -> None:
    """Forecast yield, losses, ppm and Cpk of the next periods, with quantiles."""
    from models.forecast import load_champion

    settings = _settings()
    model = load_champion(settings)
    with _store(settings) as store, _bar("forecast"):
        rows = model.forecast(_model_table(store, enterprise, as_of), horizon=horizon)
    shown = ["enterprise_id", "product_id", "target", "period", "horizon", "mean", "quantiles"]
    emit(rows, fmt, shown)


def attain(
    enterprise: Enterprise = None, as_of: AsOf = None, horizon: Horizon = 12, fmt: FormatOption = None
) -> None:
    """Probability of each level in the next months, for the official window and the month alone."""
    from models.attainment import attain as attain_levels
    from models.forecast import load_champion

    settings = _settings()
    model = load_champion(settings)
    with _store(settings) as store, _bar("attainment") as progress:
        table = _model_table(store, enterprise, as_of)
        ids = None if enterprise is None else [enterprise]
        rows = attain_levels(store, model, ids, horizon, table=table, as_of=as_of, progress=progress)
    if not rows:
        typer.echo(
            "no probabilities: levels are forecast only for plants that are modelled by the month", err=True
        )
    emit(rows, fmt)


def drivers(
    enterprise: Enterprise = None,
    target: Annotated[
        str, typer.Option("--target", help="ftq, internal_loss, external_loss, ppm or cpk.")
    ] = "ftq",
    as_of: AsOf = None,
    horizon: Horizon = 12,
    fmt: FormatOption = None,
) -> None:
    """What moves the forecasts of one target: exact contributions that add up. Not causes."""
    from models.forecast import load_champion
    from models.results import TARGETS

    if target not in TARGETS:
        raise typer.BadParameter(f"found {target!r}; allowed: {', '.join(TARGETS)}")
    settings = _settings()
    model = load_champion(settings)
    with _store(settings) as store, _bar("drivers"):
        rows = model.drivers(_model_table(store, enterprise, as_of), horizon=horizon, targets=[target])
    shown = ["enterprise_id", "product_id", "period", "rank", "feature", "value", "contribution", "forecast"]
    emit(rows, fmt, shown)


def _settings(home: str = "") -> Settings:
    from features.settings import Settings

    return Settings(home=Path(home)) if home else Settings()


def _effort(refits: str) -> Effort:
    from models.forecast.rolling import Settings as Effort

    return Effort(refits=max(1, int(float(refits))))


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    from features.store import Store

    with Store.open(settings) as store:
        yield store


def _model_table(store: Store, enterprise: str | None, as_of: str | None) -> ModelTable:
    from features.model_table import build_model_table

    table = build_model_table(store, as_of, None if enterprise is None else [enterprise])
    if enterprise is not None and table.frame.empty:
        raise UnknownEnterpriseError(
            f"--enterprise: found {enterprise!r}, of which there is no record; `zhuoyue grade` lists all"
        )
    return table


@contextmanager
def _bar(description: str) -> Iterator[Callable[[str, int, int], None]]:
    from serving.progress import bar

    with bar(description) as shown:

        def tell(what: str, done: int, total: int) -> None:
            shown.update(done, total, f"{description}: {what}")

        yield tell


__all__: list[Any] = ["register"]
