"""`zhuoyue plan`: `reach` finds the cheapest set of actions by which one enterprise gets to a level.

What is planned for many of them is added by the modules of `GROUPS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands import (
    plan_assistance,
    plan_backtest,
    plan_chains,
    plan_comparison,
    plan_papers,
    plan_scenarios,
    plan_standing,
)
from serving.output import Format, FormatOption

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.settings import Settings
    from models.plans import Assumed, Goal, Grounds, PlanRow

STEPS = (
    "way", "parameter_id", "from", "to", "unit", "start", "in_force", "cost", "cost_known", "spent",
    "confidence",
)  # fmt: skip
WAYS = ("way", "meets", "probability", "alone", "cost", "spent", "benefit", "first_level", "first_by")
CAPS = ("item", "now", "needs", "assumed")
FRONTIER = ("cost", "probability", "parameter_ids")
BINDING = ("indicator", "supports", "before", "alone", "value", "operator", "needs", "gap", "status")

GROUPS = (
    plan_standing,
    plan_backtest,
    plan_assistance,
    plan_scenarios,
    plan_chains,
    plan_comparison,
    plan_papers,
)
Plain = dict[str, object]


def register(app: typer.Typer) -> None:
    """Add the sub-application `plan`."""
    plan = typer.Typer(help="Plans: sets of actions, levels and dates.", no_args_is_help=True)
    plan.command("reach")(reach)
    for group in GROUPS:
        group.register(plan)
    app.add_typer(plan, name="plan")


def reach(
    enterprise: Annotated[str, typer.Option(help="Whom to plan for.")],
    level: Annotated[int, typer.Option(min=2, max=5, help="The level to reach, or a better one.")],
    by: Annotated[str, typer.Option(help="Month to reach it by, YYYY-MM, up to twelve months ahead.")],
    probability: Annotated[float, typer.Option(help="How likely it must be.")] = 0.8,
    budget: Annotated[float | None, typer.Option(help="CNY a year for holding all actions.")] = None,
    scope: Annotated[
        str, typer.Option(help="`performance` (what lines can move) or the whole `grade`.")
    ] = "performance",
    held: Annotated[bool, typer.Option("--held", help="Hold it for three months, not touch it.")] = False,
    at_once: Annotated[int | None, typer.Option(help="At most so many actions under way together.")] = None,
    start: Annotated[str | None, typer.Option(help="First month in which an action may begin.")] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(help="A management item's level from a month on, item=level@YYYY-MM; several times."),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Use records up to this month only.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Show it on the enterprise's page.")] = False,
    fmt: FormatOption = None,
) -> None:
    """The cheapest set of actions that reaches a level by a month with a probability, or what is missing.

    Probabilities are those of sample paths that the search did not choose by. Management items are never
    guessed: they stay as assessed unless --assume says otherwise.
    """
    from models.kept_plans import keep as keep_plan
    from models.plans import Goal
    from models.plans import reach as plan_to
    from serving.commands.forecast_options import settings_of

    if scope not in ("grade", "performance"):
        raise typer.BadParameter(f"--scope: found {scope!r}; allowed: grade, performance")
    goal = Goal(
        enterprise_id=enterprise,
        level=level,
        by=by,
        probability=probability,
        scope=scope,
        measure="held" if held else "reached",
        budget=budget,
        at_once=at_once,
        start=start,
        assumed=tuple(_assumed(text) for text in assume or ()),
    )
    settings = settings_of()
    found = plan_to(_grounds(settings, goal, as_of), goal)
    show(keep_plan(settings, found) if keep else found, fmt)


def _assumed(text: str) -> Assumed:
    """Read `item=level@YYYY-MM`."""
    from models.plans import Assumed

    item, equals, rest = text.partition("=")
    level, at, since = rest.partition("@")
    if not (equals and at and level.isdigit()):
        raise typer.BadParameter(f"--assume: found {text!r}; allowed: item=level@YYYY-MM")
    return Assumed(item=item, level=int(level), since=since)


def _grounds(settings: Settings, goal: Goal, as_of: str | None) -> Grounds:
    from serving.plan_grounds import grounds
    from serving.progress import bar

    with bar("estimating effects") as progress:
        return grounds(settings, goal.enterprise_id, as_of, progress.update)


def show(plan: PlanRow, fmt: Format | None) -> None:
    """Print a plan: tables for a person, else one object."""
    import sys

    from serving.output import emit

    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if chosen is Format.table:
        _tables(plan)
    else:
        emit(plan.model_dump(by_alias=True), chosen)


def _tables(plan: PlanRow) -> None:
    from serving.output import print_table

    goal = plan.goal
    typer.echo(
        f"{goal.enterprise_id}: level {goal.level} ({goal.scope}) by {goal.by}, probability "
        f"{goal.probability:.0%}: {plan.outcome}. Level now: {plan.now}. Left alone: "
        f"{plan.before_probability:.0%}. {plan.reason or ''}"
    )
    ways = [way.model_dump() | {"way": way.name, "alone": plan.before_probability} for way in plan.ways]
    print_table(ways, WAYS, "ways (CNY a year; spent up to the month)")
    steps = [step.model_dump(by_alias=True) | {"way": way.name} for way in plan.ways for step in way.steps]
    for rows, columns, title in _rest(plan, steps):
        if rows:
            print_table(rows, columns, title)


def _rest(plan: PlanRow, steps: list[Plain]) -> Iterable[tuple[list[Plain], tuple[str, ...], str]]:
    yield steps, STEPS, "actions"
    yield [b.model_dump() for b in plan.binding], BINDING, f"indicators in {plan.goal.by}"
    yield [c.model_dump() for c in plan.caps], CAPS, "management items in the way of the grade"
    yield [p.model_dump() for p in plan.frontier], FRONTIER, "what money buys"
