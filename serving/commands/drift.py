"""`zhuoyue drift`: whether the world has moved since the served model was trained."""

from __future__ import annotations

from typing import Annotated

import typer

from serving.output import FormatOption, emit

SHOWN = ("kind", "what", "since", "statistic", "p_value", "alarm", "means")


def register(app: typer.Typer) -> None:
    """Add the command `drift`."""
    app.command("drift")(drift)


def drift(
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Read no record after this period (YYYY-MM).")
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Inputs, targets and errors since training against those before; a check of an unchanged world raises an
    alarm in at most one case of twenty.
    """
    from features.model_table import build_model_table
    from features.settings import Settings
    from features.store import Store
    from models.drift import check
    from models.forecast.bundle import load_champion
    from models.training import champion_errors
    from serving.progress import bar

    settings = Settings()
    model = load_champion(settings)
    with Store.open(settings) as store, bar("drift"):
        table = build_model_table(store, as_of)
        report = check(model, table, champion_errors(settings))
    if report.note:
        typer.echo(report.note, err=True)
    emit(report.rows, fmt, SHOWN)
