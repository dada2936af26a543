"""`zhuoyue judge`: whose advice holds up when somebody acts on it, in worlds whose causes are known."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from serving.commands.forecast_options import told
from serving.commands.simulate import Family
from serving.output import Format, FormatOption, emit

COLUMNS = (
    "world", "chooser", "moved", "of_best_money", "of_best_plant", "precision_at_3", "worth_at_3",
    "sign_right", "useless", "harmful", "leaks", "coverage_90", "promised_over_realised", "abstained",
    "seconds",
)  # fmt: skip


class Against(StrEnum):
    """Who advises beside us."""

    none = "none"
    peers = "peers"


class Dials(StrEnum):
    """How hostile the worlds are."""

    default = "default"
    hard = "hard"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("judge")(judge)


def judge(
    seeds: Annotated[list[str], typer.Argument(help="Seeds of simulated worlds, such as 21 22 or 21-24.")],
    family: Annotated[Family, typer.Option(help="How settings become failures.")] = Family.additive,
    scenario: Annotated[
        Dials, typer.Option(help="`hard`: doubled confounding and gauge noise, no gauge study on record.")
    ] = Dials.default,
    plants: Annotated[int, typer.Option(help="Plants of each world.", min=4)] = 60,
    months: Annotated[int, typer.Option(help="Months of records.", min=24)] = 72,
    against: Annotated[
        Against,
        typer.Option(
            help="`peers`: a forecaster's SHAP, permutation importance, counterfactuals, and DoubleML and "
            "EconML where the extra `causal` is installed."
        ),
    ] = Against.none,
    fmt: FormatOption = None,
) -> None:
    """Make every advised move in simulated plants and tell what it brought, beside what others would advise.

    A row per world and chooser, then one over all (`world` = all) with standard errors over worlds:
    `of_best_…` is the net gain of first moves as a share of the best possible one within what the line has
    shown, `precision_at_3` how many of the first three levers are among the plant's best three, `harmful`
    first moves that lose money, `coverage_90` intervals that hold the true effect. A table shows percents
    under short names, JSON everything. Peers take about a minute and a half on a world of 60 plants.
    """
    from models.judge.choosers import chosen, not_installed
    from models.judge.report import SHORT, report, shown
    from models.judge.tournament import Plan, seeds_of, tournament

    choosers = chosen(against.value)
    for name, how in not_installed(choosers).items():
        typer.echo(f"judge: {name} did not run: {how}", err=True)
    plan = Plan(seeds_of(seeds), family.value, scenario.value, plants, months)
    with told("judge") as progress:
        rows = report(tournament(plan, choosers, progress))
    looked_at = fmt is Format.table or (fmt is None and sys.stdout.isatty())
    if looked_at:
        emit(shown(rows), fmt, tuple(SHORT.values()))
    else:
        emit(rows, fmt, COLUMNS)
