"""Months of all enterprises side by side: what each delivered, and how its own quality went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.periods import to_label

Array = NDArray[np.float64]
YEAR = 12
SMALLEST_SIGNAL = 0.02
"""Variance of a supplier's log rate that is believed at least: with none, nothing could ever be carried."""


@dataclass(frozen=True)
class Months:
    """Arrays of months × enterprises, NaN where unknown; `first` is the index of the first month.

    `outcomes` are on the scale on which effects add up: log(−log yield) for `ftq`, logs of rates for `ppm`
    and `internal_loss`. `deviation` is how far a supplier's log rate of delivered nonconforming units lies
    from its own usual one, shrunk by what counting alone would scatter.
    """

    ids: tuple[str, ...]
    first: int
    sector: tuple[str, ...]
    units: Array
    nonconforming: Array
    output: Array
    internal: Array
    external: Array
    outcomes: dict[str, Array]
    deviation: Array
    usual: Array

    def label(self, month: int) -> str:
        """Return the label of a row."""
        return to_label(self.first + month, "month")

    @property
    def last(self) -> str:
        """Label of the last month."""
        return self.label(len(self.units) - 1)


def months_of(frame: pd.DataFrame) -> Months:
    """Lay out the monthly rows of enterprises as a whole of a model table's frame."""
    rows = frame[(frame["product_id"] == "") & (frame["frequency"] == "month")]
    ids = tuple(sorted(rows["enterprise_id"].unique()))
    first = int(rows["t"].min()) if len(rows) else 0
    count = int(rows["t"].max()) - first + 1 if len(rows) else 0
    place = {name: at for at, name in enumerate(ids)}
    month = rows["t"].to_numpy(dtype=np.int64) - first
    at = month, rows["enterprise_id"].map(place).to_numpy(dtype=np.int64)

    def laid(values: Any) -> Array:  # noqa: ANN401 - a column
        grid = np.full((count, len(ids)), np.nan)
        grid[at] = np.asarray(values, dtype=np.float64)
        return grid

    units, bad = laid(rows["q.units"]), laid(rows["q.nonconforming"])
    deviation, usual = _deviation(bad, units)
    sector = rows.drop_duplicates("enterprise_id").set_index("enterprise_id")["industry_code"]
    return Months(
        ids,
        first,
        tuple(_sector(sector.get(name)) for name in ids),
        units,
        bad,
        laid(rows["q.output_value"]),
        laid(rows["q.internal_amount"]),
        laid(rows["q.external_amount"]) if "q.external_amount" in rows else np.full_like(units, np.nan),
        _outcomes(laid(rows["q.ftq_clipped"]), bad, units, laid(rows["internal_loss"])),
        deviation,
        usual,
    )


def _sector(code: Any) -> str:  # noqa: ANN401 - text or nothing
    """Return the GB/T 4754 division (two digits), blank where unknown."""
    return "" if not isinstance(code, str) else code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def _outcomes(ftq: Array, bad: Array, units: Array, internal: Array) -> dict[str, Array]:
    positive = internal[internal > 0]
    least = float(positive.min()) / 2 if len(positive) else 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "ftq": np.log(-np.log(np.clip(ftq, 1e-9, 1 - 1e-9))),
            "ppm": _log_rate(bad, units),
            "internal_loss": np.log(np.maximum(internal, least)),
        }


def _log_rate(bad: Array, units: Array) -> Array:
    return np.asarray(np.where(units > 0, np.log((bad + 0.5) / (units + 1.0)), np.nan))


def _deviation(bad: Array, units: Array) -> tuple[Array, Array]:
    """Return deviations (0 where unknown) and each enterprise's usual log rate (NaN below a year of them).

    A count of k says its own logarithm up to a variance of about 1/k; what varies beyond that is signal.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = _log_rate(bad, units)
        known = np.isfinite(rate)
        enough = known.sum(axis=0) >= YEAR
        noise = 1.0 / (bad + 0.5)
        usual = np.where(enough, np.nansum(rate, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)
        spread = np.nansum((rate - usual) ** 2, axis=0) / np.maximum(known.sum(axis=0) - 1, 1)
        counting = np.nansum(np.where(known, noise, np.nan), axis=0) / np.maximum(known.sum(axis=0), 1)
        signal = np.maximum(spread - counting, SMALLEST_SIGNAL)
        shrunk = (rate - usual) * signal / (signal + noise)
    return np.nan_to_num(shrunk, nan=0.0), usual
