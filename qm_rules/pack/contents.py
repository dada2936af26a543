"""A rule pack: one edition of the official document as data, read from `qm_rules/editions/<id>/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from qm_rules.faults import PackError
from qm_rules.pack.policy import Setting
from qm_rules.words import Words

Threshold = tuple[int, str, Decimal]
"""Level, operator (">=", "<=" or "<") and bound: rates as fractions, sigma as nonconforming units per
million.
"""


@dataclass(frozen=True, slots=True)
class Level:
    """One of the five levels: its number (1 lowest), id and official name."""

    level: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Bound:
    """What one level asks of one indicator, with the clause and the words that say so."""

    level: int
    operator: str
    value: Decimal
    formula: Decimal | None
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """One quantitative indicator: official name, unit, definition and the bounds of levels 2 to 5."""

    id: str
    name: str
    unit: str
    clause: str
    quote: str
    level_1: Mapping[str, str]
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One management item: its official name and the annex's wording for each level."""

    id: str
    name: str
    wording: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the four dimensions and what it is judged by: indicators or items, in the tables' order."""

    id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Newly added enterprises nationwide by the end of a year, by level id (or `standard`)."""

    by: int
    counts: Mapping[str, int]
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the annex and how it is dealt with: exactly one of the kinds below.

    A bound of `indicators` or a wording of `items` at `level`; a definition (`defines`) dealt with as `how`
    says, by `policies` if there are any; or a `heading` that sets nothing.
    """

    section: str
    quote: str
    heading: str | None = None
    indicators: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    level: int | None = None
    defines: tuple[str, ...] = ()
    how: str | None = None
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Pack:
    """An edition: everything that the grade is made of, and the hash that names exactly this text of it."""

    id: str
    sha256: str
    document: str
    title: str
    annex: str
    issuers: tuple[str, ...]
    issued: date
    in_force_from: date
    levels: tuple[Level, ...]
    indicators: Mapping[str, IndicatorRule]
    items: Mapping[str, Item]
    dimensions: Mapping[str, Dimension]
    policies: Mapping[str, Setting]
    targets: tuple[Target, ...]
    misprints: tuple[Mapping[str, object], ...]
    source: str
    clauses: tuple[Clause, ...]
    translations: Mapping[str, str]
    governs: Words

    def english(self, text: str) -> str:
        """Return the edition's own, unofficial translation; raises PackError for a text that it has not."""
        found = self.translations.get(bare(text))
        if found is None:
            raise PackError(f"english.yaml: found no English for {text!r}; allowed: what the edition says")
        return found

    def said(self, text: str) -> Words:
        """Return a text of the edition (a name, a clause, a quote, a wording) in both languages."""
        return Words(text, self.english(text))

    def words(self, name: str) -> Words:
        """Return the name of a level id, indicator, item or dimension; raises PackError if unknown."""
        if name not in self._names:
            raise PackError(f"name: found {name!r}; allowed: {', '.join(self._names)}")
        return self.said(self._names[name])

    def level_words(self, level: int) -> Words:
        """Return the name of a level from 1 to 5; raises PackError if unknown."""
        names = {one.level: one.name for one in self.levels}
        if level not in names:
            raise PackError(f"level: found {level!r}; allowed: {', '.join(map(str, names))}")
        return self.said(names[level])

    def clause_of(self, name: str, level: int | None = None) -> Clause:
        """Return the clause that sets the bound or wording of a level, or (None) that defines the name."""
        for clause in self.clauses:
            named = clause.defines if level is None else (*clause.indicators, *clause.items)
            if name in named and clause.level == level:
                return clause
        raise PackError(
            f"clauses.yaml: found no clause for {name} at level {level}; allowed: one of the annex"
        )

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {
            **{one.id: one.name for one in self.levels},
            **{name: rule.name for name, rule in self.indicators.items()},
            **{name: item.name for name, item in self.items.items()},
            **{name: dimension.name for name, dimension in self.dimensions.items()},
        }

    @property
    def thresholds(self) -> dict[str, tuple[Threshold, ...]]:
        """Every indicator's thresholds as printed, from level 2 to 5."""
        return self.thresholds_for("printed")

    @property
    def policy(self) -> dict[str, str]:
        """The default of every policy."""
        return {name: setting.default for name, setting in self.policies.items()}

    def thresholds_for(self, sigma_method: str) -> dict[str, tuple[Threshold, ...]]:
        """Return every indicator's thresholds with sigma's as `printed` or by `formula`."""
        return {
            name: tuple(
                (bound.level, bound.operator, _bound_value(bound, sigma_method)) for bound in rule.bounds
            )
            for name, rule in self.indicators.items()
        }


def _bound_value(bound: Bound, sigma_method: str) -> Decimal:
    return bound.formula if sigma_method == "formula" and bound.formula is not None else bound.value


ENDS = " \n.,;:。"


def bare(text: str) -> str:
    """Return a text without the punctuation and space at its ends, which a quote may or may not have."""
    return text.strip(ENDS)
