"""The promotion gate: a new model is served only if it is not worse than every baseline and than the
champion.

Compared are mean absolute errors, pooled over horizons so that each counts alike, on the same forecasts. "Not
worse" allows `TOLERANCE` and, because few periods say little, two and a half times the standard error of the difference over
origins (periods share shocks: an origin is one observation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.links import Array
from models.forecast.scoring import PEERS

TOLERANCE = 0.03
ERRORS_ALLOWED = 2.5  # of some fifty comparisons, a few lie two standard errors off by chance
KEYS = ["frequency", "scope", "target"]


@dataclass(frozen=True)
class Verdict:
    """Whether the gate opens, and every reason why it does not."""

    promoted: bool
    reasons: tuple[str, ...]


def judge_model(errors: pd.DataFrame, champion: pd.DataFrame | None) -> Verdict:
    """Compare a backtest by origin (`scoring.errors_by_time`) with its peers and with the champion's."""
    reasons: list[str] = []
    for key, rows in errors.groupby(KEYS, sort=False):
        name = " ".join(str(k) for k in key)
        for peer in (*PEERS, "ridge"):
            reasons += _complaint(f"{name}: model against {peer}", rows, rows[peer])
    if champion is not None:
        reasons += _against_champion(errors, champion)
    return Verdict(not reasons, tuple(reasons))


def _against_champion(errors: pd.DataFrame, champion: pd.DataFrame) -> list[str]:
    """The two models' out-of-sample errors at origins that both were judged at."""
    cell = [*KEYS, "horizon", "t"]
    both = errors.merge(champion[[*cell, "n", "model"]], on=cell, suffixes=("", "_champion"))
    reasons = []
    for key, rows in both.groupby(KEYS, sort=False):
        # The champion may have been judged on fewer entities: compare its mean error, not its sum.
        theirs = rows["model_champion"] / rows["n_champion"] * rows["n"]
        name = " ".join(str(k) for k in key)
        reasons += _complaint(f"{name}: model against champion", rows, theirs)
    return reasons


def _complaint(what: str, rows: pd.DataFrame, peer: pd.Series) -> list[str]:
    ratio, allowed = compare(rows, peer)
    if not np.isfinite(ratio) or ratio <= 1.0 + allowed:
        return []
    return [f"{what}: mean absolute error is {ratio - 1.0:+.1%}, allowed is {allowed:+.1%}"]


def compare(rows: pd.DataFrame, peer: pd.Series) -> tuple[float, float]:
    """Mean ratio model ÷ peer over horizons, and what noise allows above one."""
    scale = peer.groupby(rows["horizon"]).transform("sum")
    weight = np.where(scale > 0, 1.0 / scale.where(scale > 0, 1.0), 0.0) / max(rows["horizon"].nunique(), 1)
    difference = pd.Series((rows["model"] - peer).to_numpy() * weight)
    by_origin = difference.groupby(rows["t"].to_numpy()).sum().to_numpy()
    if len(by_origin) < 2:
        return float("nan"), TOLERANCE
    noise = standard_error_of_sum(by_origin, int(rows["horizon"].max()))
    return 1.0 + float(by_origin.sum()), max(TOLERANCE, ERRORS_ALLOWED * noise)


def standard_error_of_sum(values: Array, horizon: int) -> float:
    """Standard error of Σ values in time order, whose neighbours hang together up to `horizon` steps.

    Bartlett weights on the autocovariances (Newey & West 1987), never below the error of independent values.
    """
    n = len(values)
    centred = values - values.mean()
    total = independent = float(centred @ centred)
    lags = min(horizon, n // 2)
    for lag in range(1, lags):
        total += 2.0 * (1.0 - lag / lags) * float(centred[lag:] @ centred[:-lag])
    # Few origins know their own spread badly: n / (n − lags) as for so many fewer independent values.
    return float(np.sqrt(max(total, independent) * n / max(n - lags, 1)))
