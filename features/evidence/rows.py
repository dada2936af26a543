"""Rows of an enterprise's window as plain Python: counts are whole numbers, money is decimal, none floats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

import pyarrow as pa

from features.aggregates.scope import ENTERPRISE

Source = Literal["self", "third_party"]


class Delivered(NamedTuple):
    """Units of a product delivered in month `t`."""

    t: int
    product_id: str
    units: int
    nonconforming: int


class Submitted(NamedTuple):
    """Units first submitted at a process in month `t`; `seq` None where no row lists the process."""

    t: int
    product_id: str
    process_id: str
    seq: int | None
    submitted: int
    passed: int


class Lost(NamedTuple):
    """Costs (CNY) of a category in month `t`."""

    t: int
    category: str
    amount: Decimal


class Produced(NamedTuple):
    """Gross output value (CNY) of month `t`."""

    t: int
    amount: Decimal


class Listed(NamedTuple):
    """A process that the enterprise lists."""

    product_id: str
    process_id: str


class Declared(NamedTuple):
    """Whether a statistic is kept, from a month on."""

    from_period: str
    statistic: str
    tracked: bool


class Assessed(NamedTuple):
    """One assessment of a management item."""

    item_id: str
    level: int
    assessed_on: date
    source: Source
    assessor: str | None
    evidence: str | None
    note: str | None


class Characteristic(NamedTuple):
    """A characteristic with what its measurements in the window say."""

    characteristic_id: str
    product_id: str | None
    key: bool
    cpk: float | None
    n: int
    stable: bool


Row = TypeVar("Row", bound=NamedTuple)
ByEnterprise: TypeAlias = dict[str, list[Row]]


def by_enterprise(table: pa.Table, kind: type[Row], enterprise_ids: Iterable[str]) -> ByEnterprise[Row]:
    """Return the rows of every enterprise named, as `kind`, whose fields name the columns."""
    found: ByEnterprise[Row] = {enterprise: [] for enterprise in enterprise_ids}
    columns = [_plain(table.column(name)) for name in kind._fields]
    for owner, row in zip(table.column(ENTERPRISE).to_pylist(), zip(*columns, strict=True), strict=True):
        if owner in found:
            found[owner].append(kind._make(row))
    return found


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """Return the values as Python has them; a decimal without places is a count."""
    if pa.types.is_decimal(column.type) and not column.type.scale:
        try:
            column = column.cast(pa.int64())
        except pa.ArrowInvalid:  # a sum that is too large for 64 bits
            return [int(value) for value in column.to_pylist()]
    values: list[Any] = column.to_pylist()
    return values
