"""`zhuoyue plan`: the board and the targets of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from serving.commands import plan_lists
from serving.commands.plan_group import Basis, Chain, Industry, OwnList, Region, Size, at_desk
from serving.output import Format, FormatOption

if TYPE_CHECKING:
    from serving.web.planner.schemas import Board

TARGETS = (
    "level_id", "name", "source", "by", "count", "achieved", "expected", "low", "high", "probability", "sure",
    "beyond",
)  # fmt: skip
NEWLY = ("level", "month", "expected", "low", "high")
LEVELS = ("level", "enterprises", "at_or_above")
REGIONS = ("region", "enterprises", "levels", "expected_fall")
YEARS = (12, 24, 36)


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
    plan.command("board")(board)
    plan.command("targets")(targets)
    plan_lists.register(plan)


def board(
    basis: Basis = "grade",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """Count a group by official level and region, and who newly reaches each level in the months ahead.

    It tells what was published last (`zhuoyue publish`).
    """
    import sys

    from serving.output import emit
    from serving.web.planner.answers import board as board_of

    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, _):
        found = board_of(desk, wished)
    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if chosen is Format.table:
        _tables(found)
    else:
        emit(found.model_dump(), chosen)


def _tables(found: Board) -> None:
    from serving.output import print_table

    typer.echo(
        f"{found.enterprises} enterprises, records up to {found.as_of}, "
        f"{found.without_forecast} without a forecast"
    )
    levels = [
        {"level": level, "enterprises": count, "at_or_above": found.at_or_above.get(level)}
        for level, count in found.levels.items()
    ]
    print_table(levels, LEVELS, "official levels today")
    ahead = [
        {"level": level, **rows[months - 1].model_dump()}
        for level, rows in found.newly.items()
        for months in YEARS
        if len(rows) >= months
    ]
    print_table(ahead, NEWLY, "newly there by then (90 % of the paths)")
    print_table([row.model_dump() for row in found.regions], REGIONS, "regions")


def targets(
    basis: Basis = "grade",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """Say how every target stands within a group: newly added, expected, the probability of meeting it.

    `sure` is the count that 80 % of the paths reach by the target's month.
    """
    from serving.output import emit
    from serving.web.planner.targets import of_wanted

    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, wanted):
        rows = [of_wanted(desk, own, wished).model_dump() for own in wanted]
    emit(rows, fmt, TARGETS)
