"""What the next level asks of the management items, in the annex's own words."""

from __future__ import annotations

from typing import Any

from qm_rules import load_pack
from serving.web.language import Language
from serving.web.scales import LEVELS
from serving.web.views.words import Row, item_names, level_name


def asked_views(t: Language, answer: Row, evidence: Row) -> list[dict[str, Any]]:
    """Return each wording once, with the items that it is the next level of; what decides the grade first.

    Items at the top level, and those that were not supplied, are asked nothing.
    """
    pack, levels = load_pack(), evidence.get("management") or {}
    together: dict[tuple[bool, int, str], list[str]] = {}
    for name, item in pack.items.items():
        level = levels.get(name)
        if level is not None and level < LEVELS[-1]:
            key = name in answer["binding"], level + 1, item.wording[level + 1]
            together.setdefault(key, []).append(name)
    return [
        {
            "names": item_names(t, names),
            "binding": binding,
            "level": level_name(t, level),
            "quote": quote,
            "translation": "" if t.code == "zh" else pack.english(quote),
        }
        for (binding, level, quote), names in sorted(together.items(), key=lambda one: not one[0][0])
    ]


def governs(t: Language) -> str:
    """Return which language counts, for readers of the translation."""
    return "" if t.code == "zh" else load_pack().governs.en
