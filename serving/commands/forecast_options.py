"""What the commands about forecasts and models have in common: options, the open store, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings
    from features.store import Store
    from models.learning.rolling import Settings as Effort

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


def effort_of(refits: str, seed: str = "", threads: int = 1) -> Effort:
    """How much a training may cost, and its seed. MLflow hands numbers over as text: `4.0`, or ""."""
    from models.learning.rolling import Settings as Effort

    chosen = Effort(refits=_whole("--refits", refits, 1), threads=threads)
    return replace(chosen, seed=_whole("--seed", seed, 0)) if seed else chosen


def _whole(option: str, text: str, least: int) -> int:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number < 2**31 or number != int(number):
        raise typer.BadParameter(f"{option}: found {text!r}; allowed: a whole number from {least} on")
    return int(number)


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


def table_for(
    store: Store, enterprise: str | None, as_of: str | None, *, without_records: bool = False
) -> ModelTable:
    """The model table of one enterprise or of all; raises `UnknownEnterpriseError`.

    `without_records` also takes an enterprise that is registered and of which nothing else is known: its
    table has no rows.
    """
    from features.model_table import build_model_table

    table = build_model_table(store, as_of, None if enterprise is None else [enterprise])
    if enterprise is None or not table.frame.empty:
        return table
    if without_records and _registered(store, enterprise):
        return table
    raise UnknownEnterpriseError(
        f"--enterprise: found {enterprise!r}, of which there is no record; `zhuoyue grade` lists all"
    )


def _registered(store: Store, enterprise: str) -> bool:
    from features.aggregates import Scope
    from features.aggregates.resident import collect_pandas

    listed = Scope(enterprise_ids=(enterprise,)).of_enterprises(store.table("enterprises"))
    return not collect_pandas(listed).empty
