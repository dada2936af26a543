"""What a look at the data found: plain facts without words, so that every reader gets their own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """What a warning is about."""

    CHART = "chart"
    FORECAST = "forecast"
    LEVEL = "level"
    DRIFT = "drift"
    STALE = "stale"


class Channel(StrEnum):
    """How somebody is told; `page` is the page's own filter and sends nothing."""

    PAGE = "page"
    MAIL = "mail"
    WEBHOOK = "webhook"
    MQTT = "mqtt"


class Rhythm(StrEnum):
    """When messages leave."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


CHANCES: Final = (Kind.FORECAST, Kind.LEVEL)
"""Kinds whose weight is a probability, held against the one that a person chose."""
LEAST_CHANCE, USUAL_CHANCE = 0.5, 0.8
"""The lowest probability that can be chosen, and the one of whoever chooses none."""
WORSE: Final = {Kind.CHART: 2.0, Kind.FORECAST: 0.15, Kind.LEVEL: 0.15, Kind.DRIFT: 2.0, Kind.STALE: 3.0}
"""By how much a weight must grow until a warning is said again: p-values a hundredth, probabilities fifteen
points, three months more.
"""


@dataclass(frozen=True)
class Finding:
    """Something to warn of, or (`raises` false) to go on warning of.

    `subject` tells it apart from others of its kind and enterprise (None: of the whole store); `period` is
    the month it is about; `weight` says how bad it is: −log₁₀ of a p-value, a probability, months.
    """

    kind: Kind
    enterprise_id: str | None
    subject: str
    period: str
    weight: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    raises: bool = True

    @property
    def identity(self) -> str:
        """What two looks at the same trouble have in common."""
        return "\n".join((self.kind, self.enterprise_id or "", self.subject))


@dataclass(frozen=True)
class Look:
    """What was found of one kind; `examined` are the enterprises looked at (None: everything).

    An open warning of an examined enterprise that is not found any more resolves itself. `facts` say what
    was looked at, for the page.
    """

    kind: Kind
    findings: tuple[Finding, ...]
    examined: frozenset[str] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        kind: Kind,
        findings: Iterable[Finding],
        examined: Iterable[str] | None = None,
        **facts: Any,  # noqa: ANN401 - JSON
    ) -> Look:
        """Put a look together."""
        seen = None if examined is None else frozenset(examined)
        return cls(kind, tuple(findings), seen, facts)

    def covers(self, enterprise_id: str | None) -> bool:
        """Say whether a warning of this enterprise would have been found again."""
        return self.examined is None or enterprise_id in self.examined
