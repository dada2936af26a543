"""Reading a forecaster's SHAP for advice, as people do; it never advises anybody here (decisions 6 and 26).

A reader of SHAP gets the benefit of every doubt: levels of actionable parameters only, each line's own
feasible range, and the way in which contributions rise with the lever in its sector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from models.judge.choice import Choice, Lever
from models.judge.promises import ranked
from models.judge.province import Province
from models.learning.fit import fit

Reading = Literal["importance", "contribution", "promise"]
READINGS: Final[tuple[Reading, ...]] = ("importance", "contribution", "promise")
HORIZONS: Final = (1, 6)
LEVEL: Final = r"^param\.(?P<parameter_id>.+)\.(?:last|ew3|ew12)$"
GOOD: Final = ("ftq", "cpk")
LEVER: Final = ["enterprise_id", "parameter_id"]


def by_shap(province: Province) -> dict[str, list[Choice]]:
    """Every reading of our own forecaster's exact TreeSHAP at two horizons, trained on these records."""
    frame = province.table.frame
    whole = replace(province.table, frame=frame[frame["product_id"] == ""])  # products are forecast apart
    drivers = fit(whole).model.drivers_frame(whole, horizons=HORIZONS, targets=["ftq"])
    return {
        f"SHAP {reading}, {horizon} ahead": chosen_by_shap(
            drivers[drivers["horizon"] == horizon], province.levers, reading
        )
        for horizon in HORIZONS
        for reading in READINGS
    }


def chosen_by_shap(drivers: pd.DataFrame, levers: Sequence[Lever], reading: Reading) -> list[Choice]:
    """Up to three moves per enterprise from drivers of one target and horizon.

    Args:
        drivers: rows of `zhuoyue drivers`.
        levers: the feasible ones.
        reading: order by the sector's mean absolute contribution (`importance`), by how much a lever pulls
            the line's own forecast down (`contribution`), or by what its contribution promises to gain at the
            end of the range (`promise`).
    """
    mine = pd.DataFrame([asdict(lever) for lever in levers])
    told = _lever_shares(drivers).merge(mine[[*LEVER, "sector"]], on=LEVER)
    steep = _slopes(told).groupby(["sector", "parameter_id"], as_index=False)["slope"].sum()
    share = told.groupby(LEVER, as_index=False)["share"].sum()
    rows = mine.merge(share, on=LEVER).merge(steep, on=["sector", "parameter_id"])
    rows["to"] = np.where(rows["slope"] > 0, rows["high"], rows["low"])
    rows["importance"] = rows.groupby(["sector", "parameter_id"])["share"].transform(lambda s: s.abs().mean())
    rows["contribution"] = -rows["share"]
    rows["promise"] = rows["slope"] * (rows["to"] - rows["now"])
    names = [f.name for f in fields(Lever)]
    return ranked(
        (float(row[reading]), Lever(*(row[name] for name in names)).to(row["to"]))
        for _, row in rows.iterrows()
    )


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
