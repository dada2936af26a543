"""`zhuoyue features`: the model table as a Parquet file, for data scientists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from serving.output import FormatOption, emit

BAD_INPUT = 2


def register(app: typer.Typer) -> None:
    """Add the command `features`."""
    app.command("features")(features)


def features(
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Read no record after this period (YYYY-MM, Www or day).")
    ] = None,
    enterprise: Annotated[str | None, typer.Option("--enterprise", help="Only this enterprise.")] = None,
    fmt: FormatOption = None,
) -> None:
    """Write the model table: what was known of every enterprise and product at the end of every period."""
    from features.model_table import build_model_table
    from features.settings import Settings
    from features.store import Store
    from serving.progress import bar

    if out.suffix != ".parquet":
        typer.echo(f"--out: found {str(out)!r}; allowed is a file name that ends in .parquet", err=True)
        raise typer.Exit(BAD_INPUT)
    ids = None if enterprise is None else [enterprise]
    with bar("model table"), Store.open(Settings()) as store:
        table = build_model_table(store, as_of, ids)
    out.parent.mkdir(parents=True, exist_ok=True)
    table.frame.to_parquet(out, index=False)
    last = table.frame["period"].max() if len(table.frame) else None
    emit(
        {"file": str(out), "rows": len(table.frame), "features": len(table.features), "last_period": last},
        fmt,
    )
