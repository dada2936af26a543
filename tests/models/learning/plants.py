"""What tests of hard cases share: histories told anew after rows were cut or changed, and tables of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.models.conftest import TARGETS, Table, _history, _weighted


def with_history(rows: pd.DataFrame) -> pd.DataFrame:
    """One entity's rows with the histories of its targets and parameters as these rows alone tell them."""
    columns = {}
    for name in TARGETS:
        columns |= _history(name, rows[name].to_numpy(float))
    for name in [c.removesuffix(".last") for c in rows if c.startswith("param.") and c.endswith(".last")]:
        measured = rows[f"{name}.last"].to_numpy(float)
        columns |= {f"{name}.ew3": _weighted(measured, 3), f"{name}.ew12": _weighted(measured, 12)}
    return rows.assign(**columns, age=np.arange(len(rows), dtype=float))


def retold(frame: pd.DataFrame) -> pd.DataFrame:
    """The same for every entity of a frame, sorted by entity and time."""
    frame = frame.sort_values(["enterprise_id", "t"])
    parts = [with_history(own) for _, own in frame.groupby("enterprise_id", sort=False)]
    return pd.concat(parts, ignore_index=True)


def of_rows(table: Table, frame: pd.DataFrame) -> Table:
    """A table of other rows."""
    return Table(frame.reset_index(drop=True), table.features, table.parameters)
