"""Management items: what people assessed, beside the annex's wording of each level."""

from __future__ import annotations

from qm_rules.grading import Grade
from qm_rules.rulebook import HIGHEST
from qm_rules.trace import phrases
from qm_rules.trace.parts import Input, Judgement, Line
from qm_rules.words import Words

_ASSESSED = Words(
    "由人对照附件的文字评定,不作计算。", "Assessed by people against the annex's wording; no arithmetic."
)
_REASON = Words("评定为 {n} 级({level}):“{quote}”。", "Assessed as level {n} ({level}): “{quote}”.")
_NOT_SUPPLIED = Words(
    "证据中没有 management.{name}:未提供,不作推测,等级因此不完整。",
    "The evidence has no management.{name}: not supplied; nothing is guessed, the grade stays incomplete.",
)


def item_line(grade: Grade, name: str) -> Line:
    """Return the line of an item; if not supplied, it quotes where the annex names its dimension."""
    pack, level = grade.book.pack, grade.items[name]
    judgements = tuple(_judgement(grade, name, to_level) for to_level in range(2, HIGHEST + 1))
    if level is None:
        dimension = next(key for key, members in grade.book.members.items() if name in members)
        clause = pack.clause_of(dimension)
        return Line(
            name, pack.words(name), pack.said(clause.section), pack.said(clause.quote), (), _ASSESSED, None,
            None, "not_supplied", None, judgements, _NOT_SUPPLIED.fill(name=name),
        )  # fmt: skip
    quote = pack.said(pack.items[name].wording[level])
    return Line(
        id=name,
        name=pack.words(name),
        clause=pack.said(pack.clause_of(name, level).section),
        quote=quote,
        inputs=(Input(phrases.ASSESSED, str(level)),),
        working=_ASSESSED,
        value=str(level),
        exact=None,
        status="assessed",
        level=level,
        judgements=judgements,
        reason=_REASON.fill(n=level, level=pack.level_words(level), quote=quote),
    )


def _judgement(grade: Grade, name: str, to_level: int) -> Judgement:
    pack, level = grade.book.pack, grade.items[name]
    return Judgement(
        level=to_level,
        operator=">=",
        needs=str(to_level),
        unit=phrases.LEVEL_UNIT,
        met=level is not None and level >= to_level,
        clause=pack.said(pack.clause_of(name, to_level).section),
        quote=pack.said(pack.items[name].wording[to_level]),
    )
