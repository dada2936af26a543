"""`zhuoyue grade`: the official grade, from an evidence file or from the store."""

from __future__ import annotations

from typing import Annotated

import typer

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
    fmt: FormatOption = None,
) -> None:
    """Grade by 工信部联科〔2023〕249号: an evidence file, or every enterprise of the store."""
    if evidence is None:
        from serving.commands.grade_store import grade_from_store

        raise typer.Exit(grade_from_store(enterprise, as_of, policy or [], compare, fmt))
    if enterprise is not None or as_of is not None:
        typer.echo("--evidence: found --enterprise or --as-of beside it; allowed: the file alone", err=True)
        raise typer.Exit(BAD_INPUT)
    from serving.commands.grade_evidence import grade_evidence

    raise typer.Exit(grade_evidence(evidence, policy or [], compare, fmt))
