"""What every peer is asked, and what it answers: the same rows, the same past, the same unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.forecast.links import Array
from models.forecast.panel import Index, Panel
from models.learning.rolling import PanelRun
from models.results import HORIZONS, QUANTILES

SEASONS: dict[str, int] = {"month": 12, "week": 52, "day": 7}
LEVELS: Array = np.array(QUANTILES)


@dataclass(frozen=True)
class Question:
    """One target of one panel, to be forecast from some of its rows (positions `rows`, m of them).

    A peer may look at a row's own period and earlier ones of every entity, and at nothing after it.
    """

    run: PanelRun
    target: str
    rows: Index

    @property
    def panel(self) -> Panel:
        """The panel that the rows belong to."""
        return self.run.panel

    @property
    def season(self) -> int:
        """Periods of a yearly cycle (of a weekly one for days)."""
        return SEASONS[self.panel.frequency]

    def series(self) -> pd.Series:
        """The target in its unit by row of the panel, NaN where it is not known."""
        return pd.Series(self.panel.actual[self.target])

    def origins(self) -> list[int]:
        """The distinct times of the rows, rising."""
        return [int(t) for t in np.unique(self.panel.t[self.rows])]

    def at(self, origin: int) -> Index:
        """Positions within `rows` (0 … m−1) of those at one time."""
        return np.flatnonzero(self.panel.t[self.rows] == origin)


class Answer(NamedTuple):
    """`point` m × 12 and `quantiles` m × 12 × 19 in the target's unit; NaN where a peer has no answer.

    Where there are no quantiles the point is taken for certain: its CRPS is its absolute error.
    """

    point: Array
    quantiles: Array | None = None


@dataclass(frozen=True)
class Peer:
    """One forecaster.

    `needs` is the library that has to be installed ("" for none). A `slow` one is asked of every so-manieth
    row only.
    """

    ask: Callable[[Question], Answer]
    needs: str = ""
    slow: bool = False


def empty(question: Question) -> tuple[Array, Array]:
    """Point and quantiles with no answer yet."""
    point = np.full((len(question.rows), HORIZONS), np.nan)
    return point, np.full((*point.shape, len(LEVELS)), np.nan)


def within(target: str, values: Array) -> Array:
    """Values moved to where the target can be: a yield in [0, 1], losses and ppm not below 0. Cpk is free."""
    if target == "cpk":
        return values
    return np.clip(values, 0.0, 1.0 if target == "ftq" else None)
