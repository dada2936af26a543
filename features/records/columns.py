"""What one column of a record table is: its names, type, and what it may hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Type(StrEnum):
    """The kinds of value that the tables know."""

    ID = "id"
    TEXT = "text"
    PERIOD = "period"
    TIME = "time"
    DATE = "date"
    COUNT = "count"
    MONEY = "money"
    NUMBER = "number"
    FLAG = "flag"


ARROW: dict[Type, pa.DataType] = {
    Type.ID: pa.string(),
    Type.TEXT: pa.string(),
    Type.PERIOD: pa.string(),
    Type.TIME: pa.timestamp("us"),
    Type.DATE: pa.date32(),
    Type.COUNT: pa.int64(),
    Type.MONEY: pa.decimal128(18, 2),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
}

SQL: dict[Type, str] = {
    Type.ID: "VARCHAR",
    Type.TEXT: "VARCHAR",
    Type.PERIOD: "VARCHAR",
    Type.TIME: "TIMESTAMP",
    Type.DATE: "DATE",
    Type.COUNT: "BIGINT",
    Type.MONEY: "DECIMAL(18,2)",
    Type.NUMBER: "DOUBLE",
    Type.FLAG: "BOOLEAN",
}

SPELLINGS: dict[Type, str] = {
    Type.ID: "text of 1 to 200 characters",
    Type.TEXT: "text",
    Type.PERIOD: "a month, YYYY-MM",
    Type.TIME: "an ISO 8601 date or time, such as 2026-03-31T08:15:00",
    Type.DATE: "a date, YYYY-MM-DD",
    Type.COUNT: "a whole number",
    Type.MONEY: "an amount in CNY with at most two decimal places",
    Type.NUMBER: "a number",
    Type.FLAG: "true or false",
}
"""How a person is told what a type allows."""


@dataclass(frozen=True)
class Column:
    """One column: English name, Chinese alias, type, and its limits.

    `blank` is what an empty cell counts as (None: it stays empty). `low` and `high` are inclusive unless
    `above_low` says that the value must lie above `low`. `values` lists the only texts that are allowed.
    """

    name: str
    zh: str
    type: Type
    required: bool = False
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    above_low: bool = False
    blank: str | int | None = None

    @property
    def allowed(self) -> str:
        """What a person may write here."""
        if self.values:
            return "one of " + ", ".join(self.values)
        return SPELLINGS[self.type] + self._range()

    def _range(self) -> str:
        if self.low is None:
            return ""
        if self.high is not None:
            return f" from {self.low:g} to {self.high:g}"
        return f" {'above' if self.above_low else 'of at least'} {self.low:g}"


@dataclass(frozen=True)
class Reference:
    """The values of `columns` must stand in `target` of one of `tables`, stored or in the same call."""

    columns: tuple[str, ...]
    tables: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A condition over a whole row, in SQL over typed columns; true or null is fine."""

    column: str
    condition: str
    allowed: str


@dataclass(frozen=True)
class Table:
    """One record table; its key is what makes a row one record."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The English column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema in which the store keeps this table."""
        return pa.schema([pa.field(column.name, ARROW[column.type]) for column in self.columns])

    def column(self, name: str) -> Column:
        """Return the column called `name`; raise KeyError if there is none."""
        return next((item for item in self.columns if item.name == name), None) or _no_column(self, name)


def _no_column(table: Table, name: str) -> Column:
    raise KeyError(f"table {table.name} has no column {name}; it has {', '.join(table.names)}")
