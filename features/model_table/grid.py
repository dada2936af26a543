"""The dense side of the model table: a row for every entity and period, from its first to the latest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.aggregates.scope import ENTERPRISE
from features.model_table.observed import KEYS, WHOLE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
ENTITY = [ENTERPRISE, "product_id"]


@dataclass(frozen=True)
class Grid:
    """Entities with their first period and row count, laid out one after the other.

    `entities` is the sorted frame of enterprise_id and product_id; `first`, `length` and `start` have one
    value per entity: first period, number of periods, first row.
    """

    entities: pd.DataFrame
    first: Ints
    length: Ints
    start: Ints

    @property
    def rows(self) -> int:
        """Number of rows of the model table."""
        return int(self.length.sum())

    def entity(self) -> Ints:
        """Return the entity number of every row."""
        return np.repeat(np.arange(len(self.entities)), self.length)

    def age(self) -> Ints:
        """Return, for every row, the periods since the entity's first one."""
        return np.arange(self.rows) - np.repeat(self.start, self.length)

    def t(self) -> Ints:
        """Return the period index of every row."""
        return np.repeat(self.first, self.length) + self.age()

    def positions(self, frame: pd.DataFrame) -> Ints:
        """Return the row number of every row of a frame with KEYS; −1 if it is not in the grid."""
        numbered = self.entities.assign(entity=np.arange(len(self.entities)))
        found = frame[ENTITY].merge(numbered, on=ENTITY, how="left")["entity"]
        entity = found.fillna(-1).to_numpy(dtype=np.int64)
        offset = frame["t"].to_numpy(dtype=np.int64) - self.first[entity]
        inside = (entity >= 0) & (offset >= 0) & (offset < self.length[entity])
        return np.where(inside, self.start[entity] + offset, -1)

    def scatter(self, frame: pd.DataFrame, columns: Iterable[str]) -> dict[str, Floats]:
        """Return columns of a sparse frame with KEYS as dense ones; NaN where it has no row."""
        at = self.positions(frame)
        inside = at >= 0
        dense = {}
        for column in columns:
            dense[column] = np.full(self.rows, np.nan)
            dense[column][at[inside]] = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)[inside]
        return dense


def make_grid(parts: Iterable[pd.DataFrame], last: Mapping[str, int]) -> Grid:
    """Lay out entities over frames with KEYS, each from its first period to its enterprise's latest one, but
    not past that enterprise's `last`.

    A product that rests keeps its rows: it is asked about from today, not from the day of its last lot. It
    has rows of its own only in an enterprise with two or more products.
    """
    allowed = pd.Series(last, dtype="float64")
    kept = [part[part["t"].to_numpy() <= allowed.reindex(part[ENTERPRISE]).to_numpy()] for part in parts]
    spans = [part.groupby(ENTITY)["t"].agg(["min", "max"]) for part in kept]
    span = pd.concat(spans).groupby(level=ENTITY).agg({"min": "min", "max": "max"}).reset_index()
    products = span["product_id"].ne(WHOLE).groupby(span[ENTERPRISE]).transform("sum")
    span = span[span["product_id"].eq(WHOLE) | (products >= 2)].sort_values(ENTITY, ignore_index=True)
    first = span["min"].to_numpy(dtype=np.int64)
    ends = span.groupby(ENTERPRISE)["max"].transform("max").to_numpy(dtype=np.int64)
    length = ends - first + 1
    return Grid(span[ENTITY], first, length, np.cumsum(length) - length)


__all__ = ["ENTITY", "KEYS", "Grid", "make_grid"]
