"""Backtest of counts: how many were newly added, as it would have been forecast from past months, and how
many came. Nothing that came after an origin is known to its forecast; the model knows only months up to the
first origin.
"""

from models.portfolio.backtest import summary
from models.portfolio.backtest.cases import AHEAD, FORECASTERS, Cases
from models.portfolio.backtest.run import Backtest, TooShortError, backtest

__all__ = ["AHEAD", "FORECASTERS", "Backtest", "Cases", "TooShortError", "backtest", "summary"]
