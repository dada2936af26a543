"""What a recommendation quotes from the records beside the model table: costs by category, names, actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, cast

import narwhals as nw
import pandas as pd

from features.aggregates import Scope
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.aggregates.statements import losses
from features.periods import period_end
from models.recommend.benefit_rows import Side
from models.recommend.money import YEAR

if TYPE_CHECKING:
    from features.tables import Tables
    from models.recommend.standing import Standing


@dataclass(frozen=True)
class CostsNow:
    """CNY by (side, category) over an enterprise's last twelve months with any statement of that side, and
    how many months those were (of the side with fewer).
    """

    amounts: Mapping[tuple[Side, str], float]
    months: int


@dataclass(frozen=True)
class Records:
    """By enterprise: `costs`; by (enterprise, process): `processes`, their names; by (enterprise, parameter):
    `one_off`, what an action on that lever cost (CNY, the latest on record); `standing` for levels.
    """

    costs: Mapping[str, CostsNow] = field(default_factory=dict)
    processes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    one_off: Mapping[tuple[str, str], float] = field(default_factory=dict)
    standing: Standing | None = None


def records_of(tables: Tables, as_of: str | None = None, standing: Standing | None = None) -> Records:
    """Read them for every enterprise, up to the period `as_of`."""
    until = None if as_of is None else period_end(as_of)
    return Records(
        costs=_costs(tables, Scope("month", until)),
        processes=_processes(tables),
        one_off=_one_off(tables, until),
        standing=standing,
    )


def _costs(tables: Tables, scope: Scope) -> dict[str, CostsNow]:
    rows = collect_pandas(losses(tables, scope).with_columns(nw.col("amount").cast(nw.Float64)))
    rows = rows[rows["family"].notna()]
    keys = [ENTERPRISE, "family"]
    stated = rows[[*keys, "t"]].drop_duplicates()
    stated = stated.sort_values("t").groupby(keys).tail(YEAR)
    months = stated.groupby(keys).size().groupby(ENTERPRISE).min()
    kept = rows.merge(stated, on=[*keys, "t"])
    sums = kept.groupby([*keys, "category"], as_index=False)["amount"].sum()
    found: dict[str, dict[tuple[Side, str], float]] = {}
    for enterprise, family, category, amount in sums.itertuples(index=False):
        found.setdefault(str(enterprise), {})[cast("Side", str(family)), str(category)] = float(amount)
    return {e: CostsNow(amounts, int(months[e])) for e, amounts in found.items()}


def _processes(tables: Tables) -> dict[tuple[str, str], str]:
    rows = collect_pandas(tables.table("processes").select(ENTERPRISE, "process_id", "name"))
    named = rows[rows["name"].notna()].drop_duplicates([ENTERPRISE, "process_id"])
    return {(str(e), str(p)): str(n) for e, p, n in named.itertuples(index=False)}


def _one_off(tables: Tables, until: date | None) -> dict[tuple[str, str], float]:
    columns = (ENTERPRISE, "parameter_id", "started_on", "cost")
    costs = tables.table("actions").select(*columns).with_columns(nw.col("cost").cast(nw.Float64))
    rows = collect_pandas(costs)
    rows = rows[rows["parameter_id"].notna() & (rows["parameter_id"] != "") & rows["cost"].notna()]
    if until is not None:
        rows = rows[pd.to_datetime(rows["started_on"]) <= pd.Timestamp(until)]
    latest = rows.sort_values("started_on", kind="stable").groupby([ENTERPRISE, "parameter_id"]).tail(1)
    return {(str(r[ENTERPRISE]), str(r["parameter_id"])): float(r["cost"]) for _, r in latest.iterrows()}
