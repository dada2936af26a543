"""Policies: named decisions where the document is silent.

The pack holds them with their reasons; a caller may ask for other readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from qm_rules.faults import PolicyError
from qm_rules.words import Words


@dataclass(frozen=True, slots=True)
class Setting:
    """One policy of a pack: its default, its allowed values with their meaning, and why it is so."""

    name: str
    title: Words
    default: str
    decided: str
    why: str
    choices: Mapping[str, Words]
    range: tuple[int, int] | None
    reading: bool
    template: Words | None = None

    def meaning(self, value: str) -> Words:
        """Return what the policy means with an allowed value."""
        if self.template is None:
            return self.choices[value]
        return Words(self.template.zh.replace("{}", value), self.template.en.replace("{}", value))

    def allows(self, value: str) -> bool:
        """Say whether the value is one that this policy may take."""
        if self.range is None:
            return value in self.choices
        low, high = self.range
        return (
            value.isascii()
            and value.isdigit()
            and str(int(value[:20])) == value
            and low <= int(value) <= high
        )

    @property
    def allowed(self) -> str:
        """The allowed values, for a message."""
        if self.range is None:
            return ", ".join(self.choices)
        return "a whole number from {} to {}".format(*self.range)


class Policy:
    """Where a caller departs from the pack's defaults, e.g. `Policy(aggregation="lower_median")`."""

    __slots__ = ("overrides",)

    def __init__(self, **overrides: str) -> None:
        self.overrides: tuple[tuple[str, str], ...] = tuple(sorted(overrides.items()))

    @classmethod
    def parse(cls, arguments: Iterable[str]) -> Policy:
        """Return the policy of `NAME=VALUE` texts (the last one counts); raises PolicyError without a `=`."""
        overrides: dict[str, str] = {}
        for argument in arguments:
            name, equals, value = argument.partition("=")
            if not equals:
                raise PolicyError(f"--policy: found {argument!r}; allowed: NAME=VALUE")
            overrides[name.strip()] = value.strip()
        return cls(**overrides)

    def resolved(self, settings: Mapping[str, Setting]) -> dict[str, str]:
        """Return every policy with its value; raises PolicyError for what the pack does not know."""
        values = {name: setting.default for name, setting in settings.items()}
        for name, value in self.overrides:
            if name not in settings:
                raise PolicyError(f"policy: found {name!r}; allowed: {', '.join(settings)}")
            if not settings[name].allows(value):
                raise PolicyError(f"policy {name}: found {value!r}; allowed: {settings[name].allowed}")
            values[name] = value
        return values

    def readings(self, settings: Mapping[str, Setting]) -> list[Policy]:
        """Return all readings to compare: each combination of the readings that this policy does not fix.

        The first one is this policy itself.
        """
        fixed = dict(self.overrides)
        free = [setting for name, setting in settings.items() if setting.reading and name not in fixed]
        choices = [
            [setting.default, *(name for name in setting.choices if name != setting.default)]
            for setting in free
        ]
        names = [setting.name for setting in free]
        return [Policy(**fixed, **dict(zip(names, values, strict=True))) for values in product(*choices)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.overrides == other.overrides

    def __hash__(self) -> int:
        return hash(self.overrides)

    def __repr__(self) -> str:
        return f"Policy({', '.join(f'{name}={value!r}' for name, value in self.overrides)})"
