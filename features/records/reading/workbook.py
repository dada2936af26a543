"""Workbooks: sheets of an .xlsx become tables of text, streamed into Parquet.

A workbook comes from anywhere: macros are refused, and so is a file that unpacks beyond reason. Formulas are
refused too: what they show was computed elsewhere, may be stale, and is missing where no Excel has saved it.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.records.columns import Table, Type
from features.records.reading.faults import Fault, shown
from features.records.reading.headers import note_own, resolve
from features.records.reading.raw import Raw, text_cell
from features.records.reading.sources import TABLE_OF, Source, known
from features.records.reading.text import FREE_BYTES, MOST_RATIO, UnreadableError

if TYPE_CHECKING:
    from features.records.reading.opening import Desk

BATCH = 20_000
DIGITS = 15
"""Excel shows and compares 15 digits; money in cells may carry more, which nobody meant."""
ASIDE = frozenset({"readme", "notes", "说明", "备注"})
"""Sheets that are for people."""
SAVE_AS = "a workbook without password, saved as .xlsx"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
REFUSED = {"f": "a formula", "e": "an error value"}


def open_workbook(source: Source, desk: Desk) -> list[Raw]:
    """Return the tables of a workbook; sheets that are no table become faults, empty ones are passed over.

    Raises:
        UnreadableError: no workbook, one with macros, or one that unpacks out of all proportion.
    """
    import openpyxl

    inspect(source.path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations that openpyxl drops and nobody needs here
        try:
            book = openpyxl.load_workbook(source.path, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # openpyxl lets through whatever its XML parser meets
            raise UnreadableError(f"a damaged workbook ({error})", SAVE_AS) from error
        try:
            raws = [_open_sheet(source, sheet, desk) for sheet in book.worksheets]
        finally:
            book.close()
    if not any(raws) and not desk.faults.total:
        raise UnreadableError("a workbook without any table", f"sheets called after tables: {known()}")
    return [raw for raw in raws if raw is not None]


def inspect(path: Path) -> None:
    """Look at the package before anything in it is unpacked; raises UnreadableError."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UnreadableError("an empty file", SAVE_AS)
    if start == OLD_EXCEL:
        raise UnreadableError("an old .xls, or a workbook with a password", SAVE_AS)
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableError(f"a file that is no workbook ({error})", SAVE_AS) from error
    if any("vbaproject" in entry.filename.lower() for entry in entries):
        raise UnreadableError("a workbook with macros", "a workbook without macros: save it as .xlsx")
    if sum(entry.file_size for entry in entries) > max(FREE_BYTES, MOST_RATIO * path.stat().st_size):
        raise UnreadableError(
            "a workbook that unpacks out of all proportion", "a workbook that a person made"
        )


def _open_sheet(source: Source, sheet: Any, desk: Desk) -> Raw | None:  # noqa: ANN401 - a read-only sheet
    title = sheet.title.strip()
    table = TABLE_OF.get(title) or TABLE_OF.get(title.lower())
    if title.lower() in ASIDE:
        return None
    label = f"{source.path} [{sheet.title}]"
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    header = [_text(cell, False, label) for cell in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    if table is None:
        if header or next(rows, None) is not None:
            allowed = f"sheets called after tables ({known()}), or 说明 for notes"
            desk.faults.add(Fault("", label, None, None, "a sheet that is no table by its name", allowed))
        return None
    note_own(label, header, desk.notes)
    positions = resolve(table, label, 1, header, desk.faults)
    staged = desk.next_path(".parquet")
    if not _staged(rows, table, label, (_money_at(table, positions), len(header), staged), desk):
        return None
    columns = tuple(f"c{index}" for index in range(len(header)))
    cells = {name: text_cell(table.column(name), columns[at]) for name, at in positions.items()}
    return Raw(
        table, label, staged, cells, lambda numbers: {number: number + 2 for number in numbers}, columns
    )


def _money_at(table: Table, positions: dict[str, int]) -> frozenset[int]:
    return frozenset(at for name, at in positions.items() if table.column(name).type is Type.MONEY)


def _staged(
    rows: Iterator[tuple[Any, ...]],
    table: Table,
    label: str,
    shape: tuple[frozenset[int], int, Path],
    desk: Desk,
) -> bool:
    """Write the cells as text. A workbook has no columns to hand over: its cells come one by one."""
    money, width, path = shape
    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    texts = (_texts(number, cells, money, width) for number, cells in enumerate(rows, start=2))
    try:
        with pq.ParquetWriter(path, schema) as writer:
            while batch := list(islice(texts, BATCH)):
                columns = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    except UnreadableError as error:
        desk.faults.add(error.fault(table.name, label))
        return False
    return True


def _texts(number: int, cells: tuple[Any, ...], money: frozenset[int], width: int) -> list[str]:
    if any(cell.value is not None for cell in cells[width:]):
        raise UnreadableError("a cell to the right of the header", "a column name above every cell", number)
    found = [_text(cell, at in money, number) for at, cell in enumerate(cells[:width])]
    return found + [""] * (width - len(found))


def _text(cell: Any, money: bool, row: int | str) -> str:  # noqa: ANN401 - a read-only or an empty cell
    """Return a cell as the text that a CSV file would hold."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in REFUSED:
        found = f"{REFUSED[cell.data_type]} in cell {cell.coordinate}: {shown(value)}"
        number = row if isinstance(row, int) else 1
        raise UnreadableError(found, "values: copy, then paste as values only", number)
    return _plain(value, money)


def _plain(value: object, money: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}" if money else repr(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)
