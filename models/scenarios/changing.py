"""What a scenario makes of a start: functions from a start to another one, whose months that are known stay.

Rates change on the paths, quantities by the pace, and only from a month on. Nothing is drawn anew: path 7 is
the same future as before, but for what is otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.attainment.known import Array, Index, Mask
from models.attainment.levels import Levels
from models.attainment.sample import TargetPaths
from models.attainment.start import Start
from models.plans.following import Following, lagged_change
from models.plans.joint import FAILING
from models.plans.shifts import shifted
from models.plans.trial import Moved
from models.recommend.money import Losses


@dataclass(frozen=True)
class Times:
    """A target's paths, each month (R × months) multiplied by a factor."""

    drawn: TargetPaths
    factor: Array

    @property
    def answered(self) -> Mask:
        """R booleans: as without."""
        return self.drawn.answered

    def paths(self, rows: slice) -> Array:
        """Rows × P × months in the target's unit."""
        return np.asarray(self.drawn.paths(rows) * self.factor[rows, None])


def from_month(begun: Start, since: int) -> Mask:
    """R × months: which months ahead of each window are `since` (month index) or later."""
    ahead = begun.sample.origin[:, None] + 1 + np.arange(begun.sample.months)
    return np.asarray(ahead >= since)


def with_prices(begun: Start, internal: float, external: float, since: int) -> Start:
    """What a failure costs, multiplied from a month on; rates are of output, which stays."""
    otherwise = from_month(begun, since)
    factors = {
        "internal_loss": np.where(otherwise, internal, 1.0),
        "external_loss": np.where(otherwise, external, 1.0),
    }
    return with_factors(begun, factors)


def with_factors(begun: Start, factors: Mapping[str, Array]) -> Start:
    """Paths of some targets multiplied by R × months; a target that is not drawn is not asked for."""
    drawn = dict(begun.sample.drawn)
    for target, factor in factors.items():
        if target in drawn:
            drawn[target] = Times(drawn[target], factor)
    return replace(begun, sample=replace(begun.sample, drawn=drawn))


def with_demand(begun: Start, factor: float, since: int) -> Start:
    """Future quantities multiplied from a month on: rates stay, and how much each month weighs changes."""
    former = 1.0 if begun.pace is None else begun.pace
    return replace(begun, pace=former * np.where(from_month(begun, since), factor, 1.0))


def with_deliveries(begun: Start, change: Array, following: Following) -> Start:
    """A supplier's own: log ppm changed by R × months, and its external losses some months after.

    Whether it fails less or holds more back is not said, so its yield and its internal losses stay.
    """
    paid = lagged_change(change, following.claims)
    return with_factors(begun, {"ppm": np.exp(change), "external_loss": np.exp(paid)})


def with_incoming(begun: Start, failing: Array, losses: Losses, following: Following) -> Start:
    """A customer's (the start's only window): log failing units changed by P × months through what arrives.

    Losses and deliveries follow by the same accounting as for an action that makes fewer units fail.
    """
    change = np.zeros((3, 1, *failing.shape))
    change[FAILING, 0] = failing
    plain = {target: drawn.paths(slice(0, 1))[0] for target, drawn in begun.sample.drawn.items()}
    moved = shifted(plain, change, losses, following)
    drawn = {t: Moved(values, begun.sample.forecasts(t, 0)) for t, values in moved.items()}
    return replace(begun, sample=replace(begun.sample, drawn=drawn))


def raised(own: int | None, moves: Mapping[int, int], origin: int, months: int) -> int | Levels | None:
    """Levels of an item over the coming months: `moves` are levels it has at least, by month index.

    Nothing is lowered. An item that was never assessed holds no grade back, and cannot be raised.
    """
    if own is None or not moves:
        return own
    ahead: Index = origin + 1 + np.arange(months)
    found = np.full(months, own, dtype=np.int8)
    for since, level in moves.items():
        found = np.where(ahead >= since, np.maximum(found, np.int8(level)), found)
    return found
