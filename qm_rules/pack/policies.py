"""Reads `policy.yaml`: the named decisions of an edition, and refuses what the code could not carry out."""

from __future__ import annotations

from collections.abc import Mapping

from qm_rules.faults import PackError
from qm_rules.pack.policy import Setting
from qm_rules.pack.yaml_files import only_keys
from qm_rules.words import Words

FILE = "policy.yaml"
READINGS = {
    "aggregation": ("lowest", "lower_median", "performance_only"),
    "level2_loss": ("tracked", "literal"),
    "sigma_method": ("printed", "formula"),
    "confidence": ("0.95",),
}
"""The choices that the code knows how to carry out; an edition may offer these or fewer, never others."""

NUMBERS = ("min_values", "few_values", "window_months", "cpk_decimals", "assessment_months")


def read_policies(settings: object) -> dict[str, Setting]:
    """Return the policies of the file; raises PackError with file, key and what is allowed."""
    found = only_keys(settings, FILE, {*READINGS, *NUMBERS})
    return {name: _setting(name, setting) for name, setting in found.items()}


def _setting(name: str, setting: object) -> Setting:
    where = f"{FILE}, {name}"
    own = {"choices"} if name in READINGS else {"range", "meaning"}
    keys = only_keys(setting, where, {"name", "default", "decided", "why", *own}, {"reading"})
    found = Setting(
        name=name,
        title=words(keys["name"], f"{where}, name"),
        default=keys["default"],
        decided=keys["decided"],
        why=keys["why"],
        choices=_choices(keys.get("choices", {}), where, READINGS.get(name, ())),
        range=_range(keys["range"], where) if "range" in keys else None,
        reading=keys.get("reading", False),
        template=words(keys["meaning"], f"{where}, meaning") if "meaning" in keys else None,
    )
    if not isinstance(found.default, str) or not found.allows(found.default):
        raise PackError(f"{where}: found the default {found.default!r}; allowed: {found.allowed}, in quotes")
    return found


def _choices(choices: object, where: str, known: tuple[str, ...]) -> Mapping[str, Words]:
    found = only_keys(choices, f"{where}, choices", set(), set(known))
    return {value: words(meaning, f"{where}, {value}") for value, meaning in found.items()}


def _range(limits: object, where: str) -> tuple[int, int]:
    if not (isinstance(limits, list) and len(limits) == 2 and all(type(limit) is int for limit in limits)):
        raise PackError(f"{where}: found the range {limits!r}; allowed: [lowest, highest], whole numbers")
    return limits[0], limits[1]


def words(pair: object, where: str) -> Words:
    """Return the two languages of a mapping `{zh: …, en: …}`; raises PackError if it is anything else."""
    keys = only_keys(pair, where, {"zh", "en"})
    for language, text in keys.items():
        if not isinstance(text, str) or not text:
            raise PackError(f"{where}: found {text!r} as {language}; allowed: a text")
    return Words(keys["zh"], keys["en"])
