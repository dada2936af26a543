"""`zhuoyue backtest`: our errors beside the built-in baselines, or beside other people's forecasters."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.forecast_options import AsOf, Home, Refits, effort_of, opened, settings_of, told
from serving.commands.simulate import Family
from serving.output import FormatOption, emit

if TYPE_CHECKING:
    from features.settings import Settings
    from models.learning.rolling import Settings as Effort
    from models.peers.cells import Plan

RATIOS = ("mae", "ratio_mae", "se_mae", "verdict_mae", "crps", "ratio_crps", "verdict_crps")
PEER_COLUMNS = ("target", "band", "peer", "n", "origins", *RATIOS, "coverage_90", "way_mae", "way_crps")


class Against(StrEnum):
    """Whom the model is measured against."""

    baselines = "baselines"
    peers = "peers"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(backtest)


def backtest(
    as_of: AsOf = None,
    home: Home = "",
    refits: Refits = "4",
    against: Annotated[
        Against, typer.Option(help="The built-in baselines, or other libraries too (extra `peers`).")
    ] = Against.baselines,
    peers: Annotated[
        str,
        typer.Option(
            help="Peers, comma-separated; all if empty: naive, snaive, ewma3, ewma12, mean, ets, "
            "ets_plain, arima, theta, mlforecast, ridge, lightgbm."
        ),
    ] = "",
    origins: Annotated[
        int,
        typer.Option(
            help="Origins that peers are asked at, spread evenly over each panel's backtest.", min=2
        ),
    ] = 6,
    thin: Annotated[
        int,
        typer.Option(help="Ask AutoARIMA about every so-manieth entity (a series takes it a second).", min=1),
    ] = 8,
    worlds: Annotated[
        str,
        typer.Option(help="Seeds of simulated worlds, such as 301-305, with an oracle; no store is read."),
    ] = "",
    family: Annotated[
        Family, typer.Option(help="How settings become failures in the worlds.")
    ] = Family.additive,
    enterprises: Annotated[int, typer.Option(help="Plants of each world.", min=2)] = 60,
    months: Annotated[int, typer.Option(help="Months of each world.", min=24)] = 72,
    fmt: FormatOption = None,
) -> None:
    """Rolling-origin errors of the model beside others' on the same forecasts, with interval coverage.

    Against peers, every row says a target, a band of horizons and a forecaster: mean absolute error, CRPS,
    ours divided by theirs with its standard error over origins, and what follows: ours is `better`, `worse`
    or `level`. On worlds, `way` is (peer − ours) ÷ (peer − oracle), in the model's own row from the stronger
    AutoETS. All peers on a world of 60 plants take one core some nine minutes: a third is AutoARIMA, a third
    the seasonal AutoETS.
    """
    settings = settings_of(home)
    effort = effort_of(refits)
    if against is Against.baselines and not worlds:
        _against_baselines(settings, as_of or None, effort, fmt)
        return
    from models.peers import chosen
    from models.peers.cells import Plan

    plan = Plan(chosen(peers), origins, thin)
    rows = (
        _on_worlds(worlds, family.value, (enterprises, months), plan, effort)
        if worlds
        else _on_records(settings, as_of or None, plan, effort)
    )
    several = len({(row["frequency"], row["scope"]) for row in rows}) > 1
    emit(rows, fmt, ["frequency", "scope", *PEER_COLUMNS] if several else PEER_COLUMNS)


def _against_baselines(settings: Settings, as_of: str | None, effort: Effort, fmt: str | None) -> None:
    from models import training

    with opened(settings) as store, told("backtest") as progress:
        table = training.backtest(store, as_of, progress, effort)
    emit(table.to_dict("records"), fmt)


def _on_worlds(
    seeds: str, family: str, size: tuple[int, int], plan: Plan, effort: Effort
) -> list[dict[str, Any]]:
    from models.peers.table import summary
    from models.peers.worlds import Worlds, compare_worlds, seeds_of

    worlds = Worlds(seeds_of(seeds), family, *size)
    with told("backtest") as progress:
        return summary(compare_worlds(worlds, plan, effort, progress))


def _on_records(settings: Settings, as_of: str | None, plan: Plan, effort: Effort) -> list[dict[str, Any]]:
    from features.model_table import build_model_table
    from models.peers.cells import compare
    from models.peers.table import summary

    with opened(settings) as store, told("backtest") as progress:
        table = build_model_table(store, as_of)
        return summary(compare(table, plan, effort, progress))
