"""Official levels of past months, seen from any month among them: who was open then, and who came later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.aggregates import Scope
from features.aggregates.scope import ENTERPRISE
from features.completeness import latest_complete_months
from models.attainment.levels import Levels, graded
from models.attainment.official import State
from models.portfolio import history
from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import NEVER, Mask
from models.results import LEVELS
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from features.tables import Tables

Reading = Literal["performance", "grade", "held"]
READINGS: tuple[Reading, ...] = ("performance", "grade", "held")
"""What is counted: the performance dimension, the whole grade as it came, and the whole grade as it would
have come with management left as it was assessed at the origin, which is what a forecast of the grade says.
"""
BASIS: Mapping[Reading, Basis] = {"performance": "performance", "grade": "grade", "held": "grade"}
STEPS = LEVELS[1:]
Ahead = NDArray[np.uint8]


@dataclass(frozen=True)
class Past:
    """Levels of N enterprises, N × T from month index `begin` on, by basis; 0 where there was none."""

    enterprise_ids: tuple[str, ...]
    begin: int
    levels: Mapping[Basis, Levels]

    @property
    def end(self) -> int:
        """The last month (index) on record."""
        return self.begin + int(self.levels["grade"].shape[1]) - 1

    @cached_property
    def best(self) -> dict[Basis, Levels]:
        """The highest level so far, N × T."""
        return {basis: np.maximum.accumulate(own, axis=1) for basis, own in self.levels.items()}

    def known(self, reading: Reading, month: int) -> Mask:
        """N booleans: who has had a level by then."""
        return np.asarray(self.best[BASIS[reading]][:, month - self.begin] > 0)

    def open(self, reading: Reading, month: int) -> Mask:
        """4 × N booleans: who has had a level by then, but never 2 … 5 or a better one."""
        best = self.best[BASIS[reading]][:, month - self.begin]
        return np.stack([(best > 0) & (best < step) for step in STEPS])

    def latest(self, reading: Reading, month: int) -> Levels:
        """N: everybody's latest level by then; 0 where there was none."""
        own = self.levels[BASIS[reading]][:, : month - self.begin + 1]
        last = own.shape[1] - 1 - (own[:, ::-1] > 0).argmax(axis=1)
        return np.asarray(np.take_along_axis(own, last[:, None], axis=1)[:, 0])

    def newly(self, reading: Reading, since: int, until: int) -> Mask:
        """4 × N booleans: who was open at `since` and reached 2 … 5 or better by `until`."""
        then = self.best[BASIS[reading]][:, until - self.begin]
        return self.open(reading, since) & np.stack([then >= step for step in STEPS])

    def came(self, reading: Reading, month: int, states: Sequence[State | None]) -> Ahead:
        """4 × N months after `month` at which the open ones first were at 2 … 5 or better; NEVER: not yet.

        `states` N are those of the month: what `held` holds.
        """
        later = self.levels[BASIS[reading]][:, month - self.begin + 1 :]
        if reading == "held":
            later = _with_management_of(states, self.levels["performance"][:, month - self.begin + 1 :])
        return np.stack([_first(later >= step) for step in STEPS])


def past_of(tables: Tables, former: pd.DataFrame | None = None) -> Past:
    """Every official answer that the records hold; `former` rows (of `history`) are not made anew."""
    latest = latest_complete_months(tables, Scope("month"))
    if former is None:
        former = pd.DataFrame(columns=list(history.COLUMNS))
    # One month further: `history` leaves out the latest, which a publication has already.
    return from_rows(history.history(tables, {name: end + 1 for name, end in latest.items()}, former, ()))


def from_rows(rows: pd.DataFrame) -> Past:
    """From levels by enterprise and month."""
    names = tuple(sorted(rows[ENTERPRISE].unique()))
    if not names:
        return Past((), 0, dict.fromkeys(BASES, np.zeros((0, 0), dtype=np.int8)))
    place, begin = {name: row for row, name in enumerate(names)}, int(rows["month"].min())
    shape = (len(names), int(rows["month"].max()) - begin + 1)
    at = rows[ENTERPRISE].map(place).to_numpy(np.int64), rows["month"].to_numpy(np.int64) - begin
    levels: dict[Basis, Any] = {"grade": None, "performance": None}
    for basis in levels:
        levels[basis] = np.zeros(shape, dtype=np.int8)
        levels[basis][at] = rows[basis].to_numpy(np.int8)
    return Past(names, begin, levels)


def _with_management_of(states: Sequence[State | None], performance: Levels) -> Levels:
    known = np.array([state is not None for state in states])
    out = np.zeros_like(performance)
    if known.any():
        own = performance[known][:, None]
        held = graded(ArrayRules(), np.maximum(own, 1), [s for s in states if s is not None])
        out[known] = np.where(own > 0, held, 0)[:, 0]
    return out


def _first(there: Mask) -> Ahead:
    if not there.shape[1]:
        return np.full(len(there), NEVER, dtype=np.uint8)
    return np.where(there.any(axis=1), there.argmax(axis=1) + 1, NEVER).astype(np.uint8)
