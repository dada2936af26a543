"""What the commands about forecasts and models have in common: options, the open store, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings
    from features.store import Store
    from models.forecast.rolling import Settings as Effort

Enterprise = Annotated[str | None, typer.Option("--enterprise", help="Only this enterprise.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Read no record after this period (YYYY-MM).")]
Horizon = Annotated[int, typer.Option("--horizon", min=1, max=12, help="Periods ahead.")]
Home = Annotated[str, typer.Option("--home", help="Folder of runtime state (default: ZHUOYUE_HOME).")]
Refits = Annotated[str, typer.Option("--refits", help="Refits of the backtest: more is slower and finer.")]


class UnknownEnterpriseError(LookupError):
    """An enterprise of which the store has no record that could be forecast."""


def settings_of(home: str = "") -> Settings:
    """The settings of the environment, with another home if one is named."""
    from features.settings import Settings

    return Settings(home=Path(home)) if home else Settings()


def effort_of(refits: str) -> Effort:
    """How much a training may cost. MLflow hands numbers over as text such as `4.0`."""
    from models.forecast.rolling import Settings as Effort

    try:
        count = int(float(refits))
    except (ValueError, OverflowError):
        count = 0
    if count < 1:
        raise typer.BadParameter(f"--refits: found {refits!r}; allowed: a whole number from 1 on, such as 4")
    return Effort(refits=count)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store of records, closed at the end."""
    from features.store import Store

    with Store.open(settings) as store:
        yield store


@contextmanager
def told(description: str) -> Iterator[Callable[[str, int, int], None]]:
    """Progress on standard error, for functions that tell (what, done, total)."""
    from serving.progress import bar

    with bar(description) as shown:

        def tell(what: str, done: int, total: int) -> None:
            shown.update(done, total, f"{description}: {what}")

        yield tell


def table_for(store: Store, enterprise: str | None, as_of: str | None) -> ModelTable:
    """The model table of one enterprise or of all; raises `UnknownEnterpriseError`."""
    from features.model_table import build_model_table

    table = build_model_table(store, as_of, None if enterprise is None else [enterprise])
    if enterprise is not None and table.frame.empty:
        raise UnknownEnterpriseError(
            f"--enterprise: found {enterprise!r}, of which there is no record; `zhuoyue grade` lists all"
        )
    return table
