"""What does not change with time: the enterprise itself, its parameters, the calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE, Scope
from features.aggregates.steps import places
from features.model_table.grid import ENTITY, Floats, Grid
from features.periods import Frequency, month_of, to_label
from features.tables import Tables

SIZES = {"micro": 1.0, "small": 2.0, "medium": 3.0, "large": 4.0}
TEXTS = ("industry_code", "region_code", "chain")
PARAMETER_COLUMNS = (
    ENTERPRISE,
    "parameter_id",
    "name",
    "unit",
    "process_id",
    "kind",
    "lower",
    "upper",
    "cost_per_unit",
    "direction",
    "lead_periods",
    "gauge_sd",
)


def enterprises(tables: Tables, enterprise_ids: tuple[str, ...] | None) -> pd.DataFrame:
    """Return the enterprises, indexed by id, with frequency and static columns."""
    rows = collect_pandas(Scope(enterprise_ids=enterprise_ids).of_enterprises(tables.table("enterprises")))
    return rows.set_index(ENTERPRISE)[["frequency", *TEXTS, "size"]]


def parameters(tables: Tables, enterprise_ids: tuple[str, ...] | None) -> pd.DataFrame:
    """Return the parameters table of the enterprises, sorted by its key.

    `step` is the place of the parameter's process in the enterprise's route (`features.aggregates.steps`),
    missing where the parameter names no listed process.
    """
    scope = Scope(enterprise_ids=enterprise_ids)
    rows = collect_pandas(scope.of_enterprises(tables.table("parameters")))[list(PARAMETER_COLUMNS)]
    placed = rows.merge(_steps(tables, scope), on=[ENTERPRISE, "process_id"], how="left")
    return placed.sort_values([ENTERPRISE, "parameter_id"], ignore_index=True)


def _steps(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return enterprise_id, process_id, step: the earliest place at which any product passes the process."""
    listed = scope.of_enterprises(tables.table("processes")).select(ENTERPRISE, "process_id", "seq").unique()
    rows = collect_pandas(listed.join(places(tables), on=[ENTERPRISE, "seq"], how="inner"))
    return rows.groupby([ENTERPRISE, "process_id"])["step"].min().reset_index()


def industry_number(code: pd.Series[str]) -> pd.Series[float]:
    """Return the first two digits of a GB/T 4754 code as a number, NaN where there are none."""
    return code.astype("str").str.extract(r"(\d{2})", expand=False).astype("float64")


def calendar(grid: Grid, frequency: Frequency) -> dict[str, Floats]:
    """Return the phase of the year (from the month of t), and for days of the week."""
    periods, where = np.unique(grid.t(), return_inverse=True)
    month = np.array([month_of(int(t), frequency) % 12 for t in periods], dtype=np.float64)[where]
    columns = {"calendar.sin": np.sin(month * np.pi / 6), "calendar.cos": np.cos(month * np.pi / 6)}
    if frequency == "day":
        weekday = (grid.t() + 3) % 7 * (2 * np.pi / 7)
        columns |= {"calendar.weekday_sin": np.sin(weekday), "calendar.weekday_cos": np.cos(weekday)}
    return columns


def labels(grid: Grid, frequency: Frequency) -> pd.Series[str]:
    """Return the label of every row's period."""
    periods, where = np.unique(grid.t(), return_inverse=True)
    return pd.Series([to_label(int(t), frequency) for t in periods], dtype="str").take(where)


def described(
    grid: Grid, frequency: Frequency, static: pd.DataFrame, numbers: dict[str, Floats]
) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Return keys and texts of every row as a frame, and the numbers with the enterprise's own added."""
    entity = grid.entities.merge(static, left_on=ENTERPRISE, right_index=True, how="left")
    row = grid.entity()
    own: dict[str, Floats] = {
        "industry": np.asarray(industry_number(entity["industry_code"]), dtype=np.float64)[row],
        "size": np.asarray(entity["size"].map(SIZES), dtype=np.float64)[row],
        "age": grid.age().astype(np.float64),
    }
    keys = entity[[*ENTITY, *TEXTS]].take(row).reset_index(drop=True)
    keys = keys.assign(frequency=frequency, period=labels(grid, frequency).array, t=grid.t())
    return keys, numbers | own
