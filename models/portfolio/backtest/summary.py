"""What many judged counts say together, with an uncertainty over the worlds (or origins) that they come from.

Counts of one world hang together: its groups overlap, its origins share months. So uncertainty is that of
drawing whole clusters again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from models.portfolio.backtest.cases import FORECASTERS
from models.portfolio.backtest.groups import ALL
from models.portfolio.backtest.scores import histogram

DRAWS = 2000
SEED = 20260101
EDGES = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0)
MIDDLE = (0.05, 0.95)
BY = ("reading", "level", "ahead")
Row = dict[str, Any]


def errors(counts: pd.DataFrame, by: Sequence[str] = BY, clusters: str = "world") -> list[Row]:
    """Mean expected and real counts, mean absolute error and CRPS of every forecaster.

    `bias` is expected less real, `se` its standard error over clusters; `ratio` is the variance of the
    error ÷ the variance that the joint paths state, `coins_ratio` ÷ that of independent coins; `inside` the
    share of counts within the middle 90 %.
    """
    rows = []
    for keys, own in counts.groupby(list(by), sort=True):
        named = dict(zip(by, keys if isinstance(keys, tuple) else (keys,), strict=True))
        gap, miss = own["joint"] - own["came"], (own["came"] - own["joint"]) ** 2
        rows.append(
            named
            | {"cases": len(own), "came": own["came"].mean(), "expected": own["joint"].mean()}
            | {"bias": gap.mean(), "se": _error_of_mean(gap, own[clusters])}
            | {"ratio": _over(miss.sum(), own["variance"].sum())}
            | {"coins_ratio": _over(miss.sum(), own["coins.variance"].sum()), "inside": inside(own)}
            | {f"mae.{name}": (own[name] - own["came"]).abs().mean() for name in FORECASTERS}
            | {f"crps.{name}": own[f"{name}.crps"].mean() for name in FORECASTERS}
        )
    return rows


def inside(counts: pd.DataFrame) -> float:
    """Share of counts in the middle 90 % of the joint paths; one that lies on an end counts by its part."""
    low, high = counts["low"].to_numpy(), counts["high"].to_numpy()
    within = np.minimum(high, MIDDLE[1]) - np.maximum(low, MIDDLE[0])
    return float(np.clip(within / np.maximum(high - low, 1e-12), 0.0, 1.0).mean())


def reliability(targets: pd.DataFrame, forecaster: str = "joint", clusters: str = "world") -> list[Row]:
    """By bins of P(count ≥ N): how likely targets were held to be, and how many were met.

    `low` … `high` is a range of 90 % over clusters.
    """
    bins = pd.cut(targets[forecaster], list(EDGES), include_lowest=True, labels=False)
    rows = []
    for place, own in targets.groupby(bins, sort=True):
        at = int(place)
        low, high = _range(own["met"].astype(float), own[clusters], lambda x: float(np.mean(x)))
        rows.append(
            {"from": EDGES[at], "to": EDGES[at + 1], "targets": len(own), "clusters": own[clusters].nunique()}
            | {"probability": own[forecaster].mean(), "met": own["met"].mean(), "low": low, "high": high}
        )
    return rows


def calibration(targets: pd.DataFrame, forecaster: str, clusters: str = "world") -> Row:
    """Brier score, expected calibration error over the bins, and its 90 % range over clusters."""
    gap = targets[forecaster] - targets["met"]
    place = pd.cut(targets[forecaster], list(EDGES), include_lowest=True, labels=False).to_numpy()
    stacked = np.stack([place, gap.to_numpy(float)], axis=1)
    low, high = _range(stacked, targets[clusters], _binned_gap)
    return {
        "forecaster": forecaster,
        "brier": float((gap**2).mean()),
        "calibration_error": _binned_gap(stacked),
        "low": low,
        "high": high,
    }


def spread(counts: pd.DataFrame, by: Sequence[str], clusters: str = "world") -> list[Row]:
    """Real variance of the error ÷ stated, for joint paths and for coins, with 90 % ranges over clusters."""
    rows = []
    for keys, own in counts.groupby(list(by), sort=True):
        named = dict(zip(by, keys if isinstance(keys, tuple) else (keys,), strict=True))
        miss = ((own["came"] - own["joint"]) ** 2).to_numpy()
        row: Row = {"cases": len(own), "worlds": own[clusters].nunique()}
        for name, column in (("joint", "variance"), ("coins", "coins.variance")):
            pair = np.stack([miss, own[column].to_numpy()], axis=1)
            row[name] = _ratio(pair)
            row[f"{name}.low"], row[f"{name}.high"] = _range(pair, own[clusters], _ratio)
        rows.append(named | row)
    return rows


def places(counts: pd.DataFrame, bins: int = 10) -> list[float]:
    """Histogram of the probability integral transform of the joint paths' counts."""
    return [float(x) for x in histogram(counts["low"].to_numpy(), counts["high"].to_numpy(), bins)]


def whole(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts over everybody."""
    return counts[counts["kind"] == ALL]


def _ratio(pair: NDArray[np.float64]) -> float:
    return _over(pair[:, 0].sum(), pair[:, 1].sum())


def _over(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else float("nan")


def _binned_gap(rows: NDArray[np.float64]) -> float:
    """Σ over bins |Σ gap| ÷ number of rows; columns: bin, gap."""
    sums = np.bincount(rows[:, 0].astype(np.int64), rows[:, 1])
    return float(np.abs(sums).sum() / max(len(rows), 1))


def _error_of_mean(values: pd.Series[float], clusters: pd.Series[Any]) -> float:
    means = values.groupby(clusters.to_numpy()).mean()
    return float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else float("nan")


def _range(
    values: ArrayLike, clusters: pd.Series[Any], statistic: Callable[[NDArray[np.float64]], float]
) -> tuple[float, float]:
    """5 % and 95 % of a statistic over draws of whole clusters; NaN of a single one."""
    rows, labels = np.asarray(values, dtype=np.float64), clusters.to_numpy()
    pieces = [rows[labels == name] for name in np.unique(labels)]
    if len(pieces) < 2:  # one says nothing of others
        return float("nan"), float("nan")
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(pieces), (DRAWS, len(pieces)))
    found = [statistic(np.concatenate([pieces[i] for i in own])) for own in drawn]
    low, high = np.nanquantile(found, (0.05, 0.95))
    return float(low), float(high)
