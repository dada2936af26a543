"""Joint sample paths of many enterprises' targets: forecasts plus whole residual paths.

The same residual paths serve all enterprises, because months share shocks; counts over enterprises take the
shocks in common and each enterprise its own path through them (`portfolio`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from models.attainment.array_paths import ArrayPaths
from models.attainment.fortune import told_apart
from models.attainment.known import Array, Index, Mask
from models.forecast.asked import Origin, Outlook
from models.forecast.baselines import BASES
from models.forecast.beyond import error_paths, held
from models.forecast.forecaster import ForecastModel, ModelRows
from models.forecast.paths import FEWEST_PATHS, ResidualPaths
from models.forecast.scales import Signs
from models.results import HORIZONS

PATHS = 1000
FEWER, MANY = 200, 20_000
SEED = 20260101
LATER = 4  # which draws of a seed go on after the first year


def enough(enterprises: int) -> int:
    """How many paths a publication of so many enterprises draws: of very many `FEWER`.

    A chance then has a standard error of at most 0.035 instead of 0.016.
    """
    return PATHS if enterprises <= MANY else FEWER


class TargetPaths(Protocol):
    """Paths of one target: as forecast (`Drawn`), or as a plan would have them (`models.plans`)."""

    @property
    def answered(self) -> Mask:
        """R booleans: whether the target is forecast there at all."""

    def paths(self, rows: slice) -> Array:
        """Rows × P × M in the target's unit."""


@dataclass(frozen=True)
class Drawn:
    """One target's error paths, and the model-scale points (R × 12) of the windows that they are added to.

    `ranks` P × 12 and, of the years after the first, `later` P × 12·Y; `months` of all these are looked at.
    """

    outlook: Outlook
    point: Array
    ranks: Array
    later: Array
    months: int = HORIZONS

    @cached_property
    def answered(self) -> Mask:
        """R booleans: whether the target is forecast there at all."""
        return self.outlook.answered() & np.isfinite(self.point).all(axis=1)

    @cached_property
    def points(self) -> Array:
        """R × M points, M as many months as are looked at."""
        own = self.outlook.rows.bases[:, BASES.index("mean")]
        return self.outlook.model.beyond.points(self.point, own, self.months)

    @cached_property
    def seasoned(self) -> Mask:
        """R booleans: whether the target was ever seen there."""
        return self._signs.known > 0

    @cached_property
    def scale(self) -> Array:
        """R × M factors of the errors of a plant of scale one."""
        return held(self.outlook.model.spread.scale.of(self._signs), self.months)

    @cached_property
    def _signs(self) -> Signs:
        return self.outlook.model.signs(self.outlook.panel, self.outlook.rows)

    @cached_property
    def errors(self) -> tuple[Array, Array]:
        """P × M errors of a plant of scale one, and of one without any history.

        A month's paths lie side by side in memory, and so they do in all that is made of them: most work on
        levels goes over paths, or from month to month.
        """
        model, spread = self.outlook.model, self.outlook.model.spread
        found = error_paths(model.beyond, spread.quantiles, spread.cold, self.ranks, self.later)
        near = (own[:, : self.months] for own in found)
        return np.asfortranarray(next(near)), np.asfortranarray(next(near))

    def within(self, months: int) -> Drawn:
        """The same, so many months ahead at most."""
        years = -(-max(months - HORIZONS, 0) // HORIZONS)
        return replace(self, later=self.later[:, : years * HORIZONS], months=min(months, self.months))

    def paths(self, rows: slice) -> Array:
        """Rows × P × M in the target's unit."""
        return self._arrays.paths(rows)

    @cached_property
    def _arrays(self) -> ArrayPaths:
        link, submitted = self.outlook.model.link, self.outlook.panel.submitted
        return ArrayPaths(link, self.points, self.scale, self.errors, self.seasoned, submitted, self.answered)


@dataclass(frozen=True)
class Cut:
    """The first months of another's paths."""

    whole: TargetPaths
    months: int

    @property
    def answered(self) -> Mask:
        """As of the whole."""
        return self.whole.answered

    def paths(self, rows: slice) -> Array:
        """Rows × P × M in the target's unit."""
        return self.whole.paths(rows)[:, :, : self.months]


@dataclass(frozen=True)
class Sample:
    """Paths of R windows: who they are, the month index that each starts from, and a draw per target.

    `shock` P tells paths apart by the past origin that their errors come from and by how fortunate they are
    (`fortune`), `seed` samples from each other; `months` is how far ahead all paths go.
    """

    enterprise_ids: tuple[str, ...]
    origin: Index
    count: int
    drawn: Mapping[str, TargetPaths]
    shock: Index
    seed: int = SEED
    months: int = HORIZONS

    def __len__(self) -> int:
        return len(self.origin)

    def forecasts(self, target: str, row: int) -> bool:
        """Whether a target is forecast for a window."""
        return target in self.drawn and bool(self.drawn[target].answered[row])

    def within(self, months: int) -> Sample:
        """The same, so many months ahead at most: nothing that is nearer changes."""
        if months >= self.months:
            return self
        drawn = {
            target: own.within(months) if isinstance(own, Drawn) else Cut(own, months)
            for target, own in self.drawn.items()
        }
        return replace(self, drawn=drawn, months=months)


def sample(
    model: ForecastModel,
    table: ModelRows,
    paths: int = PATHS,
    origin: Origin = None,
    seed: int = SEED,
    months: int = HORIZONS,
) -> Sample | None:
    """Draw paths of so many months for every enterprise in the monthly panel; None where there is none.

    Looking further ahead does not change what is nearer.
    """
    monthly = [
        outlook
        for outlook in model.outlooks(table, origin)
        if outlook.panel.scope == "enterprise" and outlook.panel.frequency == "month"
    ]
    return sample_of(monthly, paths, seed=seed, months=months) if monthly else None


def sample_of(
    outlooks: list[Outlook],
    paths: int,
    points: dict[str, Array] | None = None,
    seed: int = SEED,
    months: int = HORIZONS,
) -> Sample:
    """Draw paths around the outlooks' own points, or around others (target → R × 12, NaN: not forecast)."""
    pool, panel = outlooks[0].panel_model.paths, outlooks[0].panel
    ranks, shock = _draw(pool, paths, seed)
    years = -(-max(months - HORIZONS, 0) // HORIZONS)
    later = pool.go_on(shock, years, np.random.default_rng([seed, LATER]))
    drawn = {
        o.model.target: Drawn(
            o,
            o.model.point(o.rows) if points is None else points[o.model.target],
            ranks[:, pool.targets.index(o.model.target)],
            later[:, pool.targets.index(o.model.target)],
            months,
        )
        for o in outlooks
    }
    names = tuple(str(name) for name in panel.keys["enterprise_id"])
    together = told_apart(shock, ranks, pool.targets)
    return Sample(names, panel.t, paths, drawn, together, seed, months)


def _draw(pool: ResidualPaths, paths: int, seed: int) -> tuple[Array, Index]:
    """P × targets × 12 ranks, and the origin (P) that each path's shocks are of."""
    rng = np.random.default_rng(seed)
    if len(pool.ranks) < FEWEST_PATHS:
        return pool.draw(paths, rng), np.arange(paths)
    chosen = pool.draw_jointly(paths, 1, rng)[:, 0]
    return pool.ranks[chosen], pool.origin[chosen]
