"""`zhuoyue backup`, `restore` and `upgrade`: keeping an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from serving.output import FormatOption


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (backup, restore, upgrade):
        app.command()(command)


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A new file: .tar, or .tar.gz for a smaller one.")
    ],
    fmt: FormatOption = None,
) -> None:
    """Write records, database and models into one file, consistent while others write, and read it again."""
    from features.settings import Settings
    from serving.operating.backup import backup as write
    from serving.output import emit
    from serving.progress import bar

    with bar("backup") as shown:
        done = write(Settings(), file, lambda what, at, total: shown.update(at, total, what))
    emit(done._asdict(), fmt)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `zhuoyue backup` wrote.")],
    fmt: FormatOption = None,
) -> None:
    """Restore a back-up into an empty ZHUOYUE_HOME (and an empty database), then check the whole journal."""
    from features.settings import Settings
    from serving.operating.restore import restore as bring_back
    from serving.output import emit
    from serving.progress import bar

    with bar("restore") as shown:
        done = bring_back(Settings(), file, lambda what, at, total: shown.update(at, total, what))
    faults = done.check.faults
    row = {"made_at": done.made_at, "files": done.files, "rows": done.rows, "faults": len(faults)}
    emit(row | {"entries": done.check.entries, "head": done.check.head}, fmt)
    for fault in faults:
        typer.echo(f"fault: {fault}", err=True)
    raise typer.Exit(1 if faults else 0)


def upgrade(
    file: Annotated[
        Path | None, typer.Option("--backup", metavar="FILE", help="Back everything up to this file first.")
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Bring the state database to this version's revision; says from which to which."""
    from features.settings import Settings
    from features.store.database import HEAD, open_database, revision_of
    from serving.operating.backup import backup as write
    from serving.output import emit

    settings = Settings()
    before = revision_of(settings)
    if file is not None and before is not None:
        write(settings, file)
    open_database(settings).dispose()
    emit({"from": before, "to": HEAD, "changed": before != HEAD}, fmt)
