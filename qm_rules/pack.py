"""A rule pack: one edition of the official document as data, read from `qm_rules/editions/<id>/`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from qm_rules.faults import PackError
from qm_rules.policy import Setting

EDITIONS = Path(__file__).parent / "editions"

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


@cache
def load_pack(edition_id: str | None = None, folder: Path = EDITIONS) -> Pack:
    """Return the pack of an edition, by default the newest; raises PackError if it is not sound.

    A past grade names its pack, so it can be issued again by that id.
    """
    from qm_rules.pack_reading import read_pack

    chosen = edition_id if edition_id is not None else edition_in_force(None, folder)
    if chosen not in edition_ids(folder):
        raise PackError(f"edition: found {chosen!r}; allowed: {', '.join(edition_ids(folder))}")
    return read_pack(folder / chosen)


def edition_ids(folder: Path = EDITIONS) -> tuple[str, ...]:
    """Return the ids of all editions: the names of the folders that hold an `edition.yaml`."""
    return tuple(sorted(file.parent.name for file in folder.glob("*/edition.yaml")))


def edition_in_force(on: date | None, folder: Path = EDITIONS) -> str:
    """Return the id of the edition in force on a date (None: the newest): the latest to begin by then.

    Raises PackError if none was in force yet.
    """
    from qm_rules.pack_reading import in_force_from

    begins = sorted((in_force_from(folder / name), name) for name in edition_ids(folder))
    begun = [name for begin, name in begins if on is None or begin <= on]
    if not begun:
        first = begins[0][0] if begins else None
        raise PackError(f"edition: found no edition in force on {on}; allowed: {first} or later")
    return begun[-1]


def pack_sha256(folder: Path) -> str:
    """Return the SHA-256 over the sorted lines `path NUL sha256-of-file`, each ended by a line feed.

    Paths are relative to the edition's folder with `/`; every file counts but those whose name begins with
    a dot.
    """
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")]
    lines = sorted(
        f"{file.relative_to(folder).as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        for file in files
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
