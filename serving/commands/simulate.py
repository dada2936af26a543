"""`zhuoyue simulate`: a province of plants with known causes, as record tables."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from serving.output import emit


class Files(StrEnum):
    """File formats of the record tables."""

    csv = "csv"
    parquet = "parquet"


class Family(StrEnum):
    """Structural families of worlds."""

    additive = "additive"
    wear = "wear"


def register(app: typer.Typer) -> None:
    """Add `simulate` to the command line."""
    app.command("simulate")(simulate)


def simulate(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the tables; made if absent.")],
    enterprises: Annotated[int, typer.Option(help="Number of plants.", min=1, max=20_000)] = 40,
    months: Annotated[int, typer.Option(help="Months of history.", min=3, max=600)] = 60,
    seed: Annotated[int, typer.Option(help="Everything follows from it.")] = 1,
    start: Annotated[str, typer.Option(help="First month, YYYY-MM.")] = "2021-01",
    family: Annotated[
        Family, typer.Option("--family", "--families", help="How settings become failures.")
    ] = Family.additive,
    sectors: Annotated[str, typer.Option(help="Sector ids, comma-separated; empty = all five.")] = "",
    hard: Annotated[
        bool, typer.Option(help="Double confounding and gauge noise, disclose no gauge.")
    ] = False,
    files: Annotated[Files, typer.Option("--format", help="File format of the tables.")] = Files.parquet,
) -> None:
    """Write the records of a simulated province, ready for `zhuoyue import DIR`."""
    from features.records.schema import TABLES
    from features.simulator import HARD, Scenario, World, write_tables
    from serving.progress import bar

    scenario = HARD if hard else Scenario()
    chosen = tuple(name for name in sectors.split(",") if name)
    rows: list[dict[str, object]] = []
    with bar("simulating plants", total=len(TABLES)) as shown:
        world = World(seed, enterprises, months, start, scenario, family.value, chosen)

        def tell(table: str, path: Path, count: int) -> None:
            rows.append({"table": table, "rows": count, "file": str(path)})
            shown.update(len(rows), description=table)

        write_tables(world, directory, files.value, tell)
    emit(rows)
