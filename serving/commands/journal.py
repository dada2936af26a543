"""`zhuoyue journal`: what happened, by whom and from what; whether all that it tells of still holds."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from features.journal import Change

COLUMNS = ("seq", "at", "who", "subject", "action", "field", "new")
DAY = "%Y-%m-%d"
LONGEST = 60


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(no_args_is_help=True)
    for command in (verify, head):
        group.command()(command)
    group.command("list")(list_)
    app.add_typer(group, name="journal", help="Who did what when, from what evidence; chained by hashes.")


def verify(
    known: Annotated[
        str | None,
        typer.Option("--known", metavar="HASH", help="A head noted before; it must still be there."),
    ] = None,
    files: Annotated[bool, typer.Option(help="Read every record file, too; they may be large.")] = True,
    fmt: FormatOption = None,
) -> None:
    """Check chain, registers, imports, record files, publications, served model; exit 1 if one is wrong."""
    from features.settings import Settings
    from serving.journal.checking import check
    from serving.output import emit

    done = check(Settings(), known, files=files)
    rows: list[dict[str, Any]] = [
        {"part": one.part, "checked": one.checked, "faults": len(one.faults)} for one in done.findings
    ]
    emit(rows, fmt)
    for fault in done.faults:
        typer.echo(f"fault: {fault}", err=True)
    typer.echo(f"{done.entries} entries, head {done.head}: note it where nobody here can write", err=True)
    raise typer.Exit(1 if done.faults else 0)


def head(fmt: FormatOption = None) -> None:
    """Print how long the chain is and the hash of its end: what to note elsewhere."""
    from features.journal import head as end
    from features.settings import Settings
    from features.store.database import open_database, snapshot
    from serving.output import emit

    engine = open_database(Settings())
    with snapshot(engine) as connection:
        entries, digest = end(connection)
    engine.dispose()
    emit({"entries": entries, "head": digest}, fmt)


def list_(
    kind: Annotated[
        str | None, typer.Option(help="grade, outlook, model, import, assessment, action, user, …")
    ] = None,
    who: Annotated[str | None, typer.Option(help="Only what this person did.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only this subject, such as grade:E0001.")] = None,
    enterprise: Annotated[str | None, typer.Option(help="Only entries of this enterprise.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=[DAY], help="From this day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=[DAY], help="To this day, included.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many, the newest.")] = 100,
    fmt: FormatOption = None,
) -> None:
    """List entries, the newest first."""
    from features.settings import Settings
    from features.store.database import open_database, snapshot
    from serving.journal.listing import listed
    from serving.journal.wanted import Sight, Wanted
    from serving.output import emit

    wanted = Wanted(kind, who, subject, enterprise, since and since.date(), until and until.date())
    engine = open_database(Settings())
    with snapshot(engine) as connection:
        found = listed(connection, wanted, Sight(everything=True), limit)
    engine.dispose()
    table = fmt == "table" or (fmt is None and sys.stdout.isatty())
    emit([_line(change) if table else change._asdict() for change in found], fmt, COLUMNS)


def _line(change: Change) -> dict[str, Any]:
    """Return an entry for a table: of a long value the beginning."""
    from serving.output import to_json

    text = to_json(change.new)
    return {**change._asdict(), "new": text if len(text) <= LONGEST else f"{text[:LONGEST]}…"}
