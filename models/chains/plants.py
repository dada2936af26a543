"""The last twelve months of every enterprise of a chain, and the best twelve it ever had."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.chains.months import YEAR, Array, Months


def plants_of(months: Months) -> dict[str, dict[str, Any]]:
    """Return the last twelve months of every enterprise.

    ppm (nonconforming units per million delivered), units, output, internal and external (losses), CNY, ftq,
    failures (first submissions that failed), best_ppm (the best twelve months it ever had), deviation (log of
    the latest month's rate over its usual one); NaN where nothing is known.
    """
    if not len(months.units):
        return {}
    rate, best = _rates(months)
    year = slice(-YEAR, None)
    known = np.isfinite(months.outcomes["ftq"][year])
    with np.errstate(invalid="ignore", divide="ignore"):
        log_loss = np.nansum(np.where(known, np.exp(months.outcomes["ftq"][year]), 0.0), axis=0)
        ftq = np.where(known.any(axis=0), np.exp(-log_loss / np.maximum(known.sum(axis=0), 1)), np.nan)
        columns = {
            "ppm": rate[-1] * 1e6,
            "best_ppm": best * 1e6,
            "units": _sum(months.units[year]),
            "output": _sum(months.output[year]),
            "internal": _sum(months.internal[year]),
            "external": _sum(months.external[year]),
            "ftq": ftq,
            "failures": (1 - ftq) * _sum(months.units[year]),
            "deviation": np.where(np.isfinite(months.usual), months.deviation[-1], np.nan),
        }
    return {
        name: {column: float(values[at]) for column, values in columns.items()}
        for at, name in enumerate(months.ids)
    }


def _rates(months: Months) -> tuple[Array, Array]:
    """Return the rate of nonconforming deliveries over twelve months up to each, and the best whole year."""
    known = np.isfinite(months.units) & np.isfinite(months.nonconforming)
    units, bad, count = (_rolling(grid) for grid in (months.units, months.nonconforming, known.astype(float)))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(units > 0, bad / units, np.nan)
        whole = np.where((count == YEAR) & np.isfinite(rate), rate, np.inf)
        best = whole.min(axis=0)
    return rate, np.where(np.isfinite(best), best, np.nan)


def _rolling(grid: Array) -> Array:
    """Return sums of what is known over twelve months; NaN before there are so many rows."""
    sums = np.cumsum(np.nan_to_num(grid), axis=0)
    rolled = np.full_like(sums, np.nan)
    if len(sums) >= YEAR:
        rolled[YEAR - 1 :] = sums[YEAR - 1 :] - np.vstack([np.zeros((1, grid.shape[1])), sums[:-YEAR]])
    return rolled


def _sum(grid: Array) -> Array:
    """Sum the months that are known; NaN where none is."""
    return np.where(np.isfinite(grid).any(axis=0), np.nansum(grid, axis=0), np.nan)
