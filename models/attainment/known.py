"""Twelve known months of many enterprises at once, as sums: what the official window is rebuilt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MONTHS = 12
Array = NDArray[np.float64]
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Stages:
    """Inspection stages: units `submitted` and `passed` first, S × 12, each of the window `row` (rising).

    `product` numbers the products of a window (rising within it), `first` marks a product's first stage.
    """

    row: Index
    product: Index
    first: Mask
    submitted: Array
    passed: Array

    def take(self, rows: slice) -> Stages:
        """Those of some windows, numbered anew."""
        part = within(self.row, rows)
        return Stages(
            self.row[part] - rows.start,
            self.product[part],
            self.first[part],
            self.submitted[part],
            self.passed[part],
        )


@dataclass(frozen=True)
class Characteristics:
    """Graded characteristics with a value in the window: n, mean, σ within and its degrees of freedom, C ×
    12.

    `lsl`, `usl` C are the limits, NaN where a side has none; `row` is the window (rising).
    """

    row: Index
    lsl: Array
    usl: Array
    n: Array
    mean: Array
    sd: Array
    df: Array

    def take(self, rows: slice) -> Characteristics:
        """Those of some windows, numbered anew."""
        part = within(self.row, rows)
        monthly = (self.n[part], self.mean[part], self.sd[part], self.df[part])
        return Characteristics(self.row[part] - rows.start, self.lsl[part], self.usl[part], *monthly)


@dataclass(frozen=True)
class Known:
    """R windows, the latest month in the last column; NaN where nothing is stated.

    `units`, `bad` (nonconforming units), `output` (CNY), `internal`, `external` (losses, CNY): R × 12.
    """

    units: Array
    bad: Array
    output: Array
    internal: Array
    external: Array
    stages: Stages
    characteristics: Characteristics

    def __len__(self) -> int:
        return len(self.units)

    def take(self, rows: slice) -> Known:
        """Some neighbouring windows."""
        return Known(
            self.units[rows],
            self.bad[rows],
            self.output[rows],
            self.internal[rows],
            self.external[rows],
            self.stages.take(rows),
            self.characteristics.take(rows),
        )

    def months(self) -> Index:
        """R counts of months in which anything at all is known."""
        seen = np.isfinite(self.units) | np.isfinite(self.output)
        for row, column in zip(*np.nonzero(np.isfinite(self.stages.submitted)), strict=True):
            seen[self.stages.row[row], column] = True
        return np.asarray(seen.sum(axis=1), dtype=np.int64)


def within(row: Index, rows: slice) -> slice:
    """Positions of a rising `row` that lie in a range of rows."""
    return slice(*np.searchsorted(row, [rows.start, rows.stop]))
