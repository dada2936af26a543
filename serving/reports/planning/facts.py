"""What the workbook holds beyond the briefing: month by month, path by path, enterprise by enterprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from serving.reports.briefing.facts import Briefing

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Month:
    """How many newly reach a level by the end of a coming month: mean, and the quantiles of `QUANTILES`."""

    level: int
    month: str
    expected: float
    quantiles: tuple[int, ...]


@dataclass(frozen=True)
class Enterprise:
    """One enterprise: official level (0: none), chances of the next one within a year, of standing lower."""

    id: str
    name: str
    region: str
    industry: str
    size: str
    chain: str
    level: int
    chance: float | None
    fall: tuple[float | None, ...]
    blocking: tuple[str, ...]


@dataclass(frozen=True)
class Like:
    """An indicator in a group of like enterprises: how many, quantiles from 10 to 90 %, shrunk."""

    indicator: str
    region: str
    industry: str
    size: str
    members: int
    quantiles: tuple[float, ...]


@dataclass(frozen=True)
class Published:
    """A published figure of the context, with where it was read."""

    indicator: str
    year: int
    area: str
    industry: str
    size: str
    value: float
    unit: str
    derived: str
    source: str
    url: str


@dataclass(frozen=True)
class Helped:
    """An enterprise of the programme: its chances of being newly there without help, with it, and with it at
    the weak end of the effects; how many actions, which (empty: not the reader's to see), what they cost a
    year (None: not known, or not the reader's to see), and the months until they are in force.
    """

    id: str
    name: str
    level: int | None
    before: float
    after: float
    weak: float
    count: int
    actions: str
    cost: float | None
    months: int


@dataclass(frozen=True)
class Case:
    """A scenario against the forecast as it stands, for a level by a month."""

    scenario: str
    level: int
    month: str
    expected: float
    low: int
    high: int
    more: float
    more_low: int
    more_high: int


@dataclass(frozen=True)
class Planning:
    """All of it. `then` are the counts on every path at the month of a goal, by the goal's place; a goal that
    nothing forecasts has none.
    """

    briefing: Briefing
    months: tuple[Month, ...]
    then: Mapping[int, tuple[int, ...]]
    enterprises: tuple[Enterprise, ...]
    likes: tuple[Like, ...] = ()
    published: tuple[Published, ...] = ()
    helped: tuple[Helped, ...] = ()
    cases: tuple[Case, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, code: str) -> str:
        """Return what a code of a region, industry, size or item is called, in both languages."""
        return self.names.get(code, code)
