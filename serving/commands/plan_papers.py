"""`zhuoyue plan`: the briefing and the workbook of a group."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from serving.commands.plan_group import Basis, Chain, Industry, OwnList, Region, Size, at_desk
from serving.output import FormatOption

BAD_INPUT = 2
BRIEFING, WORKBOOK = (".docx", ".pdf", ".html"), (".xlsx",)


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
    plan.command("briefing")(briefing)
    plan.command("workbook")(workbook)


def briefing(
    out: Annotated[list[Path], typer.Option(help="FILE.docx, FILE.pdf or FILE.html; several times.")],
    language: Annotated[Literal["zh", "en"], typer.Option(help="The language of the briefing.")] = "zh",
    basis: Basis = "grade",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """Write the two-page briefing (专报) of a group: standing, targets, help, risks, what to decide.

    It tells what was published last (`zhuoyue publish`); every figure stands in `zhuoyue plan workbook`.
    """
    from serving.reports.writing import write_document
    from serving.web.papers.making import briefing_of

    _checked(out, BRIEFING)
    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, wanted):
        document = briefing_of(desk, wished, wanted, language, details=True)
    write_document(document, out)
    _told(out, {"group": document.name, "language": language, "day": document.day}, fmt)


def workbook(
    out: Annotated[Path, typer.Option(help="FILE.xlsx")],
    basis: Basis = "grade",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """Write the planning workbook of a group: levels, forecast by month, targets, enterprises, benchmarks.

    A target's probability is counted there from its paths: change a yellow count and see.
    """
    from models.scenarios.keeping import kept
    from serving.commands import plan_scenarios_answers as answers
    from serving.scenarios import every
    from serving.web.papers.making import workbook_of

    _checked([out], WORKBOOK)
    with at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, wanted):
        with answers.engine() as (settings, engine):
            outlook = answers.outlook_id(settings)
            scenarios = [(own, kept(settings, own.id, own.stamp, outlook)) for own in every(engine)]
        content = workbook_of(desk, wished, wanted, scenarios, details=True)
        members = int(desk.members(wished).sum())
    out.write_bytes(content)
    _told([out], {"enterprises": members, "targets": len(wanted)}, fmt)


def _checked(out: Sequence[Path], kinds: tuple[str, ...]) -> None:
    from serving.reports.writing import ReportError, check_kinds

    try:
        check_kinds(out, kinds)
    except ReportError as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - a message for people
        raise typer.Exit(BAD_INPUT) from None


def _told(out: Sequence[Path], facts: dict[str, object], fmt: FormatOption) -> None:
    from serving.output import emit

    emit([{"file": str(path), "bytes": path.stat().st_size, **facts} for path in out], fmt)
