"""Record tables as lazy frames: one interface over the store, over memory, on DuckDB and on Spark.

A feature function takes `Tables` and returns a Narwhals lazy frame, so that it runs unchanged wherever the
records lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import narwhals as nw
import pandas as pd
import pyarrow as pa

from features.records import sql
from features.records.columns import Table
from features.records.schema import TABLES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Frame: TypeAlias = pa.Table | pd.DataFrame


class Tables(Protocol):
    """The record tables of somebody: every table of the schema, whether it has rows or not."""

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return the current rows of table `name`, typed, all columns of the schema present.

        Raises:
            KeyError: the schema has no such table.
        """
        ...


class FrameTables:
    """Tables held in memory: for tests, notebooks and the simulator.

    Args:
        frames: pyarrow tables or pandas frames by table name. Columns may be missing (they are null, or the
            value that a blank cell counts as); tables may be missing (they are empty).
        engine: `"duckdb"`, or a Spark session that the rows are handed to.
    """

    def __init__(self, frames: Mapping[str, Frame], engine: str | SparkSession = "duckdb") -> None:
        unknown = sorted(set(frames) - set(TABLES))
        if unknown:
            raise KeyError(f"no such record table: {', '.join(unknown)}; known: {', '.join(TABLES)}")
        self.arrow = {name: typed(table, frames.get(name)) for name, table in TABLES.items()}
        self._engine = engine
        self._connection = sql.connect({"threads": 2}) if engine == "duckdb" else None
        self._lazy: dict[str, nw.LazyFrame[Any]] = {}

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return table `name` as a lazy frame of the engine."""
        if name not in self._lazy:
            self._lazy[name] = nw.from_native(self._native(name)).lazy()
        return self._lazy[name]

    def _native(self, name: str) -> Any:  # noqa: ANN401 - a DuckDB relation or a Spark frame
        if self._connection is not None:
            return self._connection.from_arrow(self.arrow[name])
        return to_spark(self._engine, self.arrow[name])


def typed(table: Table, frame: Frame | None) -> pa.Table:
    """Return `frame` with exactly the columns and types of `table`, blanks filled as the schema says.

    Raises:
        KeyError: `frame` has a column that the table does not know.
        pyarrow.ArrowInvalid: a value does not fit its type.
    """
    given = _as_arrow(frame) if frame is not None else table.arrow.empty_table()
    unknown = [name for name in given.column_names if name not in table.names and not name.startswith("x_")]
    if unknown:
        raise KeyError(f"table {table.name} has no column {', '.join(unknown)}")
    columns = [_column(table, name, given) for name in table.names]
    return pa.Table.from_arrays(columns, schema=table.arrow)


def _as_arrow(frame: Frame) -> pa.Table:
    return frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)


def _column(table: Table, name: str, given: pa.Table) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    target, blank = table.arrow.field(name).type, table.column(name).blank
    if name not in given.column_names:
        filler = pa.scalar(blank, target) if blank is not None else pa.scalar(None, target)
        return pa.chunked_array([pa.repeat(filler, given.num_rows)], type=target)
    values = _cast(given.column(name), target)
    return values if blank is None else pc.fill_null(values, pa.scalar(blank, target))


def _cast(values: pa.ChunkedArray, target: pa.DataType) -> pa.ChunkedArray:
    """Cast; whole numbers reach money over a wider decimal, because Arrow asks for room for every int64."""
    if pa.types.is_decimal(target) and pa.types.is_integer(values.type):
        values = values.cast(pa.decimal128(38, target.scale))
    return values.cast(target)


def to_spark(session: Any, rows: pa.Table) -> Any:  # noqa: ANN401 - pyspark is an extra
    """Return `rows` as a Spark frame whose times stay naive (Spark's `timestamp_ntz`)."""
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = from_arrow_schema(rows.schema, prefer_timestamp_ntz=True)
    return session.createDataFrame(rows, schema=schema)
