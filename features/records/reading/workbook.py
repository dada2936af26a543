"""Workbooks: sheets of an .xlsx become tables of text, streamed into Parquet."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.records.columns import Table, Type
from features.records.reading.faults import Fault
from features.records.reading.headers import resolve
from features.records.reading.raw import Raw, text_cell
from features.records.reading.sources import TABLE_OF, Source, known
from features.records.reading.text import FREE_BYTES, MOST_RATIO, UnreadableError

if TYPE_CHECKING:
    from features.records.reading.opening import Desk

BATCH = 20_000
DIGITS = 15
"""Excel shows and compares 15 digits; money computed by a formula carries more, which nobody meant."""
DAMAGED = "a workbook saved as .xlsx"


def open_workbook(source: Source, desk: Desk) -> list[Raw]:
    """Return the tables of a workbook; sheets that are no table become faults, empty ones are passed over.

    Raises:
        UnreadableError: no workbook, one with macros, or one that unpacks out of all proportion.
    """
    import openpyxl

    _inspect(source)
    try:
        book = openpyxl.load_workbook(source.path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its XML parser meets
        raise UnreadableError(f"a damaged workbook ({error})", DAMAGED) from error
    try:
        raws = [_open_sheet(source, sheet, desk) for sheet in book.worksheets]
    finally:
        book.close()
    return [raw for raw in raws if raw is not None]


def _inspect(source: Source) -> None:
    """Look at the package before anything in it is unpacked."""
    size = source.path.stat().st_size
    if size == 0:
        raise UnreadableError("an empty file", DAMAGED)
    try:
        with zipfile.ZipFile(source.path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableError(f"a file that is no workbook ({error})", DAMAGED) from error
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise UnreadableError("a workbook with macros", "a workbook without macros: save it as .xlsx")
    if sum(entry.file_size for entry in entries) > max(FREE_BYTES, MOST_RATIO * size):
        raise UnreadableError(
            "a workbook that unpacks out of all proportion", "a workbook that a person made"
        )


def _open_sheet(source: Source, sheet: Any, desk: Desk) -> Raw | None:  # noqa: ANN401 - a read-only sheet
    label = f"{source.path} [{sheet.title}]"
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    header = [_text(cell) for cell in next(rows, ())]
    table = TABLE_OF.get(sheet.title.strip()) or TABLE_OF.get(sheet.title.strip().lower())
    if table is None:
        if header or next(rows, None) is not None:
            allowed = f"sheets called after tables: {known()}"
            desk.faults.add(Fault("", label, None, None, "a sheet that is no table by its name", allowed))
        return None
    while header and not header[-1]:
        header.pop()
    positions = resolve(table, label, 1, header, desk.faults)
    staged = desk.next_path(".parquet")
    _stage(rows, _money_at(table, positions), len(header), staged)
    columns = tuple(f"c{index}" for index in range(len(header)))
    cells = {name: text_cell(table.column(name), columns[at]) for name, at in positions.items()}
    return Raw(
        table, label, staged, cells, lambda numbers: {number: number + 2 for number in numbers}, columns
    )


def _money_at(table: Table, positions: dict[str, int]) -> frozenset[int]:
    return frozenset(at for name, at in positions.items() if table.column(name).type is Type.MONEY)


def _stage(rows: Iterator[tuple[Any, ...]], money: frozenset[int], width: int, path: Any) -> None:  # noqa: ANN401
    """Write the cells as text. A workbook has no columns to hand over: its cells come one by one."""
    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, BATCH)):
            columns = [_column(batch, index, index in money) for index in range(width)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _column(batch: list[tuple[Any, ...]], index: int, money: bool) -> pa.Array:
    cells: Iterable[Any] = (row[index] if index < len(row) else None for row in batch)
    return pa.array([_text(cell, money) for cell in cells], pa.string())


def _text(cell: object, money: bool = False) -> str:
    """Return a cell as the text that a CSV file would hold."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.{DIGITS}g}" if money else repr(cell)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return str(cell)
