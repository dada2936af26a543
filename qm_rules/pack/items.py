"""Reads `items.yaml`: the four dimensions, and the items that people assess by the annex's wording."""

from __future__ import annotations

from collections.abc import Mapping

from qm_rules.evidence.values import ITEMS
from qm_rules.faults import PackError
from qm_rules.pack.contents import Dimension, Item
from qm_rules.pack.yaml_files import only_keys

FILE = "items.yaml"
DIMENSIONS = ("performance", "system", "digital", "sustained")
LEVELS = (1, 2, 3, 4, 5)


def read_people(
    people: object, indicators: Mapping[str, object]
) -> tuple[dict[str, Dimension], dict[str, Item]]:
    """Return the dimensions and the items; raises PackError with file, key and what is allowed."""
    keys = only_keys(people, FILE, {"dimensions", "items", "wordings"})
    wordings = {name: _wording(name, wording) for name, wording in keys["wordings"].items()}
    items = {
        name: _item(name, item, wordings)
        for name, item in only_keys(keys["items"], f"{FILE}, items", set(ITEMS)).items()
    }
    return _dimensions(keys["dimensions"], indicators, items), items


def _wording(name: str, wording: object) -> Mapping[int, str]:
    if not isinstance(wording, dict) or tuple(wording) != LEVELS:
        found = list(wording) if isinstance(wording, dict) else wording
        raise PackError(f"{FILE}, wordings, {name}: found {found!r}; allowed: the levels 1, 2, 3, 4, 5")
    return wording


def _item(name: str, item: object, wordings: Mapping[str, Mapping[int, str]]) -> Item:
    keys = only_keys(item, f"{FILE}, {name}", {"name", "wording"})
    if keys["wording"] not in wordings:
        raise PackError(f"{FILE}, {name}: found {keys['wording']!r}; allowed: {', '.join(wordings)}")
    return Item(name, keys["name"], wordings[keys["wording"]])


def _dimensions(
    dimensions: object, indicators: Mapping[str, object], items: Mapping[str, object]
) -> dict[str, Dimension]:
    found: dict[str, Dimension] = {}
    for name, dimension in only_keys(dimensions, f"{FILE}, dimensions", set(DIMENSIONS)).items():
        keys = only_keys(dimension, f"{FILE}, {name}", {"name"}, {"indicators", "items"})
        members = (*keys.get("indicators", ()), *keys.get("items", ()))
        found[name] = Dimension(name, keys["name"], members)
    named = [member for dimension in found.values() for member in dimension.members]
    if named != [*indicators, *items]:
        allowed = "each indicator and item exactly once, in the order of the tables"
        raise PackError(f"{FILE}, dimensions: found {named}; allowed: {allowed}")
    return found
