"""Records as files, one per table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from features.simulator.faults import WorldError

if TYPE_CHECKING:
    from features.simulator.world import World

Format = Literal["csv", "parquet"]


def write_tables(
    world: World,
    directory: Path | str,
    file_format: Format = "parquet",
    progress: Callable[[str, Path, int], None] | None = None,
) -> dict[str, Path]:
    """Write the world's records into a folder (made if absent); files of the same name are replaced.

    Args:
        world: whose records.
        directory: the folder.
        file_format: "parquet" or "csv" (UTF-8, header, ISO 8601 times).
        progress: told each table's name, file and rows as it is written.

    Returns:
        Path by table name. Tables without rows are written too.
    """
    if file_format not in ("csv", "parquet"):
        raise WorldError(f"format {file_format!r} is not known; allowed: csv, parquet")
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, table in world.tables().items():
        written[name] = folder / f"{name}.{file_format}"
        _write(table, written[name], file_format)
        if progress is not None:
            progress(name, written[name], table.num_rows)
    return written


def _write(table: pa.Table, path: Path, file_format: Format) -> None:
    if file_format == "csv":
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path, compression="zstd")
