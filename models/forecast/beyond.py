"""How forecasts and their errors go on after the twelfth month, year after year.

A forecast a year from now would be made anew: moved by a share of what the year before was off on average,
which stays, and by what its last month was off beyond that, which fades within months. It would then miss by
what forecasts of one to twelve months miss. So errors of later years are fresh residual paths, drawn whole,
around what stays of the years before; on simulated plants what remained of the errors in month 12 + k after
both shares were taken out had the spread of a fresh error in month k, but for external losses: claims of the
first months are foretold by what has got out already, and a year later nobody knows that.

The point goes on as the mean of its twelve months, drawn a little to the entity's own mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.forecast.booster import HORIZON_GROUPS
from models.forecast.links import Array
from models.forecast.paths import read_ranks
from models.results import HORIZONS

FADING = 0.8  # a month: on simulated plants shares learned month by month fell like this

CLAIMED = (
    1.15,
    1.2,
    1.1,
    1.0,
)  # external losses: fresh claims are less foreseen than those of the first year


@dataclass(frozen=True)
class Beyond:
    """One target's continuation; errors are scaled ones (`conformal`), defaults hold before any evidence.

    `stays`: share of a year's mean error that all later ones keep; `lingers`: share of what its last month
    was off beyond the mean that is left a month later, times FADING with each month after that. `pull`: share
    of the way to the entity's own mean. `width`: spread of fresh errors relative to those of the first year,
    by `HORIZON_GROUPS`.
    """

    stays: float = 0.55
    lingers: float = 0.3
    pull: float = 0.25
    width: tuple[float, ...] = (1.0,) * len(HORIZON_GROUPS)

    def points(self, point: Array, own: Array, months: int) -> Array:
        """n × 12 points and n own means, on the model scale → n × `months` points."""
        mean = point.mean(axis=1)
        later = (mean + self.pull * (own - mean))[:, None]
        return np.hstack([point, np.repeat(later, max(months - HORIZONS, 0), axis=1)])[:, :months]

    def errors(self, near: Array, fresh: Array, median: Array) -> Array:
        """Errors of the later years (P × 12·Y).

        Args:
            near: P × 12 errors of the first year.
            fresh: P × Y × 12 errors drawn anew for each later year.
            median: 12 medians of the distributions that both were drawn from.
        """
        before, moved, years = near - median, np.zeros(len(near)), []
        for drawn in (fresh - median).swapaxes(0, 1):
            mean = before.mean(axis=1)
            moved = moved + self.stays * mean
            left = (before[:, -1] - mean)[:, None] * self.lingers * fading()
            years.append(median[-1] + moved[:, None] + left + drawn * self.widths)
            before = drawn
        return np.hstack([np.empty((len(near), 0)), *years])

    @property
    def widths(self) -> Array:
        """12 factors of fresh errors."""
        return np.concatenate([np.full(len(g), w) for g, w in zip(HORIZON_GROUPS, self.width, strict=True)])

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Beyond:
        """What `to_dict` wrote; the defaults where nothing was."""
        return cls(**{**data, "width": tuple(data["width"])}) if data else cls()


def usual(target: str) -> Beyond:
    """What holds of a target before any evidence: on simulated plants, seeds 51 to 54."""
    return Beyond(width=CLAIMED) if target == "external_loss" else Beyond()


def fading() -> Array:
    """12 shares that are left in each month of a year of what lingered in its first."""
    return np.asarray(FADING ** np.arange(HORIZONS), dtype=np.float64)


def error_paths(
    beyond: Beyond, quantiles: Array, cold: Array, ranks: Array, later: Array
) -> tuple[Array, Array]:
    """Errors P × 12·(1 + Y) of an entity of scale one, and of one without any history.

    Args:
        beyond: how they go on.
        quantiles: 12 × 19 of scaled errors.
        cold: 19 of a newcomer's distance from its sector's mean; it stays where it stood in month 12.
        ranks: P × 12 of the first year.
        later: P × 12·Y of the years after it, drawn anew.
    """
    seasoned, unknown = read_ranks(ranks, quantiles), read_ranks(ranks, np.tile(cold, (HORIZONS, 1)))
    if not later.shape[1]:
        return seasoned, unknown
    fresh = read_ranks(later.reshape(len(later), -1, HORIZONS), quantiles)
    median = quantiles[:, quantiles.shape[1] // 2]
    return np.hstack([seasoned, beyond.errors(seasoned, fresh, median)]), held(
        unknown, HORIZONS + later.shape[1]
    )


def held(values: Array, months: int) -> Array:
    """n × 12 → n × `months`: later ones are as the twelfth."""
    return np.pad(values[:, :months], [(0, 0), (0, max(months - HORIZONS, 0))], mode="edge")
