"""Histories of signals over the grid: dense series out, `features.aggregates.history` in the engine,
columns back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from features.aggregates.history import ECHOES, FEATURES, history
from features.aggregates.resident import collect, hand_back
from features.aggregates.scope import Rows
from features.model_table.grid import Floats, Grid, Ints
from features.model_table.observed import PROCESSES, TARGETS

Columns = dict[str, dict[str, Floats]]
"""Signal → feature → column over the grid's rows."""


STEP_FEATURES = ("last", "ew3", "ew12", "mean")
ESCAPES = "ppm"
"""Whose longer lags are told as well: what customers find comes back as claims months later."""


def signal_features(values: Mapping[str, Floats], grid: Grid, like: Rows) -> dict[str, Floats]:
    """Return the columns `<target>.<part>` and `process.<step>.<part>` from what each period showed."""
    targets = histories({y: values[y] for y in TARGETS}, grid, like, (*FEATURES, *ECHOES))
    steps = histories({p: values[f"q.{p}"] for p in PROCESSES}, grid, like, STEP_FEATURES)
    columns = {f"{y}.{part}": targets[y][part] for y in TARGETS for part in FEATURES}
    columns |= {f"{ESCAPES}.{part}": targets[ESCAPES][part] for part in ECHOES}
    return columns | {f"{p}.{part}": steps[p][part] for p in PROCESSES for part in STEP_FEATURES}


def histories(
    signals: Mapping[str, Floats], grid: Grid, like: Rows, features: Sequence[str] = FEATURES
) -> Columns:
    """Return, per signal and feature, a column over the grid's rows.

    Series without a single known value are left out of the query: everything about them is unknown.
    """
    names = list(signals)
    if not names or not grid.rows:
        return {name: _unknown(grid, features) for name in names}
    entity = grid.entity()
    pieces = [_series(signals[name], entity, number, len(grid.entities)) for number, name in enumerate(names)]
    rows = np.concatenate([piece[1] for piece in pieces])
    series = np.concatenate([piece[0] for piece in pieces])
    values = np.concatenate([signals[name][piece[1]] for name, piece in zip(names, pieces, strict=True)])
    table = pa.table(
        {"series": series, "t": grid.t()[rows], "x": pa.array(values, from_pandas=True, type=pa.float64())}
    )
    answer = history(hand_back(table, like)).select("series", "t", *features)
    return _columns(collect(answer), names, grid, features)


def _series(values: Floats, entity: Ints, number: int, entities: int) -> tuple[Ints, Ints]:
    """Return series numbers and row numbers of the entities that know the signal at all."""
    known = np.zeros(entities, dtype=bool)
    known[entity[~np.isnan(values)]] = True
    rows = np.flatnonzero(known[entity])
    return number * entities + entity[rows], rows


def _columns(answer: pa.Table, names: list[str], grid: Grid, features: Sequence[str]) -> Columns:
    series = answer["series"].to_numpy()
    number, entity = series // len(grid.entities), series % len(grid.entities)
    at = grid.start[entity] + answer["t"].to_numpy() - grid.first[entity]
    order = np.argsort(number, kind="stable")
    cuts = np.searchsorted(number[order], np.arange(len(names) + 1))
    found = {name: _unknown(grid, features) for name in names}
    for feature in features:
        column = answer[feature].to_numpy()
        for k, name in enumerate(names):
            mine = order[cuts[k] : cuts[k + 1]]
            found[name][feature][at[mine]] = column[mine]
    return found


def _unknown(grid: Grid, features: Sequence[str]) -> dict[str, Floats]:
    return {name: np.full(grid.rows, 0.0 if name == "known" else np.nan) for name in features}
