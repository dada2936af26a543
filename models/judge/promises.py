"""From somebody's effects per unit to ordered moves, with our own accounting: the same for every peer.

A straight effect is best used up to the end of the line's own range, so the end that saves more is the move;
moves are ordered by what they save in a year less what they cost, and named only if that is positive. A plant
without losses on record is ordered by the fall of its failing units, as far as its own accounts go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from models.judge.choice import Choice, Lever
from models.judge.province import Province
from models.judge.scores import TOP

NINETY: Final = 1.6448536269514722


Slopes = Mapping[tuple[str, str], tuple[float, float]]
"""(enterprise_id, parameter_id) to the yield's link per unit of the lever and its standard error."""


def by_effects(province: Province, slopes: Slopes, *, proven: bool = False) -> list[Choice]:
    """Up to three moves per plant; with `proven` only by effects whose 90 % interval leaves zero out."""
    valued = []
    for lever in province.levers:
        slope, sd = slopes.get((lever.enterprise_id, lever.parameter_id), (0.0, 0.0))
        if slope and not (proven and abs(slope) <= NINETY * sd):
            valued.append(_move(province, lever, slope, sd))
    return ranked([(value, choice) for value, choice in valued if value > 0])


def ranked(valued: Iterable[tuple[float, Choice]]) -> list[Choice]:
    """The three most valuable moves of each plant, in order."""
    found: list[Choice] = []
    taken: Counter[str] = Counter()
    for _, c in sorted(valued, key=lambda pair: (-pair[0], pair[1].enterprise_id, pair[1].parameter_id)):
        taken[c.enterprise_id] += 1
        if taken[c.enterprise_id] <= TOP:
            found.append(replace(c, rank=taken[c.enterprise_id]))
    return found


def _move(province: Province, lever: Lever, slope: float, sd: float) -> tuple[float, Choice]:
    """(net value, move)."""
    to = lever.low if slope > 0 else lever.high
    size = abs(to - lever.now)
    change, half = -abs(slope) * size, NINETY * sd * size
    saved = province.saved(lever.enterprise_id, change)
    told = [province.in_unit(lever.enterprise_id, x) for x in (change, change + half, change - half)]
    value = -change if saved is None else saved - lever.cost * size
    return value, lever.to(to, benefit=saved, effect=(told[0], told[1], told[2]))
