"""Levels of enterprises of which nothing is known but the sector: what its sector shows today."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from features.aggregates import Scope
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.completeness import latest_complete_months
from features.model_table.static import industry_number
from features.periods import frequency_of, to_index, to_label
from features.tables import Tables
from models.attainment.chances import IN_A_ROW
from models.attainment.known import Array, Index
from models.results import LEVELS, AttainmentRow, level_names

ALL = ""
BELIEVED = 8.0  # enterprises at which a sector's own shares count as much as everybody's
HELD = ("no records: the levels that its sector shows today",)


def sector_shares(industry_codes: pd.Series[str], levels: Index) -> dict[str, list[float]]:
    """Shares of level 1 … 5 by division of GB/T 4754, drawn to those of all enterprises (key "")."""
    counts = np.eye(len(LEVELS))[levels - 1]
    everybody = (counts.sum(axis=0) + 1.0 / len(LEVELS)) / (len(levels) + 1.0)
    divisions = divisions_of(industry_codes)
    shares = {ALL: everybody}
    for division in sorted({name for name in divisions if name != ALL}):
        own = counts[[name == division for name in divisions]]
        shares[division] = (own.sum(axis=0) + BELIEVED * everybody) / (len(own) + BELIEVED)
    return {division: [round(float(s), 4) for s in own] for division, own in shares.items()}


def divisions_of(industry_codes: pd.Series[str]) -> list[str]:
    """The two digits of each code's division; "" where there are none."""
    return ["" if np.isnan(n) else f"{int(n):02d}" for n in industry_number(industry_codes)]


def without_records(
    tables: Tables,
    shares: Mapping[str, Sequence[float]],
    last_month: str | None,
    wanted: Collection[str] | None,
    horizon: int,
) -> Iterator[AttainmentRow]:
    """Rows of every registered enterprise without a complete month of records, from `last_month` on.

    A level does not move while nothing is heard: reaching it by a month and having it then are one.
    """
    if not shares or last_month is None or frequency_of(last_month) != "month":
        return
    listed = collect_pandas(Scope().of_enterprises(tables.table("enterprises")))
    listed = listed[~listed[ENTERPRISE].isin(list(latest_complete_months(tables, Scope("month"))))]
    if wanted is not None:
        listed = listed[listed[ENTERPRISE].isin(list(wanted))]
    divisions = divisions_of(listed["industry_code"])
    for name, division in sorted(zip(listed[ENTERPRISE].astype(str), divisions, strict=True)):
        own = np.array(shares.get(division, shares[ALL]))
        own = own / own.sum()
        for h in range(1, horizon + 1):
            yield AttainmentRow(**_row(name, to_index(last_month), h, own))


def _row(name: str, origin: int, h: int, own: Array) -> dict[str, Any]:
    at_least = dict(zip(LEVELS, np.cumsum(own[::-1])[::-1].tolist(), strict=True))
    reached = {level: at_least[level] for level in LEVELS[1:]}
    return {
        ENTERPRISE: name,
        "period": to_label(origin + h, "month"),
        "horizon": h,
        "basis": "window",
        "probabilities": level_names(dict(zip(LEVELS, own.tolist(), strict=True))),
        "reached_by": level_names(reached),
        "held_for_three": level_names({k: p if h >= IN_A_ROW else 0.0 for k, p in reached.items()}),
        "scope": "performance",
        "held": HELD,
    }
