"""Rows of JSON to files that an import reads: text columns in Parquet, one file a table.

So a row of JSON is checked exactly as the same row of a CSV file is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from features.records.columns import Table
from features.records.reading.faults import Fault, Faults
from features.records.reading.headers import OWN
from features.records.schema import TABLES

MOST_ROWS = 100_000
"""Rows of one call; more are brought as files."""
Cell = StrictStr | StrictBool | StrictInt | StrictFloat | None
Row = dict[str, Cell]


class Rows(BaseModel):
    """Rows by table; columns by their English or Chinese names. One call is one transaction."""

    model_config = ConfigDict(extra="forbid")

    tables: Annotated[dict[str, list[Row]], Field(min_length=1, max_length=len(TABLES))]


def write_rows(tables: Mapping[str, list[Row]], folder: Path) -> list[Path]:
    """Write each table's rows to `folder`; return the files of tables that have rows.

    Raises:
        ImportRefused: a table or column is unknown, or there are too many rows. Rows count from 1.
    """
    faults = Faults()
    for name in tables.keys() - TABLES.keys():
        faults.add(Fault(name[:80], "", None, None, "no such table", f"one of {', '.join(TABLES)}"))
    count = sum(map(len, tables.values()))
    if count > MOST_ROWS:
        allowed = f"at most {MOST_ROWS} rows a call; upload more as a file"
        faults.add(Fault("", "", None, None, f"{count} rows", allowed))
    faults.raise_if_any()
    named = {name: list(_named(TABLES[name], rows, faults)) for name, rows in tables.items()}
    faults.raise_if_any()
    return [_write(TABLES[name], rows, folder) for name, rows in named.items() if rows]


def _named(table: Table, rows: list[Row], faults: Faults) -> Iterator[dict[str, str | None]]:
    """Yield the rows under English names, cells as text; own columns are left out."""
    names = {alias: column.name for column in table.columns for alias in (column.name, column.zh)}
    for number, row in enumerate(rows):
        found: dict[str, str | None] = {}
        for key, cell in row.items():
            name = names.get(key.strip())
            if name is None and not key.startswith(OWN):
                allowed = f"{', '.join(table.names)}, or your own beginning with {OWN}"
                faults.add(Fault(table.name, "", number + 1, key[:80], "an unknown column", allowed, number))
            elif name in found:
                faults.add(
                    Fault(table.name, "", number + 1, name, "the column twice", "each column once", number)
                )
            elif name is not None:
                found[name] = _text(cell)
        yield found


def _text(cell: Cell) -> str | None:
    """Return a cell as a CSV file would hold it."""
    if cell is None or isinstance(cell, str):
        return cell
    return str(cell).lower() if isinstance(cell, bool) else repr(cell)


def _write(table: Table, rows: list[dict[str, str | None]], folder: Path) -> Path:
    columns = [pa.array([row.get(name) for row in rows], pa.string()) for name in table.names]
    path = folder / f"{table.name}.parquet"
    pq.write_table(pa.Table.from_arrays(columns, names=list(table.names)), path)
    return path
