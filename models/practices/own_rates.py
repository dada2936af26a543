"""A region's own figures to stand beside published ones: yearly sums of what was delivered, lost and made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.boxes import CITY, PROVINCE
from models.portfolio.discretion import FEWEST, shown
from models.portfolio.firsts import Mask
from models.portfolio.kept import Portfolio

if TYPE_CHECKING:
    import pandas as pd

FILE = "own-rates.parquet"
RATES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "delivered_pass": (("nonconforming",), "units"),
    "first_pass": (("failed",), "started"),
    "loss_rate": (("internal", "external"), "output"),
}
"""Each figure's numerators and its denominator; passes are one less the share."""
NATION = ""


@dataclass(frozen=True)
class OwnRate:
    """One figure of a year as a fraction, over all `enterprises` that have it in any month of the year.

    `months` are the months of the year in the records; fewer than twelve: the year is not whole.
    """

    figure: str
    year: int
    region: str
    enterprises: int
    months: int
    value: float


def keep_rates(folder: Path, frame: pd.DataFrame) -> None:
    """Write yearly sums by enterprise from a model table's frame, of months where both sides are known."""
    import pandas as pd

    rows = frame[(frame["product_id"] == "") & (frame["frequency"] == "month")]
    sides = {
        "units": rows["q.units"],
        "nonconforming": rows["q.nonconforming"],
        "started": rows["q.submitted"],
        "failed": rows["q.submitted"] * (1.0 - rows["ftq"]),
        "output": rows["q.output_value"],
        "internal": rows["q.internal_amount"],
        "external": rows["q.external_amount"],
    }
    parts = []
    for figure, (above, below) in RATES.items():
        known = np.logical_and.reduce([sides[name].notna() for name in (*above, below)])
        part = pd.DataFrame(
            {
                "enterprise_id": rows["enterprise_id"],
                "year": rows["t"] // 12,
                "month": rows["t"],
                "above": sum(sides[name] for name in above),
                "below": sides[below],
            }
        )[known]
        parts.append(part.assign(figure=figure))
    everything = pd.concat(parts, ignore_index=True)
    everything = everything.astype({"above": "float64", "below": "float64"})
    sums = everything.groupby(["enterprise_id", "figure", "year"], as_index=False).agg(
        above=("above", "sum"), below=("below", "sum"), first=("month", "min"), last=("month", "max")
    )
    sums.to_parquet(folder / FILE, compression="zstd", index=False)


def own_rates(folder: Path, portfolio: Portfolio, detailed: Mask, region: str = NATION) -> list[OwnRate]:
    """Return a region's figures by year: everybody's (""), a province's (2 digits) or a city's (4 digits).

    Sums tell of output, which not everybody may see of everybody: a figure is left out where one to four
    enterprises that the reader does not see in detail (`detailed`, R booleans) could be worked out.
    """
    import pandas as pd

    file = folder / FILE
    rows = pd.read_parquet(file) if file.exists() else pd.DataFrame()
    if rows.empty:
        return []
    rows = rows.assign(row=[portfolio.place.get(str(who), -1) for who in rows["enterprise_id"]])
    rows = rows[rows["row"] >= 0]
    codes = portfolio.text("region_code")
    found = []
    for key, part in rows.groupby(["figure", "year"], sort=True):
        figure, year = str(key[0]), int(part["year"].iloc[0])
        at = part["row"].to_numpy()
        mine = np.array([str(code).startswith(region) for code in codes[at]], dtype=np.bool_)
        if mine.sum() >= FEWEST and region in _open(codes[at], ~detailed[at]):
            found.append(_rate(figure, year, region, part[mine]))
    return found


def _open(codes: Sequence[str], hidden: Mask) -> set[str]:
    """Everybody, provinces and cities that may be shown."""
    parts: dict[str, list[str]] = {}
    count: dict[str, int] = {NATION: 0}
    for code, unseen in zip(codes, hidden, strict=True):
        province, city = str(code)[:PROVINCE] or "?", str(code)[:CITY].ljust(CITY, "?")
        for whole, own in ((NATION, province), (province, city)):
            if own not in parts.setdefault(whole, []):
                parts[whole].append(own)
            count[own] = count.get(own, 0) + int(unseen)
        count[NATION] += int(unseen)
    return {own for own in shown(NATION, parts, count) if "?" not in own}


def _rate(figure: str, year: int, region: str, part: pd.DataFrame) -> OwnRate:
    above, below = float(part["above"].sum()), float(part["below"].sum())
    share = above / below if below else float("nan")
    value = share if figure == "loss_rate" else 1.0 - share
    months = int(part["last"].max() - part["first"].min()) + 1
    return OwnRate(figure, year, region, int(part["enterprise_id"].nunique()), months, value)
