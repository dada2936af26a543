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


def hand_back(table: pa.Table, like: Rows) -> Rows:
    """Return an Arrow table as a lazy frame of the engine that `like` runs on."""
    eager = nw.from_native(table, eager_only=True)
    session = {"session": like.to_native().sparkSession} if like.implementation.is_pyspark() else {}
    lazy: Rows = eager.lazy(backend=like.implementation, **session)
    return lazy
