"""Reads an edition's folder into a `Pack` and refuses whatever it does not know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from qm_rules.exact import is_decimal
from qm_rules.faults import PackError
from qm_rules.pack import Bound, Dimension, IndicatorRule, Item, Level, Pack, Target, bare
from qm_rules.policy import Setting
from qm_rules.yaml_files import only_keys, read_yaml

UNITS = {"ppm": Decimal(1), "1": Decimal(1), "percent": Decimal("0.01")}
OPERATORS = (">=", "<=", "<")
EDITION_KEYS = {"id", "document", "title", "annex", "issuers", "issued", "in_force_from", "source"}


def in_force_from(folder: Path) -> date:
    """Return the day from which the edition in the folder is in force."""
    return date.fromisoformat(_edition(folder)["in_force_from"])


def read_pack(folder: Path) -> Pack:
    """Return the pack of the folder; raises PackError with file, key and what is allowed."""
    edition = _edition(folder)
    judged = only_keys(read_yaml(folder / "thresholds.yaml"), "thresholds.yaml", {"levels", "indicators"})
    people = only_keys(read_yaml(folder / "items.yaml"), "items.yaml", {"dimensions", "items", "wordings"})
    goals = only_keys(read_yaml(folder / "targets.yaml"), "targets.yaml", {"targets", "misprints"})
    indicators = {name: _indicator(name, rule) for name, rule in judged["indicators"].items()}
    items = {name: _item(name, item, people["wordings"]) for name, item in people["items"].items()}
    return Pack(
        id=edition["id"],
        sha256=pack_sha256(folder),
        document=edition["document"],
        title=edition["title"],
        annex=edition["annex"],
        issuers=tuple(edition["issuers"]),
        issued=date.fromisoformat(edition["issued"]),
        in_force_from=date.fromisoformat(edition["in_force_from"]),
        levels=tuple(
            Level(**only_keys(level, "levels", {"level", "id", "name"})) for level in judged["levels"]
        ),
        indicators=indicators,
        items=items,
        dimensions=_dimensions(people["dimensions"], indicators, items),
        policies=_policies(read_yaml(folder / "policy.yaml")),
        targets=tuple(_target(target) for target in goals["targets"]),
        misprints=tuple(_misprint(misprint) for misprint in goals["misprints"]),
        source=(folder / edition["source"]).read_text(encoding="utf-8"),
        translations=_translations(read_yaml(folder / "english.yaml")),
    )


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


def _edition(folder: Path) -> Mapping[str, Any]:
    edition = only_keys(read_yaml(folder / "edition.yaml"), "edition.yaml", EDITION_KEYS)
    if edition["id"] != folder.name:
        raise PackError(
            f"edition.yaml: found the id {edition['id']!r}; allowed: the folder's name {folder.name!r}"
        )
    return edition


def _indicator(name: str, rule: object) -> IndicatorRule:
    where = f"thresholds.yaml, {name}"
    keys = only_keys(rule, where, {"name", "unit", "clause", "quote", "level_1", "bounds"})
    if keys["unit"] not in UNITS:
        raise PackError(f"{where}: found the unit {keys['unit']!r}; allowed: {', '.join(UNITS)}")
    return IndicatorRule(
        id=name,
        name=keys["name"],
        unit=keys["unit"],
        clause=keys["clause"],
        quote=keys["quote"],
        level_1=only_keys(keys["level_1"], f"{where}, level_1", {"clause", "quote"}),
        bounds=tuple(_bound(bound, where, keys["unit"]) for bound in keys["bounds"]),
    )


def _bound(bound: object, where: str, unit: str) -> Bound:
    keys = only_keys(bound, where, {"level", "operator", "value", "clause", "quote"}, {"formula"})
    if keys["operator"] not in OPERATORS:
        raise PackError(f"{where}: found the operator {keys['operator']!r}; allowed: {', '.join(OPERATORS)}")
    return Bound(
        level=keys["level"],
        operator=keys["operator"],
        value=_decimal(keys["value"], where) * UNITS[unit],
        formula=_decimal(keys["formula"], where) if "formula" in keys else None,
        clause=keys["clause"],
        quote=keys["quote"],
    )


def _decimal(text: object, where: str) -> Decimal:
    if not isinstance(text, str) or is_decimal(text) is None:
        raise PackError(f"{where}: found {text!r}; allowed: a decimal in quotes, as printed")
    return Decimal(text)


def _item(name: str, item: object, wordings: Mapping[str, Mapping[int, str]]) -> Item:
    keys = only_keys(item, f"items.yaml, {name}", {"name", "wording"})
    if keys["wording"] not in wordings:
        raise PackError(f"items.yaml, {name}: found {keys['wording']!r}; allowed: {', '.join(wordings)}")
    return Item(name, keys["name"], wordings[keys["wording"]])


def _dimensions(
    dimensions: Mapping[str, object], indicators: Mapping[str, object], items: Mapping[str, object]
) -> dict[str, Dimension]:
    found: dict[str, Dimension] = {}
    for name, dimension in dimensions.items():
        keys = only_keys(dimension, f"items.yaml, {name}", {"name"}, {"indicators", "items"})
        members = (*keys.get("indicators", ()), *keys.get("items", ()))
        found[name] = Dimension(name, keys["name"], members)
    named = [member for dimension in found.values() for member in dimension.members]
    if named != [*indicators, *items]:
        allowed = "each indicator and item exactly once, in the order of the tables"
        raise PackError(f"items.yaml, dimensions: found {named}; allowed: {allowed}")
    return found


def _policies(settings: Mapping[str, object]) -> dict[str, Setting]:
    return {name: _setting(name, setting) for name, setting in settings.items()}


def _setting(name: str, setting: object) -> Setting:
    where = f"policy.yaml, {name}"
    keys = only_keys(setting, where, {"default", "decided", "why"}, {"choices", "range", "reading"})
    limits = tuple(keys["range"]) if "range" in keys else None
    found = Setting(
        name,
        keys["default"],
        keys["decided"],
        keys["why"],
        keys.get("choices", {}),
        limits,
        keys.get("reading", False),
    )
    if not found.allows(found.default):
        raise PackError(f"{where}: found the default {found.default!r}; allowed: {found.allowed}")
    return found


def _translations(english: object) -> dict[str, str]:
    """Return every Chinese text, bare, with its English."""
    sections = only_keys(english, "english.yaml", {"governs", "names", "clauses", "quotes", "wordings"})
    kinds = [sections[name] for name in ("names", "clauses", "quotes", "wordings")]
    return {bare(chinese): text for kind in kinds for chinese, text in kind.items()}


def _target(target: object) -> Target:
    return Target(**only_keys(target, "targets.yaml", {"by", "counts", "clause", "quote"}))


def _misprint(misprint: object) -> Mapping[str, object]:
    return only_keys(
        misprint, "targets.yaml", {"by", "level", "count", "printed_in", "quote", "stands", "why"}
    )
