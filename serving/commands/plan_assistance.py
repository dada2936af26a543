"""`zhuoyue plan`: where help works: the cheapest set of enterprises and actions for a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.plan_group import Basis, Chain, Industry, OwnList, Region, Size, at_desk
from serving.output import Format, FormatOption

if TYPE_CHECKING:
    from models.assistance.rows import Assistance, Choice
    from serving.web.assistance.answers import Helping
    from serving.web.assistance.asked import AssistanceQuery
    from serving.web.planner.asked import Filter
    from serving.web.planner.desk import Desk
    from serving.web.planner.targets import Wanted

HELPED = (
    "enterprise_id", "level", "parameter_ids", "before", "after", "weak", "cost", "cost_known", "benefit",
    "in_force",
)  # fmt: skip
CHOICES = (
    "choice",
    "enterprises",
    "cost",
    "probability",
    "weak",
    "expected",
    "low",
    "high",
    "bound",
    "proven",
)
POINTS = ("cost", "enterprises", "expected", "probability", "weak")
SHORT = ("enterprise_id", "level", "item", "own", "value", "operator", "needs", "chance", "cost")
FALLING = ("enterprise_id", "level", "falls", "holding", "held", "held_weak", "cost", "parameter_ids")
LIKELY = 0.1


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
    plan.command("assist")(assist)
    plan.command("one-short")(one_short)
    plan.command("falling")(falling)


def assist(
    target: Annotated[str, typer.Option(help="Id of a target (`zhuoyue plan targets`).")] = "",
    level: Annotated[int, typer.Option(min=2, max=5, help="Without a target: the level.")] = 3,
    by: Annotated[str, typer.Option(help="Without a target: the month, YYYY-MM.")] = "",
    count: Annotated[
        int | None, typer.Option(min=1, help="Without a target: how many from today on.")
    ] = None,
    percent: Annotated[int, typer.Option(min=50, max=99, help="How likely it must be, in per cent.")] = 80,
    budget: Annotated[float | None, typer.Option(min=0, help="CNY a year.")] = None,
    most: Annotated[int | None, typer.Option(min=0, help="Help so many enterprises at most.")] = None,
    help_region: Annotated[str, typer.Option(help="Help only there (prefix of GB/T 2260).")] = "",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="About how long to search.")] = 20.0,
    basis: Basis = "performance",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """Find whom to help so that a target is likely enough: the cheapest set of enterprises and actions.

    Probabilities are those of joint paths that the choice was not made on. Actions are the trustworthy
    recommendations, begun next month; where there are none, nobody is named.
    """
    own = {
        "target": target, "level": level, "by": by, "count": count, "percent": percent, "budget": budget,
        "most": most, "help_region": help_region,
    }  # fmt: skip
    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, targets):
        found = _answer(_helping(desk, targets), _query(wished, own), seconds)
    _show(found, fmt)


def _query(wished: Filter, own: dict[str, Any]) -> AssistanceQuery:
    from serving.web.assistance.asked import AssistanceQuery

    return AssistanceQuery.model_validate({**wished.model_dump(), **own})


def _helping(desk: Desk, targets: list[Wanted]) -> Helping:
    from serving.web.assistance.answers import Helping, NoOptionsError, options_of

    try:
        return Helping(desk, options_of(desk), targets, desk.seen)
    except NoOptionsError as nothing:
        typer.echo(str(nothing), err=True)
        raise typer.Exit(1) from None


def _answer(helping: Helping, wished: AssistanceQuery, seconds: float) -> Assistance:
    from serving.web.assistance.answers import AssistanceError

    try:
        return helping.answer(wished, seconds)
    except AssistanceError as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None


def _show(found: Assistance, fmt: Format | None) -> None:
    import sys

    from serving.output import emit

    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if chosen is Format.table:
        _tables(found)
    else:
        emit(found.model_dump(by_alias=True), chosen)


def _tables(found: Assistance) -> None:
    from serving.output import print_table

    typer.echo(
        f"{found.wanted} newly at level {found.level} ({found.basis}) by {found.by}, {found.probability:.0%} "
        f"wanted: {found.outcome}. Without help {found.expected:.1f} ({found.low} to {found.high}) expected, "
        f"probability {found.before:.0%}; {found.with_options} of {found.open} have trustworthy actions."
    )
    if found.cap.enterprises:
        items = ", ".join(f"{one.item} {one.enterprises}" for one in found.cap.items)
        typer.echo(f"{found.cap.enterprises} are capped by management items, whatever lines do: {items}.")
    if found.price:
        one = "no money buys one" if found.price.of_one is None else f"{found.price.of_one:,.0f} CNY a year"
        typer.echo(
            f"At {found.price.budget:,.0f} CNY a year one more expected enterprise costs: {one}; a million "
            f"more raises the probability by {found.price.per_million:.3f}."
        )
    choices = {"best": found.best, "robust": found.robust, "everything": found.everything}
    rows = [own.model_dump() | {"choice": name} for name, own in choices.items() if own]
    print_table(rows, CHOICES, "choices (CNY a year; weak: effects at the weak end of their intervals)")
    print_table(_helped(found.best), HELPED, "whom to help")
    print_table([point.model_dump() for point in found.frontier], POINTS, "what money buys")


def _helped(choice: Choice) -> list[dict[str, Any]]:
    return [one.model_dump() | {"parameter_ids": _names(one.actions)} for one in choice.helped]


def _names(actions: Any) -> str:  # noqa: ANN401 - rows of actions
    return ", ".join(action.parameter_id for action in actions)


def one_short(
    level: Annotated[int, typer.Option(min=2, max=5, help="The level.")] = 3,
    basis: Basis = "performance",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """List the enterprises that lack one indicator, or one management item, for a level: which, how far."""
    from serving.output import emit

    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, targets):
        found = _helping(desk, targets).one_short(wished, level)
    emit([one.model_dump() for one in found], fmt, SHORT, f"one thing short of level {level}")


def falling(
    least: Annotated[float, typer.Option(min=0, max=1, help="Probability within six months.")] = LIKELY,
    basis: Basis = "performance",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """List the enterprises that may stand below today's level in six months, and what would hold them."""
    from serving.output import emit

    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, targets):
        found = _helping(desk, targets).falling(wished, least)
    rows = [one.model_dump(by_alias=True) | {"parameter_ids": _names(one.actions)} for one in found]
    emit(rows, fmt, FALLING, "about to fall back")
