"""A person or a machine that asks, with roles and a scope. No database here: rules only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Role(StrEnum):
    """What somebody does here; one person may have several."""

    ENGINEER = "engineer"
    PLANNER = "planner"
    SCIENTIST = "scientist"
    ASSESSOR = "assessor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Scope:
    """Whose numbers: named enterprises, regions by GB/T 2260 prefix (`33` a province, `3302` a city), or all.

    Of an enterprise in `enterprises` everything is seen; of one in `regions` its numbers (level, indicators,
    forecasts, chances), not its records, drivers, actions or assessments.
    """

    enterprises: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()
    everything: bool = False

    def numbers(self, enterprise: Mapping[str, Any]) -> bool:
        """Say whether the numbers of a row of `enterprises` may be seen."""
        region = str(enterprise.get("region_code") or "")
        return self.details(enterprise) or any(region.startswith(prefix) for prefix in self.regions if prefix)

    def details(self, enterprise: Mapping[str, Any]) -> bool:
        """Say whether everything of a row of `enterprises` may be seen."""
        return self.everything or str(enterprise["enterprise_id"]) in self.enterprises


EVERYTHING: Final = Scope(everything=True)


@dataclass(frozen=True)
class Person:
    """Who asks; `name` is what the journal writes down."""

    name: str
    roles: frozenset[Role]
    scope: Scope
    machine: bool = False

    def has(self, *roles: Role) -> bool:
        """Say whether the person has one of these roles; an administrator has all."""
        return Role.ADMIN in self.roles or any(role in self.roles for role in roles)

    def sees_numbers(self, enterprise: Mapping[str, Any]) -> bool:
        """Say whether level, indicators, forecasts and chances of a row of `enterprises` may be seen."""
        return Role.ADMIN in self.roles or self.scope.numbers(enterprise)

    def sees_details(self, enterprise: Mapping[str, Any]) -> bool:
        """Say whether records, drivers, actions and assessments of it may be seen too."""
        return Role.ADMIN in self.roles or self.scope.details(enterprise)


LOCAL_ADMINISTRATOR: Final = Person("local", frozenset({Role.ADMIN}), EVERYTHING)
"""Who asks where nobody signs in: whoever sits at this machine."""
