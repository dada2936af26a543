"""Tables of input rows with spare ones to fill in, and the live columns that stand beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from qm_rules.words import Words
from serving.reports.workbook.book import Sheet
from serving.reports.workbook.places import FIRST, Area
from serving.reports.workbook.values import Value

SPARE = 20
"""Empty rows below the evidence, for whoever wants to add some."""

MOST = 1_000_000
"""Rows that a table may have: a sheet ends at 1 048 576."""


class Asked(NamedTuple):
    """A column of inputs: the evidence's own field."""

    id: str
    head: Words
    look: str
    width: float
    rule: Mapping[str, Any] | None = None


class Live(NamedTuple):
    """A column of formulas. `{field}` is the row's cell, `{up_field}` the one above, `{top_field}` the first
    row's (fixed) and `{was_field}` an input as issued; `first` replaces the formula on the first row.
    """

    id: str
    head: Words
    look: str
    width: float
    formula: str
    values: Sequence[Value]
    spare: Value
    first: str | None = None


class Table:
    """One table on a sheet; every column has the name `zy_<table>_<column>` in the workbook."""

    def __init__(
        self, sheet: Sheet, name: str, asked: Sequence[Asked], rows: Sequence[Sequence[Value]]
    ) -> None:
        self.sheet, self.name, self.asked = sheet, name, asked
        self.filled = len(rows)
        if self.filled > MOST:
            raise ValueError(f"{name}: found {self.filled} rows; allowed in a workbook: at most {MOST}")
        self.rows = self.filled + SPARE
        self.first = sheet.place(FIRST, 0)
        self._offsets = {column.id: offset for offset, column in enumerate(asked)}
        blank = [[None] * len(asked)] * SPARE
        self.copy = sheet.inputs(self.first, [*rows, *blank], [column.look for column in asked], name)
        sheet.head([column.head for column in asked])
        for offset, column in enumerate(asked):
            sheet.page.set_column(offset, offset, column.width)
            self._name(column.id, offset)
            if column.rule:
                sheet.allow(self.first.beside(columns=offset).to(self.rows), **column.rule)

    def add(self, column: Live) -> Area:
        """Write a column of formulas to the right of the table."""
        offset = self._offsets[column.id] = len(self._offsets)
        self.sheet.head([column.head], column=offset)
        self.sheet.page.set_column(offset, offset, column.width)
        for row in range(self.rows):
            formula = column.first if row == 0 and column.first is not None else column.formula
            value = column.values[row] if row < self.filled else column.spare
            self.sheet.live(FIRST + row, offset, formula.format_map(Cells(self, row)), value, column.look)
        return self._name(column.id, offset)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self._offsets)

    def area(self, first: str, last: str | None = None) -> Area:
        """Return the rows of one column, or from one column to another."""
        start, end = self._offsets[first], self._offsets[last or first]
        return self.first.beside(columns=start).to(self.rows, end - start + 1)

    def _name(self, column: str, offset: int) -> Area:
        area = self.first.beside(columns=offset).to(self.rows)
        self.sheet.book.define(f"zy_{self.name}_{column}", area)
        return area

    def cell(self, name: str, row: int) -> str:
        """Return the cell that `name` means in a formula of the row (from 0): see `Live`."""
        prefix, _, rest = name.partition("_")
        if name in self._offsets:
            return self.first.beside(row, self._offsets[name]).here
        offset = self._offsets[rest]
        if prefix == "was":
            return self.copy.first.beside(row, offset).anywhere
        if prefix == "up":
            return self.first.beside(row - 1, offset).here
        return self.first.beside(columns=offset).fixed


class Cells(dict[str, str]):
    """The cells of one row, looked up as a formula asks for them."""

    def __init__(self, table: Table, row: int) -> None:
        super().__init__()
        self._table, self._row = table, row

    def __missing__(self, name: str) -> str:
        return self._table.cell(name, self._row)


def twice(table: str, *keys: str) -> str:
    """Return the formula part that says whether a changed row has the key of another one.

    Rows as issued are unique by law and need no look at all the others. EXACT tells upper from lower case and
    knows no wildcards, unlike COUNTIF and MATCH.
    """
    same = ",".join(f"EXACT({{{key}}},{{was_{key}}})" for key in keys)
    equal = "*".join(f"EXACT(zy_{table}_{key},{{{key}}})" for key in keys)
    return f"IF(AND({same}),FALSE,SUMPRODUCT(1*{equal})>1)"
