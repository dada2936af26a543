"""The inputs as they were graded, kept beside those that may be changed, so that a change is always seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from serving.reports.workbook.places import FIRST, Area, Place
from serving.reports.workbook.values import Value

CHANGED = (
    "SUMPRODUCT(1-({live}={copy})*(ISBLANK({live})=ISBLANK({copy}))"
    "*(1-ISTEXT({live})*(1-EXACT({live},{copy}))))"
)
"""Counts the cells that differ: = takes an empty cell for 0 and a for A, so both are looked at besides."""


class Kept(NamedTuple):
    """One rectangle of inputs: where it may be changed, where its copy stands, and its values."""

    group: str
    live: Area
    copy: Area
    rows: Sequence[Sequence[Value]]


class Issued:
    """All inputs as issued; their copies stand side by side on a page of their own."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self._column = 0

    def keep(self, group: str, live: Area, rows: Sequence[Sequence[Value]]) -> Area:
        """Remember a rectangle and return where its copy will stand."""
        copy = Place("issued", FIRST, self._column).to(live.rows, live.columns)
        self._column += live.columns
        self.kept.append(Kept(group, live, copy, rows))
        return copy

    @property
    def groups(self) -> list[str]:
        """The groups of inputs, in the order in which they were written."""
        return list(dict.fromkeys(kept.group for kept in self.kept))

    def changed(self, group: str) -> str:
        """Return the formula that counts the cells of a group that no longer hold what was graded."""
        pairs = [(one.live.anywhere, one.copy.anywhere) for one in self.kept if one.group == group]
        return "+".join(CHANGED.format(live=live, copy=copy) for live, copy in pairs)
