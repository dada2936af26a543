"""The promotion gate: a new model is served unless it is shown to be worse than a baseline or the champion.

Shown is: worse by more than `TOLERANCE` of the mean error *and* in a one-sided paired test over origins
(`paired`), at `LEVEL` for each of two families, baselines and champion. In a family, half of the level
goes to all targets pooled and half to each target alone, both by Holm's steps: many comparisons refuse no
equal. The champion is also met on its intervals (mean quantile loss). The verdict keeps every comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from models.forecast.links import Array
from models.learning.paired import Paired, holm, paired
from models.learning.scoring import PEERS

TOLERANCE = 0.03
LEVEL = 0.05
ERRORS_ALLOWED = 2.5
KEYS = ["frequency", "scope", "target"]
CELL = [*KEYS, "horizon", "t"]
MEASURES = {"model": "mean absolute error", "pinball": "quantile loss"}
YARDSTICK = "ewma12"
POOLED = "all targets"


@dataclass(frozen=True)
class Comparison:
    """One paired test: `p` as it came, `adjusted` for the family it stands in."""

    what: str
    against: str
    measure: str
    excess: float
    error: float
    origins: int
    p: float
    adjusted: float
    refused: bool


@dataclass(frozen=True)
class Verdict:
    """Whether the gate opens, every reason why it does not, and every comparison that was made."""

    promoted: bool
    reasons: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = field(default=(), repr=False)

    def table(self) -> pd.DataFrame:
        """One row per comparison."""
        names = list(Comparison.__dataclass_fields__)
        return pd.DataFrame([asdict(c) for c in self.comparisons], columns=names)


@dataclass(frozen=True)
class _Asked:
    what: str
    against: str
    measure: str
    result: Paired


def judge_model(errors: pd.DataFrame, champion: pd.DataFrame | None) -> Verdict:
    """Compare a backtest by origin (`scoring.errors_by_time`) with its peers and with the champion's."""
    made = _family(list(_against_peers(errors)))
    if champion is not None:
        made += _family(list(_against_champion(errors, champion)))
    reasons = tuple(_reason(c) for c in made if c.refused)
    return Verdict(not reasons, reasons, tuple(made))


def _against_peers(errors: pd.DataFrame) -> Iterator[_Asked]:
    """The best peer of each group only: who is not worse than that one is not worse than any."""
    for what, rows in _groups(errors):
        peer = _best_peer(rows)
        cells = rows.assign(own=rows["model"], other=rows[peer]).dropna(subset=["own", "other"])
        yield _Asked(what, peer, "model", paired(cells))


def _best_peer(rows: pd.DataFrame) -> str:
    """The peer with the smallest mean error, every target and horizon counting alike."""
    known = [peer for peer in (*PEERS, "ridge") if peer in rows and rows[peer].notna().any()]
    sums = rows.groupby(["target", "horizon"])[[*known, "n"]].sum()
    scale = sums[known].mean(axis=1)
    ratios = sums[known].div(scale.where(scale > 0), axis=0).mul(sums["n"], axis=0).sum()
    return str(ratios.idxmin())


def _against_champion(errors: pd.DataFrame, champion: pd.DataFrame) -> Iterator[_Asked]:
    """Both models' out-of-sample errors at origins that both were judged at."""
    measures = [m for m in MEASURES if m in errors and m in champion]
    kept = [*CELL, "n", YARDSTICK, *measures]
    both = errors.merge(champion[kept], on=CELL, suffixes=("", "_champion"))
    # The champion may have been judged on other plants, or before a record was corrected. What a simple
    # baseline lost on the two sets says how much harder the one is than the other.
    harder = both[YARDSTICK] / both[f"{YARDSTICK}_champion"].where(both[f"{YARDSTICK}_champion"] > 0)
    same = (both["n"] == both["n_champion"]) & np.isclose(harder.fillna(1.0), 1.0, rtol=1e-9)
    carried = harder.fillna(both["n"] / both["n_champion"]).where(~same, 1.0)
    for measure in measures:
        cells = both.assign(own=both[measure], other=both[f"{measure}_champion"] * carried)
        yield from (_Asked(what, "champion", measure, paired(rows)) for what, rows in _groups(cells))


def _groups(cells: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each panel with all of its targets, then each target alone."""
    for panel, rows in cells.groupby(KEYS[:2], sort=False):
        yield f"{' '.join(map(str, panel))} {POOLED}", rows
        for target, own in rows.groupby("target", sort=False):
            yield " ".join(map(str, (*panel, target))), own


def _family(asked: list[_Asked]) -> list[Comparison]:
    whole = [i for i, one in enumerate(asked) if one.what.endswith(POOLED)]
    single = [i for i in range(len(asked)) if i not in set(whole)]
    adjusted = dict.fromkeys(range(len(asked)), 1.0)
    for half in (whole, single):
        steps = holm([asked[i].result.p for i in half])
        adjusted |= {i: min(2.0 * p, 1.0) for i, p in zip(half, steps, strict=True)}
    return [_comparison(one, adjusted[i]) for i, one in enumerate(asked)]


def _comparison(asked: _Asked, adjusted: float) -> Comparison:
    result = asked.result
    refused = bool(result.excess > TOLERANCE and adjusted < LEVEL)
    return Comparison(
        asked.what,
        asked.against,
        asked.measure,
        result.excess,
        result.error,
        result.origins,
        result.p,
        adjusted,
        refused,
    )


def _reason(made: Comparison) -> str:
    return (
        f"{made.what}: model against {made.against}: {MEASURES[made.measure]} is {made.excess:+.1%} over "
        f"{made.origins} origins (p = {made.adjusted:.2g} after all comparisons; allowed is {TOLERANCE:+.0%} "
        f"or p of at least {LEVEL:g})"
    )


def better_peer(rows: pd.DataFrame) -> str | None:
    """The peer that beats one target's model by more than noise, the best one if several do.

    A choice between forecasters, not a finding: it need not hold a level, and allows less.
    """
    ratios = {peer: compare(rows, rows[peer]) for peer in (*PEERS, "ridge")}
    beaten = {peer: ratio for peer, (ratio, allowed) in ratios.items() if ratio > 1.0 + allowed}
    return max(beaten, key=lambda peer: beaten[peer]) if beaten else None


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
