"""When the actions of a set begin: as early as capacity allows, the one that does most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.attainment.known import MONTHS, Array, Index
from models.plans.trial import NEVER

DONE = 0.9
"""Share of its full effect at which an action is no longer under way: it is held, and somebody is free."""


@dataclass(frozen=True)
class Capacity:
    """`first` month ahead (0: the next) in which anything may begin, and how many actions `at_once`."""

    first: int = 0
    at_once: int | None = None


def lasting(arrival: Array) -> Index:
    """A months that each action (arrival A × 12) is under way: until nine tenths of it are in force."""
    there = arrival >= DONE
    return np.where(there.any(axis=1), there.argmax(axis=1) + 1, MONTHS)


def starts_of(
    chosen: Sequence[int], months: Index, capacity: Capacity, order: Sequence[int], busy: Sequence[int] = ()
) -> Index:
    """First months (A) of the chosen actions, `NEVER` for all others.

    Args:
        chosen: actions of the set.
        months: A months that each is under way.
        capacity: what may be done at once, and from when.
        order: all actions, the first to begin first.
        busy: months in which already planned actions become free.
    """
    starts = np.full(len(months), NEVER, dtype=np.int64)
    slots = sorted(busy)
    for action in (a for a in order if a in set(chosen)):
        begin = capacity.first
        if capacity.at_once is not None:
            under_way = sorted(free for free in slots if free > begin)
            while len(under_way) >= capacity.at_once:
                begin = under_way[0]
                under_way = [free for free in under_way if free > begin]
        starts[action] = min(begin, NEVER)
        slots.append(begin + int(months[action]))
    return starts
