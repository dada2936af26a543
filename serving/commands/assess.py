"""`zhuoyue assess`: the self-assessment of the management items, from the blank form to the review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from serving.output import FormatOption

group = typer.Typer(
    help="Self-assessment of the management items (task 16) and review by a third party (task 17).",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(metavar="ID", help="An assessment, such as SA-0001.")]
By = Annotated[str, typer.Option(help="Your name. A claim: nobody signs in on the command line.")]
Version = Annotated[
    int | None,
    typer.Option(help="The version that you saw; refused if somebody changed it since.", show_default=False),
]
On = Annotated[
    str | None, typer.Option(help="The day, YYYY-MM-DD. Default: today (UTC).", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add `assess` and what belongs to it."""
    app.add_typer(group, name="assess")


@group.command()
def questionnaire(
    language: Annotated[Literal["zh", "en"] | None, typer.Option(help="Default: both.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="FILE.xlsx to fill in, or FILE.md to read.", show_default=False)
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Give the blank questionnaire: every item with the annex's words for each of the five levels."""
    from serving.commands.assess_form import give_questionnaire

    give_questionnaire(language, out, fmt)


@group.command()
def new(
    enterprise: Annotated[
        str, typer.Option(metavar="ID", help="The enterprise, as table enterprises has it.")
    ],
    by: By,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="The round: the last month looked at, YYYY-MM. Default: last month.", show_default=False
        ),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Begin a draft. Where that round is declared already, the draft is its correction."""
    from serving.commands.assess_acts import act
    from serving.commands.assess_days import last_month

    act(lambda desk: desk.begin(enterprise, as_of or last_month(), by), fmt)


@group.command()
def answer(
    assessment: Id,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="A management item, such as qms.")],
    level: Annotated[int, typer.Option(help="1 to 5: the highest level whose words are wholly met.")],
    why: Annotated[str, typer.Option(help="The justification.")],
    by: By,
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TITLE|LINK",
            help="A piece of evidence; LINK is a web address, a path or a number. Repeatable.",
        ),
    ] = None,
    version: Version = None,
    fmt: FormatOption = None,
) -> None:
    """Answer one item of a draft. What somebody else answered is overwritten only with --version."""
    from serving.commands.assess_acts import act, answer_of

    given = {item: answer_of(level, why, evidence or [])}
    act(lambda desk: desk.register.answer(assessment, given, by, version), fmt)


@group.command()
def fill(
    assessment: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The questionnaire, filled in.")],
    by: By,
    version: Version = None,
    fmt: FormatOption = None,
) -> None:
    """Answer from a filled-in workbook, all of it or nothing; rows left blank stay not yet answered."""
    from serving.commands.assess_acts import act

    act(lambda desk: desk.fill(assessment, file, by, version), fmt)


@group.command()
def show(assessment: Id, fmt: FormatOption = None) -> None:
    """Show one assessment: state, answers, evidence, findings."""
    from serving.commands.assess_acts import act

    act(lambda desk: desk.register.get(assessment), fmt)


@group.command("list")
def list_(
    enterprise: Annotated[
        str | None, typer.Option(metavar="ID", help="Of this enterprise only.", show_default=False)
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """List the assessments, the newest first."""
    from serving.commands.assess_acts import list_all

    list_all(enterprise, fmt)


@group.command()
def declare(
    assessment: Id,
    by: By,
    role: Annotated[str, typer.Option(help="Your role in the enterprise.")],
    on: On = None,
    version: Version = None,
    fmt: FormatOption = None,
) -> None:
    """Declare a draft: all items answered, with evidence from level 2 on. From then on grades count it."""
    from serving.commands.assess_acts import act
    from serving.commands.assess_days import day

    act(lambda desk: desk.declare(assessment, by, role, day(on), version), fmt)


@group.command()
def review(
    assessment: Id,
    organisation: Annotated[str, typer.Option(help="The third party.")],
    by: By,
    item: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ITEM=LEVEL:REASON", help="Another level than the declared one, and why. Repeatable."
        ),
    ] = None,
    on: On = None,
    version: Version = None,
    fmt: FormatOption = None,
) -> None:
    """Review a declared one as a third party; every item that is not named is confirmed."""
    from serving.commands.assess_acts import act, findings_of
    from serving.commands.assess_days import day

    differing = findings_of(item or [])
    act(lambda desk: desk.review(assessment, by, organisation, day(on), differing, version), fmt)


@group.command()
def withdraw(assessment: Id, by: By, version: Version = None, fmt: FormatOption = None) -> None:
    """Give up a draft. It stays to be seen; a declared one is not withdrawn but corrected by a new one."""
    from serving.commands.assess_acts import act

    act(lambda desk: desk.register.withdraw(assessment, by, version), fmt)


@group.command()
def history(assessment: Id, fmt: FormatOption = None) -> None:
    """Show who changed what when (UTC), oldest first."""
    from serving.commands.assess_acts import show_history

    show_history(assessment, fmt)


@group.command()
def verify(
    known: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="A hash noted before; it must still be there.", show_default=False),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Check that no change is missing or altered; exit status 1 if one is. Note the hash that it prints."""
    from serving.commands.assess_acts import check

    raise typer.Exit(check(known, fmt))
