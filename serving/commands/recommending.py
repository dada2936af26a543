"""`zhuoyue recommend`: which lever to move, how far, what it is worth, or why nobody can say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from features.settings import Settings
    from models.forecast import ForecastModel

COLUMNS = (
    "enterprise_id", "rank", "parameter_id", "from", "to", "unit", "target", "effect", "benefit", "cost",
    "payback_months", "confidence", "reason",
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

    `--format json` says everything: every indicator, the official level that moves and when, the benefit
    table (质量效益测算表), how sure and why, the method, and what to record.
    """
    from features.model_table import build_model_table
    from features.settings import Settings
    from features.store import Store
    from models.effects import readings_per_period
    from models.recommend import recommend as advise
    from models.recommend.records import records_of
    from models.recommend.standing import standing
    from serving.output import emit
    from serving.progress import bar
    from serving.suspicion import warn_of_suspects

    settings = Settings()
    with Store.open(settings) as store, bar("estimating effects") as progress:
        table = build_model_table(store, as_of=as_of)
        only = None if enterprise is None else [enterprise]
        here = standing(store, only, as_of, _champion(settings), table)
        records = records_of(store, as_of, here)
        rows = advise(table, only, top, readings_per_period(store), progress.update, records)
    warn_of_suspects(rows)
    emit(rows, fmt, COLUMNS)


def _champion(settings: Settings) -> ForecastModel | None:
    """The promoted forecasting model, if there is one: it only says how the months ahead would go."""
    from models.forecast import NoChampionError, load_champion

    try:
        return load_champion(settings)
    except NoChampionError:
        return None
