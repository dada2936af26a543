"""Rows as 64-bit hashes: sets of ten million keys are compared in a second and eighty megabytes each.

A hash only ever narrows down: rows whose keys meet by hash and whose values do not are compared exactly. Two
rows count as the same when both the hash of the key and the hash of the whole row are met.
"""

from __future__ import annotations

# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.records import sql
from features.records.columns import Table

Hashes: TypeAlias = npt.NDArray[np.uint64]


WORTH_THREADS = 100_000


def of_key(table: Table) -> str:
    """Return SQL of the hash of a row's key."""
    return f"hash({sql.names(table.key)})"


def of_row(table: Table) -> str:
    """Return SQL of the hash of a whole row."""
    return f"hash({sql.names(table.names)})"


def sorted_hashes(expression: str, select: str, connection: duckdb.DuckDBPyConnection) -> Hashes:
    """Return the hashes of the rows of `select`, sorted."""
    found = connection.execute(f"SELECT {expression} AS h FROM ({select})").fetchnumpy()["h"]
    hashes: Hashes = np.ascontiguousarray(found, dtype=np.uint64)
    if len(hashes) < WORTH_THREADS:
        hashes.sort()
        return hashes
    # Halves by the highest bit are sorted at the same time: NumPy lets go of the interpreter meanwhile.
    high = hashes >= np.uint64(1 << 63)
    halves = [hashes[~high], hashes[high]]
    with ThreadPoolExecutor(len(halves)) as pool:
        list(pool.map(np.ndarray.sort, halves))
    joined: Hashes = np.concatenate(halves)
    return joined


def repeated(hashes: Hashes) -> Hashes:
    """Return the values that stand more than once in sorted `hashes`, each once."""
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def common(one: Hashes, other: Hashes) -> Hashes:
    """Return the values that stand in both of two sorted arrays, each once.

    Two sorted runs are what a stable sort merges in one pass.
    """
    one, other = _once(one), _once(other)
    if np.array_equal(one, other):
        return one
    both = np.concatenate([one, other])
    both.sort(kind="stable")
    met: Hashes = both[1:][both[1:] == both[:-1]]
    return met


def _once(hashes: Hashes) -> Hashes:
    fresh = hashes[1:] != hashes[:-1]
    return hashes if fresh.all() else np.concatenate([hashes[:1], hashes[1:][fresh]])


def as_table(name: str, hashes: Hashes, connection: duckdb.DuckDBPyConnection) -> None:
    """Make `hashes` the temporary table `name` with one column `h`."""
    given = pa.table({"h": hashes})
    connection.register("given hashes", given)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE {sql.name(name)} AS SELECT h FROM "given hashes"')
    connection.unregister("given hashes")
