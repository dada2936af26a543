"""The backtest of a store's counts as an act: train on the first part of its months, forecast from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from features.aggregates.resident import collect_pandas
from features.model_table import build_model_table
from features.periods import to_label
from models.learning.rolling import Settings
from models.portfolio.backtest.cases import Cases, cases_of
from models.portfolio.backtest.forecasts import forecasts
from models.portfolio.backtest.groups import register_of
from models.portfolio.backtest.past import Past, past_of

if TYPE_CHECKING:
    from features.tables import Tables

Progress = Callable[[str, int, int], None]
TRAINING = 0.55
"""Share of the months that have a level which the first model is trained on."""
FEWEST, SOONEST = 24, 3
"""Months of levels before the first origin, and after the last one."""
EVERY = 3


class TooShortError(ValueError):
    """The records are too short for any count to be judged."""


@dataclass(frozen=True)
class Backtest:
    """Judged counts, the origins (labels) that they were forecast from, and the last month of all, `end`."""

    cases: Cases
    origins: tuple[str, ...]
    end: str


def backtest(
    tables: Tables, settings: Settings, progress: Progress, every: int = EVERY, share: float = TRAINING
) -> Backtest:
    """Judge counts on records: forecast from every so-many-th month after the first `share` of them.

    Raises TooShortError. Records that were corrected since are taken as they are now, at every origin.
    """
    progress("official levels of past months", 0, 1)
    past = past_of(tables)
    origins = origins_of(past, every, share)
    table = build_model_table(tables)
    register = register_of(collect_pandas(tables.table("enterprises")), past.enterprise_ids)
    found: list[Cases] = []
    for forecast in forecasts(tables, table, past, origins, settings):
        progress(f"counts from {to_label(forecast.month, 'month')} on", len(found), len(origins))
        found.append(cases_of(past, register, forecast))
    labels = tuple(to_label(month, "month") for month in origins)
    return Backtest(together(found), labels, to_label(past.end, "month"))


def origins_of(past: Past, every: int = EVERY, share: float = TRAINING) -> range:
    """Month indices to forecast from. Raises TooShortError."""
    months = past.end - past.begin + 1
    first = past.begin + max(round(share * months), FEWEST) - 1
    found = range(first, past.end - SOONEST + 1, every)
    if not found:
        raise TooShortError(
            f"records: found official levels of {max(months, 0)} months; counts can be judged from "
            f"{FEWEST + SOONEST} on, twelve months of records before the first level not counted"
        )
    return found


def together(found: Sequence[Cases]) -> Cases:
    """Cases of several origins as one."""
    counts = pd.concat([cases.counts for cases in found], ignore_index=True)
    return Cases(counts, pd.concat([cases.targets for cases in found], ignore_index=True))
