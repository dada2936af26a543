"""A challenger against the champion, both out of sample at the same origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from models.forecast.bundle import NoChampionError, load_champion
from models.learning.gate import CELL, Verdict, judge_model
from models.training.champion import champion_errors
from models.training.served_errors import NothingSinceError, served_errors

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings


def judged_against_champion(errors: pd.DataFrame, table: ModelTable | None, settings: Settings) -> Verdict:
    """The gate's verdict on a backtest by origin, with the champion as it stands now (hold the lock).

    At origins of its own backtest the champion is met with the errors of that; at origins since its
    training, with those of its served forecasts on the records of `table`. Both were out of sample there, as
    the challenger's are: its rolling refits learn only from periods that had ended.
    """
    return judge_model(errors, known_errors(table, settings))


def known_errors(table: ModelTable | None, settings: Settings) -> pd.DataFrame | None:
    """The champion's errors by origin: its backtest, and its served forecasts since; None without one."""
    backtest = champion_errors(settings)
    if backtest is None or table is None:
        return backtest
    try:
        since = served_errors(load_champion(settings), table)
    except (NothingSinceError, NoChampionError):  # nothing came since, or its files are of an older format
        return backtest
    return pd.concat([backtest, since], ignore_index=True).drop_duplicates(CELL, keep="first")
