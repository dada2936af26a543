"""Management items: what the item is now, and what the annex's wording of the next levels asks for."""

from __future__ import annotations

from qm_rules.shortfall.figures import Lack
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.words import Words

_NOW = Words(
    "现评定为{now}(“{is_so}”);{level}要求:“{asked}”({clause})。",
    "Assessed as {now} now (“{is_so}”); {level} asks: “{asked}” ({clause}).",
)
_STEP = Words("{level}:“{asked}”({clause})。", "{level}: “{asked}” ({clause}).")


def next_wording(lack: Lack) -> Shortfall:
    """Return the wording that the level asks, and as parts that of every level on the way."""
    pack, name, to_level = lack.grade.book.pack, lack.gap.indicator, lack.gap.to_level
    now, wording = int(lack.gap.has or 1), pack.items[lack.gap.indicator].wording
    said = _NOW.fill(
        now=pack.level_words(now),
        is_so=pack.said(wording[now]),
        level=pack.level_words(to_level),
        asked=pack.said(wording[to_level]),
        clause=pack.said(pack.clause_of(name, to_level).section),
    )
    parts = tuple(_part(lack, level) for level in range(now + 1, to_level + 1))
    return Shortfall(to_level, name, "item", said, str(to_level - now), "levels", parts)


def _part(lack: Lack, level: int) -> Part:
    pack, name = lack.grade.book.pack, lack.gap.indicator
    said = _STEP.fill(
        level=pack.level_words(level),
        asked=pack.said(pack.items[name].wording[level]),
        clause=pack.said(pack.clause_of(name, level).section),
    )
    return Part(str(level), str(level - 1), str(level), "1", said)
