"""A workbook of plain tables: pages with a head, values as what they are, formulas with their results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter

from qm_rules.words import Words
from serving.palette import LIGHT
from serving.reports.workbook.looks import Looks
from serving.reports.workbook.places import letters
from serving.reports.workbook.values import Value, safe_text

HEAD, FIRST = 4, 5
"""Rows (from 0) of a table's headings and of its first line, on every page alike."""
AS_WRITTEN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


class Column(NamedTuple):
    """A column: heading, look of its cells (`looks.LOOKS`), width in characters."""

    head: Words
    look: str
    width: float


class PlanBook:
    """A workbook under way; `day` is written as its creation: never the clock, so that bytes repeat."""

    def __init__(self, target: BinaryIO, title: Words, day: date) -> None:
        self._workbook = xlsxwriter.Workbook(target, {"in_memory": True, **AS_WRITTEN})
        created = datetime.combine(day, time())
        self._workbook.set_properties({"title": f"{title.zh} {title.en}", "created": created})
        self._workbook.set_size(2400, 1500)
        self.looks = Looks(self._workbook)

    def page(self, name: Words, about: Words) -> Page:
        """Add a page with its title and what it is for."""
        return Page(self, f"{name.zh} {name.en}", self._workbook.add_worksheet(f"{name.zh} {name.en}"), about)

    def close(self) -> None:
        """Write the file."""
        self._workbook.close()


class Page:
    """One page; rows and columns count from 0."""

    def __init__(self, book: PlanBook, name: str, page: Any, about: Words) -> None:  # noqa: ANN401
        self.book, self.name, self.page = book, name, page
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_footer("&L&8&A&C&8&P / &N&R&8&F")
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # ids and months are meant as text
        page.hide_gridlines(2)
        page.set_tab_color(LIGHT["accent"])
        page.set_row(0, 28)
        self.put(0, 0, name, "title")
        self.put(1, 0, about.zh, "subtitle")
        self.put(2, 0, about.en, "subtitle")

    def head(self, columns: Sequence[Column], row: int = HEAD, *, frozen: bool = True) -> None:
        """Write a table's headings, Chinese over English, and set the widths."""
        self.page.set_row(row, 44)
        for at, column in enumerate(columns):
            self.put(row, at, f"{column.head.zh}\n{column.head.en}", "head")
            self.page.set_column(at, at, column.width)
        if frozen:
            self.page.freeze_panes(row + 1, 1)
            self.page.repeat_rows(row)

    def rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Value]], first: int = FIRST) -> None:
        """Write rows of values below a head."""
        for offset, row in enumerate(rows):
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.put(first + offset, at, value, column.look)

    def put(self, row: int, column: int, value: Value, look: str) -> None:
        """Write a value as what it is: text stays text, whatever it begins with."""
        form = self.book.looks[look]
        if value is None or value == "":
            self.page.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self.page.write_string(row, column, safe_text(value), form)
        else:
            self.page.write_number(row, column, float(value), form)

    def live(self, row: int, column: int, formula: str, value: Value, look: str) -> None:
        """Write a formula with the result that it has now."""
        known = "" if value is None else value
        self.page.write_formula(row, column, f"={formula}", self.book.looks[look], known)

    def span(self, column: int, first: int, count: int) -> str:
        """Return cells of a column as other pages call them."""
        letter = letters(column)
        return f"'{self.name}'!${letter}${first + 1}:${letter}${first + max(count, 1)}"


def cell(row: int, column: int) -> str:
    """Return a cell as its own page calls it."""
    return f"{letters(column)}{row + 1}"
