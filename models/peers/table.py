"""From cells to the table that people read: errors, ratios with their noise, coverage, the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from models.peers.cells import MODEL, ORACLE
from models.peers.paired import Paired, paired

BANDS: dict[str, tuple[int, int]] = {
    "1": (1, 1),
    "2-3": (2, 3),
    "4-6": (4, 6),
    "7-12": (7, 12),
    "12": (12, 12),
}
ALL = "all"
STATISTICAL = ("ets", "ets_plain")
METRICS = {"mae": "ae", "crps": "crps"}


def summary(cells: pd.DataFrame) -> list[dict[str, Any]]:
    """One row per frequency, scope, target, band of horizons and forecaster.

    n, origins, mae, crps, coverage_90; of a peer also what ours has on the same cells (`model_mae`,
    `model_crps`), `ratio_…` = ours ÷ the peer's with its standard error `se_…` and `verdict_…` (ours is
    `better`, `level` or `worse`: two standard errors decide), and with an oracle `way_…` = (peer − ours) ÷
    (peer − oracle). The model's own row has the way from the stronger AutoETS. Target `all` pools the
    targets, each cell's error divided by our mean error of that target and horizon.
    """
    rows: list[dict[str, Any]] = []
    for key, group in cells.groupby(["frequency", "scope"], sort=False):
        parts = [(str(target), part) for target, part in group.groupby("target", sort=False)]
        parts += [(ALL, relative(group))] if len(parts) > 1 else []
        for target, part in parts:
            keys = {"frequency": key[0], "scope": key[1], "target": target}
            rows += [keys | row for row in _bands(part)]
    return rows


def relative(cells: pd.DataFrame) -> pd.DataFrame:
    """The same cells with errors in units of our own mean error of their target and horizon."""
    out = cells.copy()
    by = [out["target"], out["horizon"]]
    for metric in METRICS.values():
        unit = out.groupby(by)[f"{metric}.{MODEL}"].transform("mean")
        for name in forecasters(out):
            out[f"{metric}.{name}"] = out[f"{metric}.{name}"] / unit.where(unit > 0)
    return out


def forecasters(cells: pd.DataFrame) -> list[str]:
    """Names of those who gave any answer."""
    named = [str(column) for column in cells.columns if str(column).startswith("ae.")]
    return [column.removeprefix("ae.") for column in named if cells[column].notna().any()]


def _bands(cells: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for band, (low, high) in BANDS.items():
        part = cells[cells["horizon"].between(low, high)]
        if part.empty:
            continue
        rows = [{"band": band, "peer": name} | _row(part, name) for name in forecasters(part)]
        strongest = _strongest(rows)
        yield from ({**row, **(strongest if row["peer"] == MODEL else {})} for row in rows)


def _row(cells: pd.DataFrame, name: str) -> dict[str, Any]:
    mine = cells[cells[f"ae.{name}"].notna()]
    row: dict[str, Any] = {"n": len(mine), "origins": int(mine.groupby("world")["t"].nunique().sum())}
    row |= {metric: float(mine[f"{column}.{name}"].mean()) for metric, column in METRICS.items()}
    row["coverage_90"] = float(mine[f"inside.{name}"].mean())
    for metric, column in METRICS.items():
        against = paired(mine, column, MODEL, name) if name not in (MODEL, ORACLE) else None
        row |= _against(metric, against) | {f"way_{metric}": _way(mine, column, name)}
    return row


def _against(metric: str, against: Paired | None) -> dict[str, Any]:
    if against is None:
        return {f"{what}_{metric}": None for what in ("model", "ratio", "se", "verdict")}
    return {
        f"model_{metric}": against.ours,
        f"ratio_{metric}": against.ratio,
        f"se_{metric}": against.error,
        f"verdict_{metric}": against.verdict,
    }


def _way(cells: pd.DataFrame, column: str, name: str) -> float | None:
    if name in (MODEL, ORACLE) or f"{column}.{ORACLE}" not in cells:
        return None
    best, ours, theirs = (float(cells[f"{column}.{who}"].mean()) for who in (ORACLE, MODEL, name))
    return (theirs - ours) / (theirs - best) if theirs != best else None


def _strongest(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The way from whichever AutoETS has the smaller error, per metric."""
    found: dict[str, Any] = {}
    for metric in METRICS:
        rivals = [row for row in rows if row["peer"] in STATISTICAL and np.isfinite(row[metric])]
        if rivals:
            found[f"way_{metric}"] = min(rivals, key=lambda row: row[metric])[f"way_{metric}"]
    return found
