"""Other ways to choose an action, kept to be measured beside the advice: a forecaster's SHAP, and chance.

Nothing here advises anybody (docs/decisions/0006). A reader of SHAP gets the benefit of every doubt: levels
of actionable parameters only, each line's own feasible range, and the way in which contributions rise.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from features.simulator import World
from models.effects.model import EffectModel
from models.effects.panel import EffectTable
from models.recommend.moves import shown_range
from models.recommend.rows import RecommendationRow

Reading = Literal["importance", "contribution", "promise"]
READINGS: Final[tuple[Reading, ...]] = ("importance", "contribution", "promise")
LEVEL: Final = r"^param\.(?P<parameter_id>.+)\.(?:last|ew3|ew12)$"
GOOD: Final = ("ftq", "cpk")
LEVER: Final = ["enterprise_id", "parameter_id"]


def feasible_levers(table: EffectTable, effects: EffectModel) -> pd.DataFrame:
    """Every actionable lever of every enterprise that has somewhere to go.

    Columns enterprise_id, parameter_id, sector, now, low, high (in the lever's unit, as `shown_range`).
    """
    listed = {(str(r["enterprise_id"]), str(r["parameter_id"])): r for _, r in table.parameters.iterrows()}
    found = []
    for panel in effects.panels:
        for i, enterprise in enumerate(panel.enterprises):
            for j, name in enumerate(panel.levers):
                parameter = listed.get((enterprise, name))
                if parameter is None or parameter["kind"] != "actionable":
                    continue
                span = shown_range(panel, i, j, parameter)
                if span is not None and len(span.places()):
                    found.append((enterprise, name, panel.sector, span.now, span.low, span.high))
    return pd.DataFrame(found, columns=[*LEVER, "sector", "now", "low", "high"])


def chosen_by_shap(drivers: pd.DataFrame, levers: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """One move per enterprise (enterprise_id, parameter_id, now, to) from drivers of one target and horizon.

    The way is that in which contributions rise with the lever in its sector. The lever is the sector's most
    important one (mean absolute contribution), the one that pulls the line's own forecast down most, or the
    one whose contribution promises to gain most at the end of its range.
    """
    told = _lever_shares(drivers).merge(levers[[*LEVER, "sector"]], on=LEVER)
    steep = _slopes(told).groupby(["sector", "parameter_id"], as_index=False)["slope"].sum()
    share = told.groupby(LEVER, as_index=False)["share"].sum()
    rows = levers.merge(share, on=LEVER).merge(steep, on=["sector", "parameter_id"])
    rows["to"] = np.where(rows["slope"] > 0, rows["high"], rows["low"])
    rows["importance"] = rows.groupby(["sector", "parameter_id"])["share"].transform(lambda s: s.abs().mean())
    rows["contribution"] = -rows["share"]
    rows["promise"] = rows["slope"] * (rows["to"] - rows["now"])
    first = (
        rows.sort_values([reading, "parameter_id"], ascending=[False, True]).groupby("enterprise_id").head(1)
    )
    return first[[*LEVER, "now", "to"]].sort_values("enterprise_id", ignore_index=True)


def _lever_shares(drivers: pd.DataFrame) -> pd.DataFrame:
    """Contributions of levers' levels, signed so that a positive `share` is good."""
    named = drivers["feature"].str.extract(LEVEL)["parameter_id"]
    kept = (drivers["product_id"].fillna("") == "") & named.notna() & drivers["value"].notna()
    rows = drivers[kept].assign(parameter_id=named[kept])
    return rows.assign(share=np.where(rows["target"].isin(GOOD), 1.0, -1.0) * rows["contribution"])


def _slopes(told: pd.DataFrame) -> pd.DataFrame:
    """How a feature's contribution rises with its value over a sector's lines (least squares)."""
    by = ["sector", "parameter_id", "feature"]
    x, y = (told[name] - told.groupby(by)[name].transform("mean") for name in ("value", "share"))
    moments = told.assign(xy=x * y, xx=x * x).groupby(by, as_index=False)[["xy", "xx"]].sum()
    return moments.assign(slope=(moments["xy"] / moments["xx"]).where(moments["xx"] > 0, 0.0))


def chosen_by_effects(rows: list[RecommendationRow]) -> pd.DataFrame:
    """The first move of every enterprise that got one, in the same form."""
    first = [(r.enterprise_id, r.parameter_id, r.from_, r.to) for r in rows if r.rank == 1]
    return pd.DataFrame(first, columns=[*LEVER, "now", "to"])


class Judge:
    """The truth about moves in a simulated province: every end of every lever, and the best of all.

    Args:
        world: whose plants act; a gain is CNY a year of internal and external loss saved in the twelve
            months after history, cost not taken off.
        levers: `feasible_levers`.
    """

    def __init__(self, world: World, levers: pd.DataFrame) -> None:
        self._world = world
        ends = [levers.assign(to=levers[end])[[*LEVER, "now", "to"]] for end in ("low", "high")]
        self._ends = self._done(pd.concat(ends, ignore_index=True))
        self._right = self._ends.loc[self._ends.groupby(LEVER)["gain"].idxmax()].set_index(LEVER)
        every = pd.concat([self._ends, world.gains("loss")])
        best = (
            every[every["enterprise_id"].isin(levers["enterprise_id"])].groupby("enterprise_id")["gain"].max()
        )
        self._best = best[best > 0]

    def chance(self) -> pd.Series:
        """What a lever and an end drawn by lot bring on average, as `verdict` tells it."""
        lot = self._ends.groupby("enterprise_id")["gain"].mean()
        right = self._right.groupby("enterprise_id")["gain"].mean()
        harmful = float((self._ends["gain"] < 0).mean())
        return self._told(lot, right, 0.5, harmful)

    def verdict(self, chosen: pd.DataFrame) -> pd.Series:
        """What chosen moves bring when they are done, as shares of each plant's best possible gain.

        `moved`: plants that got a move; `money`: all plants' gains together, none where nothing was chosen;
        `plant`: mean over the plants moved, each cut to −2 … 1; `lever`: the same, had the lever been moved
        to its better end; `right way`: moves towards that end, of levers that can gain; `harmful`: moves
        that lose money.
        """
        done = self._done(chosen).set_index(LEVER)
        right = self._right.reindex(done.index)
        way = np.sign(done["to"] - done["now"]) == np.sign(right["to"] - right["now"])
        way = way[right["gain"] > 0]
        gain, could = done["gain"].droplevel(1), right["gain"].droplevel(1)
        return self._told(gain, could, float(way.mean()), float((gain < 0).mean()))

    def _told(self, gain: pd.Series, could: pd.Series, way: float, harmful: float) -> pd.Series:
        gain, could = (values.reindex(self._best.index) for values in (gain, could))
        return pd.Series(
            {
                "moved": float(gain.notna().mean()),
                "money": float(gain.sum() / self._best.sum()),
                "plant": float((gain / self._best).clip(-2, 1).mean()),
                "lever": float((could / self._best).clip(-2, 1).mean()),
                "right way": way,
                "harmful": harmful,
            }
        )

    def _done(self, moves: pd.DataFrame) -> pd.DataFrame:
        asked = list(moves[[*LEVER, "to"]].itertuples(index=False, name=None))
        return moves.assign(gain=self._world.realised(asked, "loss"))
