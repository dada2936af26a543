"""`zhuoyue actions`: from an accepted recommendation to the verdict on it, and how promises have fared."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from serving.output import FormatOption

group = typer.Typer(
    help="Improvement actions (PDCA): accept a recommendation, move it on, see whether it worked.",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(metavar="ID", help="An action, as table actions has it.")]
By = Annotated[str, typer.Option(help="Your name. A claim: nobody signs in on the command line.")]
Of = Annotated[
    str | None,
    typer.Option("--enterprise", metavar="ID", help="Of this enterprise only.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add `actions` and what belongs to it."""
    app.add_typer(group, name="actions")


@group.command("list")
def list_(enterprise: Of = None, fmt: FormatOption = None) -> None:
    """List the actions on record with what was promised and the last verdict, by start."""
    from serving.commands.acting_answers import list_all

    list_all(enterprise, fmt)


@group.command()
def accept(
    enterprise: Annotated[str, typer.Option(metavar="ID", help="The enterprise.")],
    by: By,
    rank: Annotated[int, typer.Option(min=1, help="Which of its published recommendations.")] = 1,
    title: Annotated[
        str | None, typer.Option(help="Default: the lever and its move.", show_default=False)
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Planned start, YYYY-MM-DD. Default: today (UTC).", show_default=False)
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Accept a published recommendation: it becomes a planned action, and its promise is kept for good.

    Accepting the same one again changes nothing.
    """
    from serving.commands.acting_answers import accept_one

    accept_one(enterprise, rank, by, title, start, fmt)


@group.command()
def move(
    action: Id,
    to: Annotated[
        Literal["doing", "checking", "done", "dropped"], typer.Argument(help="The state that it moves to.")
    ],
    by: By,
    on: Annotated[
        str | None,
        typer.Option(
            help="The day, YYYY-MM-DD: of the start (doing), of the finish (checking). Default: today (UTC).",
            show_default=False,
        ),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Move an action on: planned → doing → checking → done, or dropped. Steps left out are refused."""
    from serving.commands.acting_answers import move_one

    move_one(action, to, by, on, fmt)


@group.command()
def history(action: Id, fmt: FormatOption = None) -> None:
    """Show who changed what when (UTC), oldest first."""
    from serving.commands.acting_answers import show_history

    show_history(action, fmt)


@group.command()
def verdict(
    action: Annotated[
        list[str] | None, typer.Argument(metavar="ID…", help="Actions; all finished ones without any.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Use records up to this period only.", show_default=False),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Estimate what finished actions did: `worked`, `no sign of it`, `too early`, `made worse`, `cannot be
    told`, with estimate, 90 % interval and money a year.

    Without ID and --as-of the verdicts and scores become what the pages show.
    """
    from serving.commands.acting_answers import judge

    judge(action or [], as_of, fmt)


@group.command()
def score(
    enterprise: Of = None,
    fmt: FormatOption = None,
) -> None:
    """Score promises against outcomes: calibration, promised against realised money, Brier score."""
    from serving.commands.acting_answers import show_scores

    show_scores(enterprise, fmt)


@group.command()
def verify(
    known: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="A hash noted before; it must still be there.", show_default=False),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Check that no change and no promise is missing or altered; exit status 1 if one is."""
    from serving.commands.acting_answers import check

    raise typer.Exit(check(known, fmt))
