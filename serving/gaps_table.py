"""Shortfalls as text for people: level by level, what each indicator and item still needs, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qm_rules import Grade
from qm_rules.shortfall import Part, Shortfall
from qm_rules.words import Words
from serving.grade_table import INDICATOR, said, verdict
from serving.text_tables import rendered, table

if TYPE_CHECKING:
    from rich.console import RenderableType

PLACES = 5
"""So many places are listed under a shortfall; `--format json` has them all."""

TO_LEVEL = Words("到{level}({n})还需", "Still needed for {level} ({n})")
MORE = Words("· 另有 {n} 项", "· {n} more")
NOTHING_LACKING = Words("没有差距", "nothing is lacking")


def gaps_table(grade: Grade, shortfalls: Sequence[Shortfall], language: str = "zh") -> str:
    """Return a heading for the grade and a table for each level that something is lacking for."""
    from rich.console import Group

    window = grade.evidence.document["window"]
    head = f"{grade.enterprise_id}  {window['start']} – {window['end']}  {said(verdict(grade), language)}"
    levels = dict.fromkeys(one.to_level for one in shortfalls)
    parts: list[RenderableType] = [_level(grade, shortfalls, level, language) for level in levels]
    return rendered(Group(head, *(parts or [said(NOTHING_LACKING, language)])))


def _level(grade: Grade, shortfalls: Sequence[Shortfall], level: int, language: str) -> RenderableType:
    pack = grade.book.pack
    needed = TO_LEVEL.fill(level=pack.level_words(level), n=level)
    found = table(said(INDICATOR, language), said(needed, language))
    for one in shortfalls:
        if one.to_level == level:
            rows = [said(one.sentence, language), *_places(one, language)]
            found.add_row(said(pack.words(one.indicator), language), "\n".join(rows))
    return found


def _places(one: Shortfall, language: str) -> Iterator[str]:
    """Yield where something is to be done, as far as the sentence does not already say it."""
    parts = _unsaid(one)
    for part in parts[:PLACES]:
        yield f"· {said(part.sentence, language)}"
    if len(parts) > PLACES:
        yield said(MORE.fill(n=len(parts) - PLACES), language)


def _unsaid(one: Shortfall) -> Sequence[Part]:
    if one.kind == "processes":
        return one.alone
    return one.parts[:-1] if one.kind == "item" else one.parts
