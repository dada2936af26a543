"""A source made readable: one relation in Parquet, and how each column of the table is read from it."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from features.records import sql
from features.records.columns import SQL, Column, Table, Type
from features.records.reading.parsing import LOCAL_OFFSET_MINUTES, typed

ROW = "file_row_number"
WHITE = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"
"""Space, tab, line ends, the no-break and the ideographic space: never meant at the ends of a cell."""

WHOLE_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
ZONED = f"make_timestamp(epoch_us({{0}}) + {LOCAL_OFFSET_MINUTES * 60_000_000})"

Reader = Callable[[Sequence[int]], dict[int, int]]


@dataclass(frozen=True)
class Cell:
    """How a column is read: `given` is null where the cell is blank, `value` where it is not of the type."""

    given: str
    value: str
    bare: str | None = None
    """The column itself, where `given` only tidies its text."""

    @property
    def exact(self) -> bool:
        """Whether the file itself keeps the type, so that no text is read."""
        return self.given == self.value


@dataclass(frozen=True)
class Raw:
    """One source of one table, not yet checked.

    `cells` holds the columns that the source has. `lines` turns row numbers (from 0) into the places that a
    person finds in the source.
    """

    table: Table
    label: str
    path: Path
    cells: dict[str, Cell]
    lines: Reader
    skip_blank: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """The rows as SQL, with their numbers in `file_row_number`; rows without any cell are left out."""
        rows = f"{sql.parquet([self.path], ', file_row_number=true')}"
        if not self.skip_blank:
            return rows
        texts = ", ".join(f"NULLIF(trim({sql.name(name)}, {WHITE}), '')" for name in self.skip_blank)
        return f"(SELECT * FROM {rows} WHERE COALESCE({texts}) IS NOT NULL)"

    @property
    def typed(self) -> str:
        """A select of the table's columns, typed, blanks filled."""
        columns = ", ".join(
            f"{self.filled(column)} AS {sql.name(column.name)}" for column in self.table.columns
        )
        return f"SELECT {columns} FROM {self.relation}"

    def filled(self, column: Column) -> str:
        """Return the value of `column`, or what a blank cell counts as."""
        cell = self.cells.get(column.name)
        blank = f"CAST({constant(column.blank)} AS {SQL[column.type]})"
        if cell is None:
            return blank
        return cell.value if column.blank is None else f"COALESCE({cell.value}, {blank})"

    @property
    def plain(self) -> bool:
        """Whether every column is read as it stands in the file."""
        return all(cell.exact for cell in self.cells.values())


def constant(value: str | int | None) -> str:
    """Return a blank's value as SQL."""
    return "NULL" if value is None else sql.literal(value) if isinstance(value, str) else str(value)


def text_cell(column: Column, name: str) -> Cell:
    """Return how `column` is read from the text column `name`."""
    given = f"NULLIF(trim({sql.name(name)}, {WHITE}), '')"
    return Cell(given, typed(column, given), sql.name(name))


def parquet_cell(column: Column, name: str, kind: str) -> Cell:
    """Return how `column` is read from the Parquet column `name` of DuckDB type `kind`.

    What holds the type already is taken as it is; everything else goes through text, which is exact.
    """
    quoted, direct = sql.name(name), _direct(column.type, kind)
    if column.type in {Type.ID, Type.TEXT} and kind in {"FLOAT", "DOUBLE"}:
        # pandas keeps whole numbers with gaps as floats: lot 17 must not become "17.0"
        whole = f"{quoted} = trunc({quoted}) AND abs({quoted}) < 1e15"
        plain = f"CASE WHEN {whole} THEN CAST({quoted} AS BIGINT)::VARCHAR"
        value = f"{plain} ELSE CAST({quoted} AS VARCHAR) END"
        return Cell(value, value)
    if direct is not None:
        value = direct.format(quoted)
        return Cell(value, value)
    if kind == "VARCHAR":
        return text_cell(column, name)
    given = f"CAST({quoted} AS VARCHAR)"
    return Cell(given, typed(column, given))


def _direct(wanted: Type, kind: str) -> str | None:
    """Return the SQL of a loss-free step from DuckDB type `kind` to `wanted`, or None."""
    if wanted is Type.TIME:
        if kind == "TIMESTAMP WITH TIME ZONE":
            return ZONED
        return (
            "CAST({0} AS TIMESTAMP)"
            if kind in {"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"}
            else ("{0}" if kind == "TIMESTAMP" else None)
        )
    if kind == SQL[wanted] and kind != "VARCHAR":
        return "{0}"
    if wanted is Type.COUNT and kind in WHOLE_TYPES:
        return "CAST({0} AS BIGINT)"
    if wanted is Type.NUMBER and (kind in {"FLOAT", *WHOLE_TYPES}):
        return "CAST({0} AS DOUBLE)"
    return None
