"""The workbook under way: sheets that take values, inputs and live formulas, each formula with its result.

A formula never contains anything from the evidence: what people supplied stands in cells as text or number,
and formulas refer to the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from qm_rules.words import Words
from serving.palette import LIGHT
from serving.reports.workbook.issued import Issued
from serving.reports.workbook.looks import CONDITIONAL, Looks
from serving.reports.workbook.places import FIRST, HEAD, TITLES, Area, Place
from serving.reports.workbook.values import Value, safe_text

AS_WRITTEN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
HIGHEST = 5
NOW = "重算 Recomputed: "
STRIP = f'"{NOW}"&ZY_VERDICT&" · "&ZY_CHECK'


class Book:
    """A workbook under way; `sheet` gives its pages by key.

    `strip` is what every page says of the outcome. `day` is written as the day of creation: never the clock,
    so that the same grade gives the same bytes.
    """

    def __init__(self, target: Path | BinaryIO, title: Words, day: date, strip: str) -> None:
        where = str(target) if isinstance(target, Path) else target
        self._workbook = xlsxwriter.Workbook(where, {"in_memory": True, **AS_WRITTEN})
        self._workbook.set_properties(
            {"title": f"{title.zh} {title.en}", "created": datetime.combine(day, time())}
        )
        self._workbook.set_size(2400, 1500)
        self.looks = Looks(self._workbook)
        self.issued = Issued()
        self.strip = strip
        self._sheets = {key: Sheet(self, key, self._workbook.add_worksheet(TITLES[key])) for key in TITLES}

    def sheet(self, key: str) -> Sheet:
        """Return the page of a key of `TITLES`."""
        return self._sheets[key]

    def define(self, name: str, where: Place | Area) -> None:
        """Give a cell or an area a name that formulas and readers can use."""
        self._workbook.define_name(name, f"={where.anywhere}")

    def close(self) -> None:
        """Write the file."""
        self._workbook.close()


class Sheet:
    """One page. Rows and columns count from 0; `look` is a name in `looks.LOOKS`."""

    def __init__(self, book: Book, key: str, page: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self.book, self.key, self.page = book, key, page
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&L&8&A&C&8&P / &N&R&8&F")
        page.set_default_row(18)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # ids and months are meant as text
        page.hide_gridlines(2)
        page.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})

    def place(self, row: int, column: int) -> Place:
        """Return the cell as a place that other sheets can refer to."""
        return Place(self.key, row, column)

    def columns(self, *widths: float) -> None:
        """Set the widths of the columns from A on, in characters."""
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)

    def heading(self, title: Words, explained: Words) -> None:
        """Write the title and what the page is for."""
        self.page.set_row(0, 28)
        self.put(0, 0, f"{title.zh}  {title.en}", "title")
        self.put(1, 0, explained.zh, "subtitle")
        self.put(2, 0, explained.en, "subtitle")
        if self.key != "verdict":
            self.page.set_row(3, 24)
            self.live(3, 0, STRIP, f"{NOW}{self.book.strip}", "strip")
        self.page.set_tab_color(LIGHT["accent"])

    def is_input(self) -> None:
        """Mark the page as one whose coloured cells may be changed."""
        self.page.set_tab_color(LIGHT["level-2"])

    def head(self, names: Sequence[Words], row: int = HEAD, column: int = 0) -> None:
        """Write a table's headings, Chinese over English."""
        self.page.set_row(row, 44)
        for offset, name in enumerate(names):
            self.put(row, column + offset, f"{name.zh}\n{name.en}", "head")

    def tall(self, row: int, lines: float = 2) -> None:
        """Make a row so many lines high."""
        self.page.set_row(row, 4 + 14 * lines)

    def keep_head(self, column: int = 0) -> None:
        """Keep the headings (and so many columns) in view, on the screen and on every printed page."""
        self.page.freeze_panes(FIRST, column)
        self.page.repeat_rows(HEAD)

    def put(self, row: int, column: int, value: Value, look: str) -> None:
        """Write a value as what it is: text stays text, whatever it begins with."""
        form = self.book.looks[look]
        if value is None or value == "":
            self.page.write_blank(row, column, None, form)
        elif isinstance(value, bool):
            self.page.write_boolean(row, column, value, form)
        elif isinstance(value, str):
            self.page.write_string(row, column, safe_text(value), form)
        else:
            self.page.write_number(row, column, float(value), form)

    def live(
        self, row: int, column: int, formula: str, value: Value, look: str, name: str | None = None
    ) -> Place:
        """Write a formula with the result that it has for the evidence as issued, and name its cell."""
        known = safe_text(value) if isinstance(value, str) else "" if value is None else value
        self.page.write_formula(row, column, f"={formula}", self.book.looks[look], known)
        return self._named(row, column, name)

    def array(self, row: int, column: int, formula: str, value: Value, look: str) -> None:
        """Write a formula that works through whole columns (Ctrl+Shift+Enter in programs before 2019)."""
        cell = self.place(row, column).here
        form = self.book.looks[look]
        self.page.write_array_formula(
            f"{cell}:{cell}", f"{{={formula}}}", form, "" if value is None else value
        )

    def band(self, row: int, column: int, columns: int, text: str, look: str = "band") -> None:
        """Write one text over several columns."""
        form = self.book.looks[look]
        if columns == 1:
            self.put(row, column, text, look)
            return
        self.page.merge_range(row, column, row, column + columns - 1, safe_text(text), form)

    def inputs(self, first: Place, rows: Sequence[Sequence[Value]], looks: Sequence[str], group: str) -> Area:
        """Write a rectangle of input cells and remember them as issued; return where the copy stands."""
        for offset, row in enumerate(rows):
            for column, value in enumerate(row):
                self.put(first.row + offset, first.column + column, value, looks[column])
        return self.book.issued.keep(group, first.to(len(rows), len(looks)), rows)

    def colour_levels(self, area: Area) -> None:
        """Colour the cells of an area by the level, 1 to 5, that they hold."""
        for level in range(1, HIGHEST + 1):
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": level,
                "format": self.book.looks.of_level(level),
            }
            self.page.conditional_format(area.here, rule)

    def colour_where(self, area: Area, formula: str, look: str) -> None:
        """Colour an area `bad`, `good` or `faint` where the formula (for its first cell) is true."""
        form = self.book.looks.conditional(CONDITIONAL[look])
        self.page.conditional_format(
            area.here, {"type": "formula", "criteria": f"={formula}", "format": form}
        )

    def allow(self, area: Area, **rule: object) -> None:
        """Let a program offer or refuse what may be typed into the cells (xlsxwriter's `data_validation`)."""
        self.page.data_validation(area.here, {"ignore_blank": True, **rule})

    def _named(self, row: int, column: int, name: str | None) -> Place:
        place = self.place(row, column)
        if name is not None:
            self.book.define(name, place)
        return place
