"""Opens a source: unpacks, decodes, finds the header, and stages what is text as Parquet."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import duckdb

from features.records import sql
from features.records.columns import Table
from features.records.reading.faults import LISTED, Fault, Faults, shown
from features.records.reading.headers import note_own, resolve
from features.records.reading.lines import line_at, lines_of
from features.records.reading.raw import Raw, parquet_cell, text_cell
from features.records.reading.sources import WORKBOOK, Source
from features.records.reading.text import GB18030, UnreadableError, plain_text

REJECTS = {
    "MISSING COLUMNS": ("fewer cells than the header", "as many cells as the header has"),
    "TOO MANY COLUMNS": (
        "more cells than the header",
        "as many cells as the header has; quote a cell that holds a comma",
    ),
    "UNQUOTED VALUE": (
        "a quote that is not closed or not followed by a comma",
        'quotes in pairs; a quote inside a cell is written ""',
    ),
    "LINE SIZE OVER MAXIMUM": ("a row of more than 2 MB", "shorter rows; perhaps a quote is not closed"),
}
WHOLE_FILE = "a Parquet file: write or copy it again"


@dataclass
class Desk:
    """Where sources are opened: a DuckDB connection, a folder for copies, and what was noticed."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    faults: Faults
    notes: list[str] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def next_path(self, suffix: str) -> Path:
        """Return a fresh path for a copy."""
        return self.folder / f"{next(self._numbers):05d}{suffix}"


def open_source(source: Source, desk: Desk) -> list[Raw]:
    """Return the tables of `source`; what cannot be taken becomes a fault."""
    table = source.table.name if source.table else ""
    before = desk.faults.total
    try:
        found = _open(source, desk)
    except UnreadableError as error:
        desk.faults.add(error.fault(table, source.label))
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        desk.faults.add(
            Fault(table, source.label, None, None, f"a file that cannot be read ({reason})", WHOLE_FILE)
        )
    return found if desk.faults.total == before else []


def _open(source: Source, desk: Desk) -> list[Raw]:
    if source.kind == WORKBOOK:
        from features.records.reading.workbook import open_workbook

        return open_workbook(source, desk)
    assert source.table is not None  # noqa: S101 - only workbooks hold several tables
    opener = _open_parquet if source.kind == ".parquet" else _open_csv
    return [opener(source, source.table, desk)]


def _open_parquet(source: Source, table: Table, desk: Desk) -> Raw:
    if source.path.stat().st_size == 0:
        raise UnreadableError("an empty file", WHOLE_FILE)
    described = desk.connection.execute(f"DESCRIBE SELECT * FROM {sql.parquet([source.path])}").fetchall()
    headers = [str(row[0]) for row in described]
    note_own(source.label, headers, desk.notes)
    positions = resolve(table, source.label, None, headers, desk.faults)
    cells = {
        name: parquet_cell(table.column(name), headers[at], str(described[at][1]))
        for name, at in positions.items()
    }
    return Raw(table, source.label, source.path, cells, lambda rows: {row: row + 1 for row in rows})


def _open_csv(source: Source, table: Table, desk: Desk) -> Raw:
    plain = plain_text(source.path, source.kind == ".csv.gz", desk.next_path(".csv"))
    if plain.encoding == GB18030:
        desk.notes.append(f"{source.label}: read as {GB18030}")
    headers, lines = _header(plain.path)
    note_own(source.label, headers, desk.notes)
    positions = resolve(table, source.label, 1, headers, desk.faults)
    columns = tuple(f"c{index}" for index in range(len(headers)))
    staged = desk.next_path(".parquet")
    if headers:
        _stage_csv(source, table, desk, plain.path, (columns, lines), staged)
    cells = {name: text_cell(table.column(name), columns[at]) for name, at in positions.items()}
    keep_blank = len(columns) == 1
    return Raw(
        table,
        source.label,
        staged,
        cells,
        lambda rows: lines_of(plain.path, rows, lines, keep_blank),
        columns,
    )


def _header(path: Path) -> tuple[list[str], int]:
    """Return the cells of the header and the number of lines it takes."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            return next(reader, []), reader.line_num
        except csv.Error as error:
            raise UnreadableError(
                f"a header that is no CSV ({error})", "a header line with quotes in pairs", 1
            ) from error


def _stage_csv(
    source: Source, table: Table, desk: Desk, plain: Path, shape: tuple[tuple[str, ...], int], staged: Path
) -> None:
    """Write the rows of a plain CSV file to Parquet as text; ragged rows and open quotes become faults."""
    columns, skip = shape
    types = ", ".join(f"{sql.literal(name)}: 'VARCHAR'" for name in columns)
    rejects = f"rejects_{staged.stem}"
    reader = (
        f"read_csv({sql.literal(sql.glob_safe(plain))}, header=false, skip={skip}, columns={{{types}}}, "
        "delim=',', quote='\"', escape='\"', auto_detect=false, strict_mode=true, null_padding=false, "
        f"store_rejects=true, rejects_table='{rejects}', rejects_scan='{rejects}_scan', rejects_limit=0)"
    )
    desk.connection.execute(f"COPY (SELECT * FROM {reader}) TO {sql.literal(staged)} (FORMAT parquet)")
    total = desk.connection.execute(f"SELECT count(DISTINCT line_byte_position) FROM {rejects}").fetchall()[
        0
    ][0]
    if total:
        rows = desk.connection.execute(
            "SELECT arg_min(error_type, column_idx), line_byte_position, any_value(csv_line), "
            f"any_value(error_message) FROM {rejects} GROUP BY 2 ORDER BY 2 LIMIT {LISTED}"
        ).fetchall()
        desk.faults.extend((_reject(source, table, plain, row) for row in rows), total)


def _reject(source: Source, table: Table, plain: Path, row: tuple[str, int, str, str]) -> Fault:
    kind, position, text, message = row
    found, allowed = REJECTS.get(kind, (message.partition("\n")[0], "a row of CSV"))
    line = line_at(plain, position) + (len(text) - len(text.lstrip("\r\n")))
    return Fault(table.name, source.label, line, None, f"{found}: {shown(text.strip())}", allowed)
