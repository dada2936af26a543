"""`zhuoyue plan backtest`: how good counts of newly added would have been on one's own records."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.forecast_options import Home, effort_of, opened, settings_of, told
from serving.output import FormatOption, emit

if TYPE_CHECKING:
    from models.portfolio.backtest import Backtest

ERRORS = (
    "reading", "level", "ahead", "cases", "came", "expected", "inside", "mae.joint", "mae.markov",
    "mae.pace24", "mae.persistence",
)  # fmt: skip
DIGITS = 3
RELIABILITY = ("reading", "from", "to", "targets", "clusters", "probability", "met", "low", "high")
SPREAD = ("reading", "kind", "cases", "joint", "joint.low", "joint.high", "coins", "coins.low", "coins.high")


class Show(StrEnum):
    """Which table."""

    errors = "errors"
    reliability = "reliability"
    spread = "spread"


COLUMNS = {Show.errors: ERRORS, Show.reliability: RELIABILITY, Show.spread: SPREAD}


def register(plan: typer.Typer) -> None:
    """Add the command to the sub-application `plan`."""
    plan.command("backtest")(backtest)


def backtest(
    show: Annotated[
        Show,
        typer.Option(
            help="`errors` of the count over everybody beside simple forecasters', `reliability` of "
            "P(at least N), or `spread`: variance of the error ÷ stated."
        ),
    ] = Show.errors,
    every: Annotated[int, typer.Option(help="Months from one origin to the next.", min=1)] = 3,
    share: Annotated[
        float, typer.Option(help="Share of the months that the first model is trained on.", min=0.2, max=0.9)
    ] = 0.55,
    refits: Annotated[str, typer.Option("--refits", help="Refits of each training: more is slower.")] = "4",
    home: Home = "",
    fmt: FormatOption = None,
) -> None:
    """Forecast counts of newly added enterprises from past months and compare them with what came.

    A model is trained on the first part of the months alone, and again every two years; nothing that came
    later is known to a forecast. `reading` is the performance dimension, the whole `grade`, or `held`: the
    grade as it would have come with management left as assessed, which is all that a forecast of the grade
    claims. `mae` is the mean absolute error of the expected count: of the joint paths, of a Markov chain of
    levels, of the group's own pace of 12 or 24 months, of nobody new. Ranges are those of drawing whole
    origins again: of one store's months, not of other provinces.
    """
    from models.portfolio.backtest import backtest as judge

    with opened(settings_of(home)) as store, told("backtest") as progress:
        found = judge(store, effort_of(refits), progress, every, share)
    emit([_rounded(row) for row in _rows(found, show)], fmt, COLUMNS[show])


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(x, DIGITS) if isinstance(x, float) else x for name, x in row.items()}


def _rows(found: Backtest, show: Show) -> list[dict[str, Any]]:
    from models.portfolio.backtest import summary

    counts, targets = found.cases.counts, found.cases.targets
    if show is Show.errors:
        return summary.errors(summary.whole(counts), clusters="origin")
    if show is Show.spread:
        return summary.spread(counts, ["reading", "kind"], "origin")
    return [
        {"reading": reading} | row
        for reading, own in targets.groupby("reading", sort=True)
        for row in summary.reliability(own, clusters="origin")
    ]
