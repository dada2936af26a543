"""Where things stand in the workbook: cells and ranges by meaning, turned into A1 notation in one place."""

from __future__ import annotations

from typing import NamedTuple

HEAD, FIRST = 4, 5
"""Rows (from 0) of a table's headings and of its first line, on every sheet alike."""

TITLES = {
    "verdict": "结论 Verdict",
    "deliveries": "交付 Deliveries",
    "first_pass": "首次交验 First pass",
    "capability": "过程能力 Capability",
    "losses": "损失与产值 Losses",
    "management": "管理项 Management",
    "window": "窗口 Window",
    "policies": "口径 Policies",
    "calculation": "计算 Calculation",
    "products": "分产品 Products",
    "thresholds": "阈值 Thresholds",
    "wording": "条文 Wording",
    "aggregation": "综合 Aggregation",
    "readings": "读法 Readings",
    "gaps": "差距 Gaps",
    "check": "校核 Check",
    "issued": "原件 As issued",
}
"""The sheets in their order, by the key that the code uses."""


class Place(NamedTuple):
    """One cell; rows and columns count from 0."""

    sheet: str
    row: int
    column: int

    @property
    def here(self) -> str:
        """The cell as its own sheet calls it, e.g. `B6`."""
        return f"{letters(self.column)}{self.row + 1}"

    @property
    def fixed(self) -> str:
        """The cell as its own sheet calls it, fixed: `$B$6`."""
        return f"${letters(self.column)}${self.row + 1}"

    @property
    def anywhere(self) -> str:
        """The cell as any sheet may call it, e.g. `'交付 Deliveries'!$B$6`."""
        return f"'{TITLES[self.sheet]}'!{self.fixed}"

    def beside(self, rows: int = 0, columns: int = 0) -> Place:
        """Return the cell so many rows below and columns to the right."""
        return Place(self.sheet, self.row + rows, self.column + columns)

    def to(self, rows: int, columns: int = 1) -> Area:
        """Return the area of that size whose first cell this is."""
        return Area(self, rows, columns)


class Area(NamedTuple):
    """A rectangle of cells, named by its first cell."""

    first: Place
    rows: int
    columns: int

    @property
    def last(self) -> Place:
        """The cell at the lower right."""
        return self.first.beside(self.rows - 1, self.columns - 1)

    @property
    def here(self) -> str:
        """The area as its own sheet calls it, e.g. `A6:C6`."""
        return f"{self.first.here}:{self.last.here}"

    @property
    def anywhere(self) -> str:
        """The area as any sheet may call it."""
        return f"{self.first.anywhere}:{self.last.fixed}"


def letters(column: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
