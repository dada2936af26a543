"""What else moved meanwhile: context and other levers, taken off the indicator before anything is compared.

A pooled ridge of the indicator on readings, all within their line, over the plants of a sector. The lever
that an action moved keeps its part (it is the path of the effect), and for an action that names no lever all
levers keep theirs: then only what nobody decides is taken off. Results of quality (`outcome`) are never used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.model_table import finest
from models.effects.links import FloatArray
from models.verdicts.lines import MONTHLY, Lines
from models.verdicts.placebos import IntArray

RIDGE: Final = 20.0
"""Penalty on coefficients of readings in their own standard deviations, in rows."""


@dataclass(frozen=True)
class Readings:
    """Readings of the parameters of like lines, this period's and the last one's.

    `z` (N, T, 2 P) within their line and scaled to variance one, 0 where unknown; `names` (2 P,) says whose,
    `levers` (2 P,) whether people set it.
    """

    names: tuple[str, ...]
    levers: FloatArray
    z: FloatArray

    @staticmethod
    def of(lines: Lines, frame: pd.DataFrame, parameters: pd.DataFrame) -> Readings:
        """Collect them from the model table's parts."""
        whole = frame[(frame["product_id"] == "") & frame["enterprise_id"].isin(lines.enterprises)]
        whole = whole[whole["frequency"] == "month"] if lines.target in MONTHLY else finest(whole)
        mine = parameters[parameters["enterprise_id"].isin(lines.enterprises)]
        named = mine["kind"].fillna("context").replace("", "context")
        kinds = {str(p): set(kind) for p, kind in named.groupby(mine["parameter_id"])}
        usable = [p for p, kind in kinds.items() if "outcome" not in kind and f"param.{p}.last" in whole]
        place = _Place.of(lines, whole)
        columns, names = [], []
        for p in usable:
            z = _scaled(place.put(whole[f"param.{p}.last"]))
            if z is not None:
                columns += [z, np.concatenate([np.zeros((len(z), 1)), z[:, :-1]], axis=1)]
                names += [p, p]
        levers = np.array(["actionable" in kinds[p] for p in names], dtype=float)
        empty = np.zeros((*lines.links.shape, 0))
        return Readings(tuple(names), levers, np.stack(columns, axis=2) if columns else empty)


@dataclass(frozen=True)
class _Place:
    """Where each row of the model table stands among like lines: line and column."""

    shape: tuple[int, ...]
    line: IntArray
    column: IntArray
    kept: npt.NDArray[np.bool_]

    @staticmethod
    def of(lines: Lines, rows: pd.DataFrame) -> _Place:
        line = pd.Index(lines.enterprises).get_indexer(pd.Index(rows["enterprise_id"]))
        column = rows["t"].to_numpy(np.int64) - lines.first
        kept = (line >= 0) & (column >= 0) & (column < lines.links.shape[1])
        return _Place(lines.links.shape, line[kept].astype(np.int64), column[kept], kept)

    def put(self, values: pd.Series) -> FloatArray:
        """A column of the table as lines by periods, NaN where there is no row."""
        wide = np.full(self.shape, np.nan)
        wide[self.line, self.column] = values.to_numpy(float)[self.kept]
        return wide


def _scaled(x: FloatArray) -> FloatArray | None:
    known = np.isfinite(x)
    mean = np.where(known, x, 0.0).sum(1, keepdims=True) / np.maximum(known.sum(1, keepdims=True), 1)
    away = np.where(known, x - mean, 0.0)
    size = float(np.sqrt((away**2).sum() / max(known.sum(), 1)))
    return away / size if size > 0 else None


@dataclass(frozen=True)
class Adjusted:
    """Like lines, what readings foretell of them, and the lines without it.

    `told` (N, T, 2 P): contribution of each reading to the indicator, link scale.
    """

    lines: Lines
    readings: Readings
    told: FloatArray

    @staticmethod
    def of(lines: Lines, readings: Readings) -> Adjusted:
        """Fit the ridge."""
        known = np.isfinite(lines.links)
        x, y = readings.z, np.where(known, lines.links, 0.0)
        count = np.maximum(known.sum(1), 1)
        x = x - (x * known[..., None]).sum(1, keepdims=True) / count[:, None, None]
        y = y - y.sum(1, keepdims=True) / count[:, None]
        rows, target = x[known], y[known]
        gram = rows.T @ rows + RIDGE * np.eye(rows.shape[1])
        return Adjusted(lines, readings, x * np.linalg.solve(gram, rows.T @ target))

    @cached_property
    def by_all(self) -> Lines:
        """The lines less all readings."""
        return replace(self.lines, links=self.lines.links - self.told.sum(2))

    @cached_property
    def by_context(self) -> Lines:
        """The lines less what nobody decides."""
        context = self.readings.levers == 0
        return replace(self.lines, links=self.lines.links - self.told[..., context].sum(2))

    def keeping(self, line: int, parameter_id: str) -> FloatArray:
        """One line (T,) less all readings but those of the lever that an action moved."""
        own = np.array([name == parameter_id for name in self.readings.names], dtype=bool)
        return np.asarray(self.by_all.links[line] + self.told[line][:, own].sum(1))
