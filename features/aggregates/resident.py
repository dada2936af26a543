"""Between an engine and memory: collect a small answer, or hand one back to the engine it came from."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pyarrow as pa

from features.aggregates.scope import Rows


def collect(frame: Rows) -> pa.Table:
    """Run the query and return its answer as an Arrow table."""
    answer: pa.Table = frame.collect(backend="pyarrow").to_native()
    return answer


def collect_pandas(frame: Rows) -> pd.DataFrame:
    """Run the query and return its answer as a pandas frame (text as Arrow strings)."""
    answer: pd.DataFrame = collect(frame).to_pandas()
    return answer


def settle(rows: Rows) -> Rows:
    """Run a query now and return its answer in the same engine, for what several later steps build on.

    A lazy frame that is used twice is computed twice.
    """
    return hand_back(collect(rows), rows)


def hand_back(table: pa.Table, like: Rows) -> Rows:
    """Return an Arrow table as a lazy frame of the engine, and the connection, that `like` belongs to."""
    handed, native = table, like.to_native()
    if like.implementation.is_duckdb():
        # DuckDB finds `handed` by its name here; the relation `native` only lends its connection
        returned: Rows = nw.from_native(native.limit(0).query("lender", "SELECT * FROM handed"))
    elif like.implementation.is_pyspark():
        returned = nw.from_native(native.sparkSession.createDataFrame(handed))
    else:
        raise TypeError(f"hand_back: found {like.implementation}; allowed is a frame of DuckDB or of Spark")
    return returned
