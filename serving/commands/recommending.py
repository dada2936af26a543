"""`zhuoyue recommend`: which lever to move, how far, what it is worth, or why nobody can say."""

from __future__ import annotations

from typing import Annotated

import typer

from serving.output import FormatOption

COLUMNS = (
    "enterprise_id", "rank", "parameter_id", "from", "to", "unit", "target", "effect", "benefit", "cost",
    "confidence", "reason",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("recommend")(recommend)


def recommend(
    enterprise: Annotated[str | None, typer.Option(help="One enterprise; all of them without it.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many levers per enterprise.")] = 3,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Use records up to this period only.")] = None,
    fmt: FormatOption = None,
) -> None:
    """Ranked actions with effect, interval, benefit and cost in CNY a year; `confidence` none and a reason
    where data are silent.
    """
    from features.model_table import build_model_table
    from features.settings import Settings
    from features.store import Store
    from models.effects import readings_per_period
    from models.recommend import recommend as advise
    from serving.output import emit
    from serving.progress import bar

    with Store.open(Settings()) as store, bar("estimating effects") as progress:
        table = build_model_table(store, as_of=as_of)
        only = None if enterprise is None else [enterprise]
        rows = advise(table, only, top, readings_per_period(store), progress.update)
    emit(rows, fmt, COLUMNS)
