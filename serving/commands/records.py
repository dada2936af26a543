"""`zhuoyue template` and `zhuoyue import`: the record tables, empty to fill in and full to take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from features.records.reading.faults import ImportRefused
    from features.settings import Settings

COLUMNS = ("table", "rows", "new", "same", "conflict")


def register(app: typer.Typer) -> None:
    """Add `template` and `import` to the command line."""
    app.command("template")(template)
    app.command("import")(import_records)


def template(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write; created if it is not there.")
    ],
    language: Annotated[
        Literal["en", "zh"] | None,
        typer.Option(help="Of the headers. Default: English in the CSV files, Chinese in the workbook."),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Write every record table empty, with headers: a CSV each, and one workbook that explains them."""
    from features.records.template import write_template
    from serving.output import emit

    emit([{"file": str(path)} for path in write_template(folder, language)], fmt)


def import_records(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Folders, workbooks, CSV, gzip or Parquet files.")
    ],
    on_conflict: Annotated[
        Literal["report", "replace"],
        typer.Option(help="A key stored with other values: refuse the call, or make the new values current."),
    ] = "report",
    fmt: FormatOption = None,
) -> None:
    """Take record tables into the store, whole or not at all; say per table how many rows are new."""
    from features.settings import Settings
    from features.store import ImportConflict, ImportRefused, Store
    from serving.output import emit
    from serving.progress import bar

    settings = Settings()
    try:
        with Store.open(settings) as store, bar("importing") as progress:
            report = store.import_paths(paths, on_conflict, progress.update)
    except ImportRefused as refused:
        if isinstance(refused, ImportConflict):
            emit(refused.report.tables, fmt, COLUMNS)
        _tell(refused)
        raise typer.Exit(refused.exit_code) from None
    for note in report.notes:
        typer.echo(f"note: {note}", err=True)
    if report.changed:
        _publish_soon(settings)
    emit(report.tables, fmt, COLUMNS)


def _publish_soon(settings: Settings) -> None:
    """Where a model is served, forecasts are of older records now: have them computed by whoever works."""
    from getpass import getuser

    from features.store.database import open_database
    from serving.jobs import enqueue

    if not (settings.home / "champion" / "current.json").exists():
        return
    engine = open_database(settings)
    enqueue(engine, "publish", {}, getuser())
    engine.dispose()
    typer.echo("note: `zhuoyue serve` or `zhuoyue work` computes the forecasts anew (job publish)", err=True)


def _tell(refused: ImportRefused) -> None:
    """Print the faults on standard error, as a table that a person can work through."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(stderr=True, markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 2_000  # whole lines for a log: nobody looks
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("file", "table", "row", "column", "found", "allowed"):
        table.add_column(name, overflow="fold", justify="right" if name == "row" else "left")
    for fault in refused.faults:
        cells = (fault.source, fault.table, fault.row, fault.column, fault.found, fault.allowed)
        table.add_row(*(Text("–" if cell in (None, "") else str(cell)) for cell in cells))
    more = f" (the first {len(refused.faults)} listed)" if refused.total > len(refused.faults) else ""
    console.print(f"zhuoyue: nothing was imported: {refused.total} fault{'s'[: refused.total != 1]}{more}")
    console.print(table)
