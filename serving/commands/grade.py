"""`zhuoyue grade`: the official grade, from an evidence file or from the store."""

from __future__ import annotations

from typing import Annotated

import typer

from serving.commands.grade_options import Language, Options
from serving.output import FormatOption

BAD_INPUT = 2


def register(app: typer.Typer) -> None:
    """Add the command `grade`."""
    app.command("grade")(grade)


def grade(
    evidence: Annotated[
        str | None,
        typer.Option(help="An evidence file: FILE.json, FILE.jsonl, or - for lines on standard input."),
    ] = None,
    enterprise: Annotated[str | None, typer.Option(help="Grade this enterprise of the store only.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Last month of the window, YYYY-MM.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(help="Another reading, NAME=VALUE; may be given several times.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="All readings side by side.")] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="How the grade came about, line by line, with the clauses.")
    ] = False,
    reissue: Annotated[
        str | None, typer.Option(help="An earlier answer for this evidence: print it again, or what differs.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="Grade by this edition; default: the newest.")] = None,
    in_force_on: Annotated[
        str | None, typer.Option(help="Grade by the edition in force on this day, YYYY-MM-DD.")
    ] = None,
    language: Annotated[
        Language | None,
        typer.Option(help="Of tables; default: zh, of a trace both.", show_default=False),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Grade by 工信部联科〔2023〕249号: an evidence file, or every enterprise of the store."""
    options = Options(policy or [], compare, trace, edition, in_force_on, language, fmt)
    refusal = _contradiction(evidence, enterprise or as_of, reissue, options)
    if refusal:
        typer.echo(refusal, err=True)
        raise typer.Exit(BAD_INPUT)
    if evidence is None:
        from serving.commands.grade_store import grade_from_store

        raise typer.Exit(grade_from_store(enterprise, as_of, options))
    if reissue is not None:
        from serving.commands.grade_again import grade_again

        raise typer.Exit(grade_again(evidence, reissue))
    from serving.commands.grade_evidence import grade_evidence

    raise typer.Exit(grade_evidence(evidence, options))


def _contradiction(
    evidence: str | None, of_the_store: str | None, reissue: str | None, options: Options
) -> str | None:
    """Return what is wrong with the options together."""
    if evidence is not None and of_the_store is not None:
        return "--evidence: found --enterprise or --as-of beside it; allowed: the file alone"
    if options.compare and options.trace:
        return "--trace: found --compare beside it; allowed: one of the two"
    if reissue is None:
        return None
    if evidence is None:
        return "--reissue: found no --evidence beside it; needed: the evidence that the answer was given for"
    if options != Options(fmt=options.fmt):
        return "--reissue: found another option beside it; allowed: --evidence, the answer names all else"
    return None
