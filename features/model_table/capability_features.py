"""Capability as it stands: the lowest Cpk from a recent mean and a long-known spread.

A period's Cpk is the minimum of noisy estimates. A mean is known well from one period and wanders; a spread
is known badly from one period and changes little. So each characteristic's Cpk is put together from its mean
of the last periods (half-life 1) and its spread of the last year (half-life 12, on the log scale).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.aggregates.scope import Rows
from features.model_table.grid import Floats, Grid
from features.model_table.signals import histories

CAPABILITY = ("capability.lowest", "capability.second")
HOPELESS = 0.05
"""A mean outside the limits has a negative Cpk; below this every process is equally hopeless."""


def capability_features(graded: pd.DataFrame, grid: Grid, like: Rows) -> dict[str, Floats]:
    """Return the lowest and the second lowest put-together Cpk of every row's enterprise (products: NaN).

    `graded` has KEYS, characteristic_id, mean, log_sd, lsl and usl (null: no such limit).
    """
    ids = sorted(graded["characteristic_id"].unique())
    rows_of = {name: graded[graded["characteristic_id"] == name] for name in ids}
    means = {name: grid.scatter(rows, ["mean"])["mean"] for name, rows in rows_of.items()}
    spreads = {name: grid.scatter(rows, ["log_sd"])["log_sd"] for name, rows in rows_of.items()}
    recent, long = histories(means, grid, like, ("ew1",)), histories(spreads, grid, like, ("ew12",))
    every = np.full((max(len(ids), 2), grid.rows), np.nan)
    for k, (name, rows) in enumerate(rows_of.items()):
        lower, upper = _limits(rows, grid)
        centre, spread = recent[name]["ew1"], np.exp(long[name]["ew12"])
        nearest = np.fmin(upper - centre, centre - lower)
        every[k] = np.maximum(nearest / (3.0 * spread), HOPELESS)
    ordered = np.sort(every, axis=0)  # NaN comes last
    return dict(zip(CAPABILITY, ordered[:2], strict=True))


def _limits(rows: pd.DataFrame, grid: Grid) -> tuple[Floats, Floats]:
    """Limits of one characteristic in every row of the enterprises that have it."""
    of_entity = rows.drop_duplicates("enterprise_id").set_index("enterprise_id")[["lsl", "usl"]]
    found = of_entity.reindex(grid.entities["enterprise_id"]).to_numpy(dtype=np.float64, na_value=np.nan)
    each = found[grid.entity()]
    return each[:, 0], each[:, 1]
