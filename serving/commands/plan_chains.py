"""`zhuoyue plan chain`: problems and projects of a chain, its proposal and what mending it is worth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from models.outlook import Outlook
    from serving.reports.chain.gathering import Gathered

DONE, BAD_INPUT = 0, 2
Name = Annotated[str, typer.Argument(help="A chain, as table `enterprises` names it; `` means all.")]
LanguageOption = Annotated[Literal["zh", "en"], typer.Option(help="The language of texts.")]


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
    chain = typer.Typer(help="Supply chains: lists, benefits and papers.", no_args_is_help=True)
    chain.command("list")(listed)
    for command in (problems, projects, benefit, levels, proposal, workbook):
        chain.command()(command)
    plan.add_typer(chain, name="chain")


def listed(fmt: FormatOption = None) -> None:
    """List the chains with their enterprises and supply links."""
    from serving.output import emit
    from serving.reports.chain.gathering import chains_of_store

    emit(chains_of_store(_outlook(), _settings()), fmt)


def problems(name: Name, language: LanguageOption = "zh", fmt: FormatOption = None) -> None:
    """The list of problems (质量问题清单): each with figure, level held back, cost and source."""
    from serving.output import emit
    from serving.reports.chain.rows import problem_rows

    emit(problem_rows(_gathered(name).telling(language)), fmt)


def projects(name: Name, language: LanguageOption = "zh", fmt: FormatOption = None) -> None:
    """The list of projects (重点攻关项目清单): who leads, what, effect, cost and months."""
    from serving.output import emit
    from serving.reports.chain.rows import project_rows

    emit(project_rows(_gathered(name).telling(language)), fmt)


def benefit(name: Name, fmt: FormatOption = None) -> None:
    """The table of benefits (质量效益测算表), CNY a year: nothing of it counted twice."""
    from serving.output import emit
    from serving.reports.chain.rows import benefit_rows

    emit(benefit_rows(_gathered(name).study), fmt)


def levels(name: Name, fmt: FormatOption = None) -> None:
    """Customers' chances of levels before and after incoming quality is carried in."""
    from serving.output import emit
    from serving.reports.chain.rows import level_rows

    emit(level_rows(_gathered(name).study), fmt)


def proposal(
    name: Name,
    out: Annotated[list[Path], typer.Option(help="FILE.docx, FILE.pdf or FILE.html; several times.")],
    language: LanguageOption = "zh",
    fmt: FormatOption = None,
) -> None:
    """Write the chain's proposal (产业链质量提升建议书) with map, lists and table of benefits."""
    from serving.output import emit
    from serving.reports.writing import PRINTED, ReportError, check_kinds, write_document

    try:
        check_kinds(out, PRINTED)
        found = _gathered(name)
        warnings = write_document(found.document(language), out)
    except ReportError as refused:
        raise typer.Exit(_refuse(str(refused))) from None
    if warnings:
        _refuse(f"the font of the PDF lacks {', '.join(warnings)}; they are shown by their code")
    emit([_file(found, path, language) for path in out], fmt)
    raise typer.Exit(DONE)


def workbook(
    name: Name,
    out: Annotated[Path, typer.Option(help="FILE.xlsx")],
    language: LanguageOption = "zh",
    fmt: FormatOption = None,
) -> None:
    """Write the chain's workbook: both lists, links, and the table of benefits as live formulas."""
    from serving.output import emit
    from serving.reports.chain.workbook import write_chain_workbook
    from serving.reports.writing import ReportError, check_kinds

    try:
        check_kinds([out], (".xlsx",))
    except ReportError as refused:
        raise typer.Exit(_refuse(str(refused))) from None
    found = _gathered(name)
    write_chain_workbook(found.telling(language), out)
    emit([_file(found, out, language)], fmt)


def _gathered(name: str) -> Gathered:
    from serving.reports.chain.gathering import UnknownChainError, gathered

    try:
        return gathered(_outlook(), _settings(), name)
    except UnknownChainError as refused:
        raise typer.Exit(_refuse(str(refused))) from None


def _outlook() -> Outlook:
    from models.outlook import NoOutlookError, Outlook

    try:
        return Outlook.load(_settings())
    except NoOutlookError as refused:
        raise typer.Exit(_refuse(str(refused))) from None


def _settings() -> Any:  # noqa: ANN401 - features.settings.Settings, imported late
    from serving.commands.forecast_options import settings_of

    return settings_of()


def _file(found: Gathered, path: Path, language: str) -> dict[str, object]:
    study = found.study
    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "chain": study.name,
        "language": language,
        "enterprises": len(study.ids),
        "problems": len(study.problems),
        "projects": len(study.projects),
        "model_version": found.model_version,
    }


def _refuse(message: str) -> int:
    """Say something to people on standard error, and return the exit status of bad input."""
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
    return BAD_INPUT
