"""Features of process parameters: level and spread of each, for enterprises and for their products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.aggregates.scope import Rows
from features.model_table.grid import Floats, Grid, Ints
from features.model_table.observed import WHOLE
from features.model_table.signals import histories

LEVELS = ("last", "ew3", "ew12")


def parameter_features(
    readings: pd.DataFrame, ids: Sequence[str], grid: Grid, like: Rows
) -> dict[str, Floats]:
    """Return the columns `param.<id>.last, .ew3, .ew12, .sd` for every parameter id.

    A product's columns come from readings of its own lots from the first such reading on; until then, and
    where a plant keeps no lots with its readings, they are the enterprise's.
    """
    means, spreads = _dense(readings, ids, grid)
    levels = histories(means, grid, like, (*LEVELS, "known"))
    product, whole = _rows_of_products(grid)
    columns = {}
    for name in ids:
        signal = {**levels[name], "sd": spreads[name]}
        borrowed = signal["known"][product] == 0
        for part in (*LEVELS, "sd"):
            signal[part][product[borrowed]] = signal[part][whole[borrowed]]
            columns[f"param.{name}.{part}"] = signal[part]
    return columns


def _dense(
    readings: pd.DataFrame, ids: Sequence[str], grid: Grid
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Scatter period means and standard deviations of all parameters over the grid's rows."""
    at = grid.positions(readings)
    number = pd.Index(ids).get_indexer(pd.Index(readings["parameter_id"]))
    kept = (at >= 0) & (number >= 0)
    dense = []
    for column in ("mean", "sd"):
        block = np.full((len(ids), grid.rows), np.nan)
        block[number[kept], at[kept]] = readings[column].to_numpy(dtype=np.float64, na_value=np.nan)[kept]
        dense.append(dict(zip(ids, block, strict=True)))
    return dense[0], dense[1]


def _rows_of_products(grid: Grid) -> tuple[Ints, Ints]:
    """Return the rows of products and, for each, the row of its enterprise in the same period."""
    whole = grid.entities["product_id"].eq(WHOLE).to_numpy()
    keeper = np.maximum.accumulate(np.where(whole, np.arange(len(whole)), 0))
    entity = grid.entity()
    product = np.flatnonzero(~whole[entity])
    owner = keeper[entity[product]]
    return product, grid.start[owner] + grid.t()[product] - grid.first[owner]
