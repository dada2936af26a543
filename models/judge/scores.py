"""From choices and their truth to the figures of the judge (definitions: `models.judge.truth`).

- `moved`: share of plants that got a move; `abstained`: the others.
- `of_best_money`: net gains of first moves ÷ the best possible net gains of the same plants;
  `of_best_plant`: the same plant by plant, each cut to −2 … 1, and their mean.
- `precision_at_3`: of the first three moves, the share whose lever is one of the plant's three best (each
  lever at its best place that lets no more out) and that gain, net; `worth_at_3`: the share that gains, net.
- `sign_right`: moves (all ranks) that change the named indicator the way they promise; without a promised
  effect, for the better.
- `useless`: first moves that change less than 2 % of the plant's yearly losses; `harmful`: first moves whose
  gross gain is negative; `leaks`: first moves after which more nonconforming units are delivered (they can
  save more money than the best possible move, which never does).
- `coverage_90`: moves (all ranks) whose true effect lies in the stated 90 % interval;
  `promised_over_realised`: promised benefits of first moves ÷ their gross gains.

Plants count where the best possible net gain is positive; for a plant without any there is nothing to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from models.judge.choice import Choice
from models.judge.truth import Truth

TOP: Final = 3
LEAST: Final = 0.02
CUT: Final = (-2.0, 1.0)
GOOD: Final = ("ftq", "cpk")
MOVE: Final = ["enterprise_id", "parameter_id", "to"]


def done(truth: Truth, choices: Sequence[Choice]) -> pd.DataFrame:
    """Every chosen move, made: one row per choice, the truth's columns beside what was promised."""
    told = truth.of((c.enterprise_id, c.parameter_id, c.to) for c in choices)
    nothing = (np.nan, np.nan, np.nan)
    promised = pd.DataFrame(
        [(c.rank, c.target, c.benefit, *(c.effect or nothing)) for c in choices],
        columns=["rank", "target", "promised", "estimate", "low", "high"],
    ).astype({"promised": float})
    effect = [float(told[f"effect.{c.target}"].iloc[i]) for i, c in enumerate(choices)]
    both: pd.DataFrame = pd.concat([told, promised], axis=1)
    both["effect"] = np.array(effect, dtype=float)
    return both


def possible(grid: pd.DataFrame, named: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Per lever of each plant its best place: enterprise_id, parameter_id, net, place (1 = the plant's best
    lever).

    Over the grid and every move that a chooser named; moves that let more out are left aside.
    """
    every = pd.concat([grid[[*MOVE, "net", "leaks"]], *(n[[*MOVE, "net", "leaks"]] for n in named)])
    sound = every[~every["leaks"].astype(bool)]
    best = sound.groupby(MOVE[:2], as_index=False)["net"].max()
    best["place"] = best.groupby("enterprise_id")["net"].rank(ascending=False, method="first")
    return pd.DataFrame(best)


def judged(acted: pd.DataFrame, best: pd.DataFrame, loss: pd.Series) -> pd.Series:
    """The figures of one chooser in one world.

    Args:
        acted: `done`.
        best: `possible`.
        loss: yearly losses of each enterprise left alone, CNY.
    """
    could = best.groupby("enterprise_id")["net"].max()
    could = could[could > 0]
    acted = acted[acted["enterprise_id"].isin(could.index)]
    first = acted[acted["rank"] == 1].set_index("enterprise_id")
    share = first["net"] / could.reindex(first.index)
    top = acted[acted["rank"] <= TOP]
    known = first[first["promised"].notna()]
    told = acted[acted["low"].notna()]
    return pd.Series(
        {
            "plants": float(len(could)),
            "moved": len(first) / max(len(could), 1),
            "of_best_money": _ratio(first["net"].sum(), could.reindex(first.index).sum()),
            "of_best_plant": float(share.clip(*CUT).mean()),
            "precision_at_3": float(_among_best(top, best).mean()),
            "worth_at_3": float((top["net"] > 0).mean()),
            "sign_right": float(_as_promised(acted).mean()),
            "useless": float((first["gain"].abs() < LEAST * loss.reindex(first.index)).mean()),
            "harmful": float((first["gain"] < 0).mean()),
            "leaks": float(first["leaks"].astype(float).mean()),
            "coverage_90": float(told["effect"].between(told["low"], told["high"]).mean()),
            "promised_over_realised": _ratio(known["promised"].sum(), known["gain"].sum()),
            "abstained": 1 - len(first) / max(len(could), 1),
        }
    )


def _among_best(top: pd.DataFrame, best: pd.DataFrame) -> pd.Series:
    places = best.set_index(MOVE[:2])["place"]
    mine = places.reindex(pd.MultiIndex.from_frame(top[MOVE[:2]])).to_numpy()
    return pd.Series((mine <= TOP) & (top["net"].to_numpy() > 0), dtype=float)


def _as_promised(acted: pd.DataFrame) -> pd.Series:
    better = pd.Series(np.where(acted["target"].isin(GOOD), 1.0, -1.0), acted.index)
    promised = np.sign(acted["estimate"]).fillna(better)
    return pd.Series(np.sign(acted["effect"]) == promised, dtype=float)


def _ratio(upper: float, lower: float) -> float:
    return float(upper / lower) if lower else float("nan")
