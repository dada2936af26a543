"""The promotion gate: a new model is served only if it is not worse than every baseline and than the
champion.

Compared are mean absolute errors, pooled over horizons so that each counts alike, on the same forecasts. "Not
worse" allows `TOLERANCE` and, because few periods say little, two and a half times the standard error of the
difference over origins (periods share shocks: an origin is one observation).
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


def better_peer(rows: pd.DataFrame) -> str | None:
    """The peer that beats one target's model by more than noise, the best one if several do."""
    ratios = {peer: compare(rows, rows[peer]) for peer in (*PEERS, "ridge")}
    beaten = {peer: ratio for peer, (ratio, allowed) in ratios.items() if ratio > 1.0 + allowed}
    return max(beaten, key=lambda peer: beaten[peer]) if beaten else None


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
    """Ratio model ÷ peer of mean errors, each horizon scaled by the peer's, and what noise allows."""
    by_horizon = rows["horizon"]
    mean = peer.groupby(by_horizon).transform("sum") / rows["n"].groupby(by_horizon).transform("sum")
    scaled = (rows["model"] - peer) / mean.where(mean > 0)
    by_origin = pd.DataFrame({"excess": scaled, "n": rows["n"], "t": rows["t"]}).groupby("t").sum()
    if len(by_origin) < 2:
        return float("nan"), TOLERANCE
    excess, n = by_origin["excess"].to_numpy(), by_origin["n"].to_numpy(np.float64)
    worse = float(excess.sum() / n.sum())
    noise = standard_error_of_sum(excess - worse * n, int(by_horizon.max())) / n.sum()
    return 1.0 + worse, max(TOLERANCE, ERRORS_ALLOWED * noise)


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
