"""How an enterprise runs its process: where it holds each lever, how evenly, how readings scatter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.effects.sector import PERIODS_A_YEAR
from models.practices.kept import COLUMNS

if TYPE_CHECKING:
    from models.effects.panel import EffectTable

FEWEST_PERIODS = 6
"""A year's level or spread rests on so many periods."""


def process_practices(table: EffectTable) -> pd.DataFrame:
    """Return rows (`COLUMNS`) of every lever that an enterprise may move, over its last year of records.

    `level` is the mean of its periods' readings and `evenness` their standard deviation, `spread` the usual
    standard deviation of readings within a period; all in the lever's unit. Readings in another unit than
    most of the division's enterprises use are left out: they cannot be compared.
    """
    rows = _last_year(table.frame)
    levers = _levers(table.parameters, rows)
    found = [_one(rows, subject, owners) for subject, owners in levers.items()]
    return pd.concat([part for parts in found for part in parts] or [empty()], ignore_index=True)


def empty() -> pd.DataFrame:
    """No practice at all, with the right columns and types."""
    return pd.DataFrame({name: pd.Series(dtype="float64" if name == "value" else "str") for name in COLUMNS})


def _last_year(frame: pd.DataFrame) -> pd.DataFrame:
    whole = frame[frame["product_id"] == ""]
    last = whole.groupby(["enterprise_id", "frequency"])["t"].transform("max")
    year = whole["frequency"].map(PERIODS_A_YEAR).astype("float64")
    return whole[whole["t"] > last - year]


def _levers(parameters: pd.DataFrame, rows: pd.DataFrame) -> dict[str, set[str]]:
    """Owners of each lever that share its division's usual unit."""
    mine = parameters[parameters["kind"] == "actionable"]
    codes = rows.drop_duplicates("enterprise_id").set_index("enterprise_id")["industry_code"]
    division = mine["enterprise_id"].map(codes).astype("str").str.extract(r"(\d{2})", expand=False)
    unit = mine["unit"].fillna("").astype("str")
    usual = unit.groupby([division.fillna(""), mine["parameter_id"]]).transform(
        lambda own: own.mode().iloc[0]
    )
    kept = mine[unit == usual]
    return {str(name): set(own) for name, own in kept.groupby("parameter_id")["enterprise_id"]}


def _one(rows: pd.DataFrame, subject: str, owners: set[str]) -> list[pd.DataFrame]:
    columns = {"level": f"param.{subject}.last", "spread": f"param.{subject}.sd"}
    if columns["level"] not in rows:
        return []
    mine = rows[rows["enterprise_id"].isin(owners)]
    by = mine.groupby("enterprise_id")
    level, spread = by[columns["level"]], by[columns["spread"]]
    parts = {
        "level": level.mean().where(level.count() >= FEWEST_PERIODS),
        "evenness": level.std(ddof=1).where(level.count() >= FEWEST_PERIODS),
        "spread": spread.median().where(spread.count() >= FEWEST_PERIODS),
    }
    return [practice(values, kind, subject) for kind, values in parts.items()]


def practice(values: pd.Series[Any], kind: str, subject: str = "") -> pd.DataFrame:
    """Return one practice as rows, from values by enterprise id; what is not a number is left out."""
    known = values.astype("float64").replace([np.inf, -np.inf], np.nan).dropna()
    rows = {
        "enterprise_id": known.index.astype("str"),
        "kind": kind,
        "subject": subject,
        "value": known.array,
    }
    return pd.DataFrame(rows, columns=list(COLUMNS))
