"""`zhuoyue forecast`, `attain`, `drivers`."""

from __future__ import annotations

from typing import Annotated

import typer

from serving.commands.forecast_options import (
    AsOf,
    Enterprise,
    Horizon,
    opened,
    settings_of,
    table_for,
    told,
)
from serving.output import FormatOption, emit


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (forecast, attain, drivers):
        app.command()(command)


def forecast(
    enterprise: Enterprise = None, as_of: AsOf = None, horizon: Horizon = 12, fmt: FormatOption = None
) -> None:
    """Forecast yield, losses, ppm and Cpk of the next periods, with quantiles."""
    from models.forecast import load_champion

    settings = settings_of()
    model = load_champion(settings)
    with opened(settings) as store, told("forecast"):
        rows = model.forecast(table_for(store, enterprise, as_of), horizon=horizon)
    shown = ["enterprise_id", "product_id", "target", "period", "horizon", "mean", "quantiles"]
    emit(rows, fmt, shown)


def attain(
    enterprise: Enterprise = None, as_of: AsOf = None, horizon: Horizon = 12, fmt: FormatOption = None
) -> None:
    """Probability of each level in the next months, of reaching it, and of holding it for three."""
    from models.attainment import attain as attain_levels
    from models.forecast import load_champion

    settings = settings_of()
    model = load_champion(settings)
    with opened(settings) as store, told("attainment") as progress:
        table = table_for(store, enterprise, as_of, without_records=True)
        ids = None if enterprise is None else [enterprise]
        rows = attain_levels(store, model, ids, horizon, table=table, as_of=as_of, progress=progress)
    if not rows:
        typer.echo("no probabilities: levels are forecast from one complete month of records on", err=True)
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
    settings = settings_of()
    model = load_champion(settings)
    with opened(settings) as store, told("drivers"):
        rows = model.drivers(table_for(store, enterprise, as_of), horizon=horizon, targets=[target])
    shown = ["enterprise_id", "product_id", "period", "rank", "feature", "value", "contribution", "forecast"]
    emit(rows, fmt, shown)
