"""Joint sample paths of one enterprise's targets: forecasts plus whole residual paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy.stats import norm

from models.forecast.asked import Outlook
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.links import Array
from models.forecast.paths import read_ranks
from models.results import HORIZONS, QUANTILES

PATHS = 1000
SEED = 20260101


@dataclass(frozen=True)
class Paths:
    """One enterprise's paths from period index `origin`: target → paths × 12 in the target's unit."""

    enterprise_id: str
    frequency: str
    origin: int
    values: dict[str, Array]


def sample(
    model: ForecastModel, table: ModelRows, paths: int = PATHS, origin: str | None = None
) -> Iterator[Paths]:
    """Draw paths for every enterprise as a whole, the same residual paths for all (months share shocks)."""
    outlooks = [o for o in model.outlooks(table, origin) if o.panel.scope == "enterprise"]
    for frequency, group in groupby(outlooks, key=lambda outlook: outlook.panel.frequency):
        yield from _of_frequency(list(group), frequency, paths)


def _of_frequency(outlooks: list[Outlook], frequency: str, count: int) -> Iterator[Paths]:
    pool = outlooks[0].panel_model.paths
    ranks = pool.draw(count, np.random.default_rng(SEED))
    drawn = {o.model.target: _Drawn(o, ranks[:, pool.targets.index(o.model.target)]) for o in outlooks}
    panel = outlooks[0].panel
    for row, enterprise in enumerate(panel.keys["enterprise_id"]):
        values = {target: d.path(row) for target, d in drawn.items() if d.answered[row]}
        yield Paths(str(enterprise), frequency, int(panel.t[row]), values)


class _Drawn:
    """One target's errors by path, ready to be added to any enterprise's forecast."""

    def __init__(self, outlook: Outlook, ranks: Array) -> None:
        self.model, self.answered = outlook.model, outlook.answered()
        self.point, self.history = outlook.model.point(outlook.rows), outlook.rows.history
        self.scale = outlook.model.spread.of(outlook.entities())
        self.errors = read_ranks(ranks, outlook.model.spread.quantiles)
        cold = np.tile(norm.ppf(QUANTILES) * outlook.model.prior.spread, (HORIZONS, 1))
        self.cold = read_ranks(ranks, cold)

    def path(self, row: int) -> Array:
        """paths × 12."""
        errors = self.errors * self.scale[row] if self.history[row] > 0 else self.cold
        return self.model.link.inverse(self.point[row] + errors)
