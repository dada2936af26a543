"""Gaps in the units that people act on: units, points of yield, money, characteristics, wordings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from qm_rules.grading import Gap, Grade
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.words import Words

__all__ = ["Part", "Shortfall", "shortfalls"]

UnitCosts = Mapping[tuple[str, str], Decimal]


def shortfalls(grade: Grade, *, unit_costs: UnitCosts | None = None) -> tuple[Shortfall, ...]:
    """Return what is lacking for every higher level: one shortfall for each of `grade.gaps`, same order."""
    return tuple(_plain(grade, gap) for gap in grade.gaps)


def _plain(grade: Grade, gap: Gap) -> Shortfall:
    name = grade.book.pack.words(gap.indicator)
    has = gap.has or "–"
    sentence = Words(
        f"{name.zh}:现值 {has},需 {gap.operator} {gap.needs}",
        f"{name.en}: {has} now, {gap.operator} {gap.needs} needed",
    )
    kind = "track" if gap.has is None else "item" if gap.indicator in grade.items else "characteristics"
    return Shortfall(gap.to_level, gap.indicator, kind, sentence, None, None, ())
