"""The actions that a plan may choose from: the trustworthy recommendations of one enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from models.recommend.rows import RecommendationRow


@dataclass(frozen=True)
class Action:
    """A lever that moves `before` → `after` (its unit); `cost` is CNY a year, zero with `cost_known` false
    where the plant has stated none.
    """

    parameter_id: str
    parameter_name: str | None
    unit: str | None
    before: float
    after: float
    cost: float
    cost_known: bool
    confidence: str

    @property
    def move(self) -> tuple[float, float]:
        """(from, to)."""
        return self.before, self.after


def actions_of(rows: Sequence[RecommendationRow], parameters: pd.DataFrame) -> tuple[Action, ...]:
    """Ranked rows of one enterprise as actions, one per lever, in the order of their ranks.

    `parameters` is the record table of that name: a lever without `cost_per_unit` has an unknown cost, which
    is not the same as none.
    """
    stated = parameters.set_index(["enterprise_id", "parameter_id"]).get("cost_per_unit")
    ranked = sorted((row for row in rows if row.rank is not None), key=lambda row: row.rank or 0)
    return tuple(_action(row, stated) for row in ranked)


def _action(row: RecommendationRow, stated: pd.Series | None) -> Action:
    if row.parameter_id is None or row.from_ is None or row.to is None:
        raise ValueError(f"rank {row.rank} of {row.enterprise_id!r} names no move")
    key = (row.enterprise_id, row.parameter_id)
    known = stated is not None and key in stated.index and bool(pd.notna(stated.loc[[key]]).all())
    return Action(
        row.parameter_id,
        row.parameter_name,
        row.unit,
        row.from_,
        row.to,
        float(row.cost or 0.0),
        known,
        row.confidence,
    )
