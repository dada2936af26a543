"""Everything that a briefing says, as numbers and codes: gathered once, written in either language.

The workbook of the same group is made from the same portfolio and holds every one of these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Names(Protocol):
    """What things are called in one language; the site knows, and hands it over."""

    def region(self, code: str) -> str:
        """Return the name of a region by the prefix of its code."""
        ...

    def industry(self, division: str) -> str:
        """Return the name of a division of GB/T 4754."""
        ...

    def size(self, size: str) -> str:
        """Return the name of a size of enterprise."""
        ...


@dataclass(frozen=True)
class Group:
    """Whom the briefing is about, as the filter says; `place` is the province that all of them lie in."""

    region: str = ""
    industry: str = ""
    size: str = ""
    chain: str = ""
    list_name: str = ""
    place: str = ""


@dataclass(frozen=True)
class LevelRow:
    """One level: enterprises on it, at or above it now and twelve months before (of those known then), and
    those that first reached it or a better one within the last twelve months.
    """

    level: int
    here: int
    above: int
    above_then: int
    newly: int


@dataclass(frozen=True)
class Standing:
    """Official levels of the group today.

    `known_then` had an official level twelve months before too, and comparisons are about these alone
    (`above_known` by level: of them, at or above today). `rose` and `fell` since the month before.
    """

    enterprises: int
    graded: int
    known_then: int
    levels: tuple[LevelRow, ...]
    above_known: Mapping[int, int]
    rose: int
    fell: int


@dataclass(frozen=True)
class Region:
    """A part of the group: enterprises with a level, at `inspection` and `assurance` or above, how many are
    expected to reach their next level within a year and to stand lower in six months.
    """

    region: str
    graded: int
    inspection: int
    assurance: int
    rise: float
    fall: float


@dataclass(frozen=True)
class Point:
    """A count by the end of a month: as it was (low = count = high), or forecast with 90 % of the paths."""

    month: str
    count: float
    low: int
    high: int
    forecast: bool


@dataclass(frozen=True)
class Goal:
    """A target of newly added enterprises, counted over the group.

    `national` targets are the document's: no part of the group's own, and never judged against its count.
    `pace` is the expected count with its range by the performance dimension alone: what would come if
    management kept pace; None where that is what is counted anyway.
    `sure` is the largest count that 80 % of the paths reach by then, `likely` that 50 % reach. `probability`
    is None where nothing forecasts it; with `beyond` a lower bound.
    """

    name: str
    level_id: str
    level: int | None
    baseline: str
    by: str
    wanted: int
    national: bool
    achieved: int
    decided: bool
    beyond: bool
    expected: float
    low: int
    high: int
    sure: int
    likely: int
    probability: float | None
    pace: tuple[float, int, int] | None
    curve: tuple[Point, ...]


@dataclass(frozen=True)
class Near:
    """An enterprise whose next level hangs in the balance, and what is below that level today."""

    id: str
    name: str
    region: str
    level: int
    chance: float
    blocking: tuple[str, ...]


@dataclass(frozen=True)
class Binding:
    """How many enterprises an item keeps below their next level, and of how many it is the only one."""

    item: str
    enterprises: int
    alone: int


@dataclass(frozen=True)
class Reach:
    """Who may rise: `open` have a next level and a forecast, `balanced` a chance of it between the bounds."""

    open: int
    expected: float
    balanced: int
    alone: int
    bounds: tuple[float, float]
    nearest: tuple[Near, ...]
    binding: tuple[Binding, ...]


@dataclass(frozen=True)
class Slip:
    """An enterprise that may fall: the chances that its window then stands below today's level."""

    id: str
    name: str
    region: str
    level: int
    half: float
    year: float


@dataclass(frozen=True)
class Risks:
    """Who may fall within six months: `likely` with at least `least`; `expected` adds all chances up."""

    least: float
    likely: int
    expected: float
    expected_year: float
    first: tuple[Slip, ...]


@dataclass(frozen=True)
class Offer:
    """The cheapest set of actions found for a goal: what it costs a year and does to the probability.

    `weak` is the probability with every effect at the weak end of its interval, `cost` None where some cost
    is not on record.
    """

    level: int
    by: str
    wanted: int
    enterprises: int
    actions: int
    cost: float | None
    before: float
    after: float
    weak: float


@dataclass(frozen=True)
class Briefing:
    """All of it; `months` ahead are forecast on `paths` joint paths of the model `model_version`."""

    group: Group
    basis: str
    as_of: str
    months: int
    paths: int
    model_version: str
    outlook: str
    unforecast: int
    standing: Standing
    regions: tuple[Region, ...]
    goals: tuple[Goal, ...]
    reach: Reach
    risks: Risks
    offers: tuple[Offer, ...] = ()
