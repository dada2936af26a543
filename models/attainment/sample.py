"""Joint sample paths of many enterprises' targets: forecasts plus whole residual paths.

The same residual paths serve all enterprises, because months share shocks; counts over enterprises take the
shocks in common and each enterprise its own path through them (`portfolio`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from models.attainment.known import Array, Index, Mask
from models.forecast.asked import Origin, Outlook
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.paths import FEWEST_PATHS, ResidualPaths
from models.forecast.scales import Signs

PATHS = 1000
SEED = 20260101


class TargetPaths(Protocol):
    """Paths of one target: as forecast (`Drawn`), or as a plan would have them (`models.plans`)."""

    @property
    def answered(self) -> Mask:
        """R booleans: whether the target is forecast there at all."""

    def paths(self, rows: slice) -> Array:
        """Rows × P × 12 in the target's unit."""


@dataclass(frozen=True)
class Drawn:
    """One target's error paths, and the model-scale points (R × 12) of the windows that they are added to."""

    outlook: Outlook
    point: Array
    ranks: Array

    @cached_property
    def answered(self) -> Mask:
        """R booleans: whether the target is forecast there at all."""
        return self.outlook.answered() & np.isfinite(self.point).all(axis=1)

    @cached_property
    def _signs(self) -> Signs:
        return self.outlook.model.signs(self.outlook.panel, self.outlook.rows)

    def paths(self, rows: slice) -> Array:
        """Rows × P × 12 in the target's unit."""
        model = self.outlook.model
        errors = model.spread.paths(self._signs.take(rows), self.ranks)
        return model.in_unit(self.point[rows, None] + errors, self.outlook.panel.submitted[rows])


@dataclass(frozen=True)
class Sample:
    """Paths of R windows: who they are, the month index that each starts from, and a draw per target.

    `shock` P tells paths apart by the past origin that their errors come from, `seed` samples from each
    other.
    """

    enterprise_ids: tuple[str, ...]
    origin: Index
    count: int
    drawn: Mapping[str, TargetPaths]
    shock: Index
    seed: int = SEED

    def __len__(self) -> int:
        return len(self.origin)

    def forecasts(self, target: str, row: int) -> bool:
        """Whether a target is forecast for a window."""
        return target in self.drawn and bool(self.drawn[target].answered[row])


def sample(
    model: ForecastModel, table: ModelRows, paths: int = PATHS, origin: Origin = None, seed: int = SEED
) -> Sample | None:
    """Draw paths for every enterprise in the monthly panel; None where there is none."""
    monthly = [
        outlook
        for outlook in model.outlooks(table, origin)
        if outlook.panel.scope == "enterprise" and outlook.panel.frequency == "month"
    ]
    return sample_of(monthly, paths, seed=seed) if monthly else None


def sample_of(
    outlooks: list[Outlook], paths: int, points: dict[str, Array] | None = None, seed: int = SEED
) -> Sample:
    """Draw paths around the outlooks' own points, or around others (target → R × 12, NaN: not forecast)."""
    pool, panel = outlooks[0].panel_model.paths, outlooks[0].panel
    ranks, shock = _draw(pool, paths, seed)
    drawn = {
        o.model.target: Drawn(
            o,
            o.model.point(o.rows) if points is None else points[o.model.target],
            ranks[:, pool.targets.index(o.model.target)],
        )
        for o in outlooks
    }
    names = tuple(str(name) for name in panel.keys["enterprise_id"])
    return Sample(names, panel.t, paths, drawn, shock, seed)


def _draw(pool: ResidualPaths, paths: int, seed: int) -> tuple[Array, Index]:
    """P × targets × 12 ranks, and the origin (P) that each path's shocks are of."""
    rng = np.random.default_rng(seed)
    if len(pool.ranks) < FEWEST_PATHS:
        return pool.draw(paths, rng), np.arange(paths)
    chosen = pool.draw_jointly(paths, 1, rng)[:, 0]
    return pool.ranks[chosen], pool.origin[chosen]
