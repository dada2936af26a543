"""Rows of an enterprise's window as plain Python: counts are whole numbers, money is decimal, none floats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


class Owned(Generic[Row]):
    """Rows of many enterprises, held as columns; those of one are made when they are asked for.

    Hundreds of thousands of little tuples kept at once would cost the garbage collector more than they cost.
    """

    def __init__(self, table: pa.Table, kind: type[Row]) -> None:
        """Take the columns that the fields of `kind` name, and the enterprise that owns each row."""
        owners = pc.dictionary_encode(table.column(ENTERPRISE)).combine_chunks()
        codes = owners.indices.to_numpy()
        table = table.take(pa.array(np.argsort(codes, kind="stable")))
        ends = np.cumsum(np.bincount(codes, minlength=len(owners.dictionary))).tolist()
        bounds = map(slice, [0, *ends[:-1]], ends)
        self._bounds = dict(zip(owners.dictionary.to_pylist(), bounds, strict=True))
        self._columns = [_plain(table.column(name)) for name in kind._fields]
        self._kind = kind

    def of(self, enterprise: str) -> list[Row]:
        """Return the rows of one enterprise."""
        part = self._bounds.get(enterprise, slice(0))
        columns = (column[part] for column in self._columns)
        return [self._kind._make(row) for row in zip(*columns, strict=True)]


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """Return the values as Python has them; a decimal without places is a count."""
    if pa.types.is_decimal(column.type) and not column.type.scale:
        try:
            column = column.cast(pa.int64())
        except pa.ArrowInvalid:  # a sum that is too large for 64 bits
            return [int(value) for value in column.to_pylist()]
    values: list[Any] = column.to_pylist()
    return values
