"""What leaders do otherwise than one enterprise: differences in robust units, with intervals.

An association, not a cause: leaders differ from others in many ways at once. What the effect model makes of
a lever stands beside it (`models.practices.verdicts`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.portfolio.discretion import FEWEST
from models.portfolio.firsts import Mask
from models.practices.groups import Group
from models.practices.kept import Name, Practices

Array = NDArray[np.float64]
LOGARITHMIC = frozenset({"spread", "evenness", "lot_size", "measured", "incoming_ppm"})
"""Kinds that are compared as ratios: their differences are of logarithms."""
COVERED = 0.9
FALSE_ONES = 0.1
"""Share of practices called the leaders' that may be so by chance (Benjamini & Hochberg 1995)."""
SAME = 1e-9
"""Robust units below which values are equal: what is left is rounding."""
NORMAL_MAD = 1.4826
"""Standard deviation ÷ median absolute deviation of a normal distribution."""


@dataclass(frozen=True)
class Difference:
    """One practice: `own`, the leaders' mean and the others' mean in its unit, and how far leaders are away.

    `difference` (leaders − own, with its 90 % interval by the leaders' scatter) is in robust standard
    deviations of the group. `apart` says whether leaders differ from the group's others too, in the same
    direction: otherwise it is this enterprise that is unusual, not the leaders.
    """

    kind: str
    subject: str
    own: float
    leaders: float
    others: float
    difference: float
    low: float
    high: float
    leading: int
    apart: bool


@dataclass(frozen=True)
class _Sides:
    """One practice on its own scale: leaders' and others' values, the enterprise's own, one robust unit."""

    name: Name
    own: float
    leaders: Array
    others: Array
    unit: float


def compare(practices: Practices, row: int, detailed: Mask) -> list[Difference]:
    """Return the practices of one enterprise (its row), those of the leaders first, by sure difference.

    `detailed` (R booleans) are the enterprises whose records the reader may see one by one: what rests on one
    to four others is left out, as they could be worked out.
    """
    group = practices.group_of(row)
    if group is None:
        return []
    sides = [_sides(practices, name, row, group, detailed) for name in practices.names(row)]
    known = [own for own in sides if own is not None]
    found = [_difference(own) for own in known]
    told = _leaders_own([_apart(own) for own in known])
    marked = [
        replace(one, apart=bool(apart and np.sign(away) == np.sign(one.difference)))
        for one, apart, (away, _) in zip(found, told, map(_apart, known), strict=True)
    ]
    return sorted(marked, key=lambda one: (not one.apart, -_sure(one), -abs(one.difference)))


def _sides(practices: Practices, name: Name, row: int, group: Group, detailed: Mask) -> _Sides | None:
    raw = practices.values(name)
    values = _scaled(name[0], raw)
    known = np.isfinite(values) & group.members
    without = known.copy()
    without[row] = False
    leaders, others = without & group.leaders, without & ~group.leaders
    unit = robust_unit(values[known])
    fine = (
        np.isfinite(values[row]) and unit > 0 and _may_show(leaders, detailed) and _may_show(others, detailed)
    )
    return _Sides(name, float(values[row]), values[leaders], values[others], unit) if fine else None


def _may_show(chosen: Mask, detailed: Mask) -> bool:
    hidden = int((chosen & ~detailed).sum())
    return int(chosen.sum()) >= FEWEST and (hidden == 0 or hidden >= FEWEST)


def _scaled(kind: str, values: Array) -> Array:
    if kind not in LOGARITHMIC:
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), np.nan)


def robust_unit(values: Array) -> float:
    """The standard deviation by the median absolute deviation; where half are equal, the plain one."""
    if len(values) < FEWEST:
        return 0.0
    mad = float(np.median(np.abs(values - np.median(values))))
    return NORMAL_MAD * mad if mad > 0 else float(values.std(ddof=1))


def _difference(own: _Sides) -> Difference:
    from scipy import stats

    n = len(own.leaders)
    mean, error = float(own.leaders.mean()), float(own.leaders.std(ddof=1)) / n**0.5
    reach = float(stats.t.ppf((1 + COVERED) / 2, n - 1)) * error
    away = mean - own.own
    back = math.exp if own.name[0] in LOGARITHMIC else float
    return Difference(
        *own.name,
        own=back(own.own),
        leaders=back(mean),
        others=back(float(own.others.mean())),
        difference=away / own.unit,
        low=(away - reach) / own.unit,
        high=(away + reach) / own.unit,
        leading=n,
        apart=False,
    )


def _apart(own: _Sides) -> tuple[float, float]:
    """Leaders less others, and Welch's p-value against no difference."""
    from scipy import stats

    away = float(own.leaders.mean() - own.others.mean())
    parts = [float(side.var(ddof=1)) / len(side) for side in (own.leaders, own.others)]
    if sum(parts) <= (SAME * own.unit) ** 2:
        return away, 0.0 if abs(away) > SAME * own.unit else 1.0
    free = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (own.leaders, own.others), strict=True)
    )
    return away, float(2 * stats.t.sf(abs(away) / np.sqrt(sum(parts)), free))


def _leaders_own(tests: list[tuple[float, float]]) -> list[bool]:
    """Which practices leaders have apart from others, by the procedure of Benjamini and Hochberg."""
    p = np.array([value for _, value in tests])
    order = np.argsort(p)
    passed = np.flatnonzero(p[order] <= FALSE_ONES * np.arange(1, len(p) + 1) / max(len(p), 1))
    kept = np.zeros(len(p), dtype=np.bool_)
    kept[order[: passed[-1] + 1 if len(passed) else 0]] = True
    return [bool(own) for own in kept]


def _sure(one: Difference) -> float:
    """How far the leaders are away at least, by the interval."""
    return max(one.low, -one.high, 0.0)
