"""What the official rules say of a group as it stands: who is held back by management alone, who lacks one
thing only, what hangs at a level.

No model: own levels of indicators and items go through the rules again with some of them changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.assistance.problem import Index, Mask
from models.assistance.rows import ItemCount, ManagementCap
from models.portfolio import Portfolio
from models.portfolio.bases import Basis
from models.rules_numpy import ArrayRules
from qm_rules.ladder import Step
from qm_rules.rulebook import HIGHEST

Own = NDArray[np.int8]


@dataclass(frozen=True)
class Standing:
    """Own levels of some rows of a portfolio, by one reading."""

    portfolio: Portfolio
    basis: Basis
    rows: Index

    @cached_property
    def rules(self) -> ArrayRules:
        """The official rules over arrays."""
        return ArrayRules()

    @cached_property
    def own(self) -> dict[str, Own]:
        """Own levels by indicator and item; what was not supplied does not limit, as in `at_most`."""
        found = {name: self.portfolio.own_level(name)[self.rows] for name in self.rules.book.order}
        return {name: np.where(own == 0, HIGHEST, own).astype(np.int8) for name, own in found.items()}

    @property
    def indicators(self) -> tuple[str, ...]:
        """Names of the indicators; all other items are of management."""
        return tuple(name for name in self.rules.book.order if name in self.rules.book.ladders)

    @property
    def looked_at(self) -> tuple[str, ...]:
        """What decides by this reading."""
        return self.indicators if self.basis == "performance" else self.rules.book.order

    def level(self, changes: Mapping[str, Own] | None = None) -> Own:
        """Levels with some own levels changed."""
        own = {**self.own, **(changes or {})}
        mine = {name: own[name] for name in self.indicators}
        items = {name: own[name] for name in own if name not in mine}
        if self.basis == "performance":
            return self.rules.grade(mine, {}).dimensions["performance"]
        return self.rules.grade(mine, items).level

    def raised(self, name: str, level: int) -> Own:
        """An item at a level at least."""
        return np.maximum(self.own[name], np.int8(level))

    def only(self, level: int, given: Mapping[str, Own] | None = None) -> dict[str, Mask]:
        """By item: whom it alone keeps from a level, with some own levels changed beforehand (`given`)."""
        before = given or {}
        below, found = self.level(before) < level, {}
        for name in self.looked_at:
            if name not in before:
                found[name] = below & (self.level({**before, name: self.raised(name, level)}) >= level)
        return found

    def holding(self) -> dict[str, Mask]:
        """By item: whom it would pull down if it fell by one level."""
        now = self.level()
        lower = {name: np.maximum(self.own[name] - 1, 1).astype(np.int8) for name in self.looked_at}
        return {name: self.level({name: own}) < now for name, own in lower.items()}

    def step(self, name: str, level: int) -> Step | None:
        """What an indicator needs for a level; None for a management item."""
        if name not in self.indicators:
            return None
        return next((s for s in self.rules.book.ladders[name].steps if s.level == level), None)


def cap(portfolio: Portfolio, basis: Basis, members: Mask, level: int) -> ManagementCap:
    """Who of the members stays below a level whatever the lines do; nobody by the performance reading."""
    rows = np.flatnonzero(members)
    if basis == "performance" or not len(rows):
        return ManagementCap(enterprises=0, one_item=0, items=())
    here = Standing(portfolio, basis, rows)
    best = {name: np.full(len(rows), HIGHEST, dtype=np.int8) for name in here.indicators}
    capped = here.level(best) < level
    single = np.zeros(len(rows), dtype=np.bool_)
    for own in here.only(level, best).values():
        single |= own
    return ManagementCap(
        enterprises=int(capped.sum()),
        one_item=int((single & capped).sum()),
        items=tuple(_items(here, capped, level)),
    )


def _items(here: Standing, capped: Mask, level: int) -> Iterator[ItemCount]:
    """Management items below the level, the most frequent first."""
    low = {
        name: int((capped & (here.own[name] < level)).sum())
        for name in here.rules.book.order
        if name not in here.indicators
    }
    for name, count in sorted(low.items(), key=lambda one: -one[1]):
        if count:
            yield ItemCount(item=name, enterprises=count)
