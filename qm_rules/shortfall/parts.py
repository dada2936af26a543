"""What a shortfall is made of."""

from __future__ import annotations

from typing import NamedTuple

from qm_rules.json_types import JsonObject
from qm_rules.words import Words


class Part(NamedTuple):
    """One place where something is to be done: a product, process, characteristic, category of cost, level.

    `has` and `needs` are as the evidence writes them (rates with 12 digits), `change` is the amount of doing
    in the shortfall's unit, exact. `within` is the product of a process, None elsewhere.
    """

    id: str
    has: str
    needs: str
    change: str
    sentence: Words
    within: str | None = None

    def to_dict(self) -> JsonObject:
        """Return the part as JSON, the sentence in both languages."""
        return {**self._asdict(), "sentence": self.sentence._asdict()}


class Shortfall(NamedTuple):
    """What one indicator or item still lacks for a level, in the unit that people act on.

    kind        amount, unit              parts
    units       nonconforming units       the products that have them, most first (a split is not unique)
    characteristics, stabilise            every graded characteristic that stands in the way
    processes   cost, units or cost       the cheapest split over processes, most first
    money       loss in CNY               the categories of cost, most first
    item        levels                    the annex's wording, level by level
    track       None                      what is not tracked, where it can be named

    `alone` (processes only): what each process would need alone, where it can do it alone. `least`
    (processes only): no split costs less than this; equal to `amount` where the split is proven cheapest.
    """

    to_level: int
    indicator: str
    kind: str
    sentence: Words
    amount: str | None
    unit: str | None
    parts: tuple[Part, ...]
    alone: tuple[Part, ...] = ()
    least: str | None = None

    def to_dict(self) -> JsonObject:
        """Return the shortfall as JSON, sentences in both languages."""
        parts = {name: [part.to_dict() for part in getattr(self, name)] for name in ("parts", "alone")}
        return {**self._asdict(), "sentence": self.sentence._asdict(), **parts}
