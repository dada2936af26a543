"""How a grade came about, so that an assessor can follow it line by line with a pocket calculator.

For each indicator: the inputs as the evidence has them → the arithmetic written out → the value → every
threshold with its clause and the words of the document → the level, with the reason. Then the items, the
dimensions, the verdict, the policies that took part and the notes. In Chinese, which governs, and in English.
"""

from __future__ import annotations

from qm_rules.grading import Grade
from qm_rules.tracing.parts import DimensionLine, Input, Judgement, Line, PolicyLine, Trace
from qm_rules.words import Words

__all__ = ["DimensionLine", "Input", "Judgement", "Line", "PolicyLine", "Trace", "trace"]

UNITS = {
    "ppm": Words("每百万单位不良品数", "nonconforming units per million units"),
    "1": Words("无量纲", "dimensionless"),
    "percent": Words("比率(1 即 100 %)", "fraction (1 is 100 %)"),
}


def trace(grade: Grade) -> Trace:
    """Return how the grade came about."""
    pack = grade.book.pack
    lines = (*(_indicator(grade, name) for name in grade.indicators), *(_item(grade, n) for n in grade.items))
    return Trace(
        sources=(Input(Words("企业", "enterprise"), grade.enterprise_id),),
        lines=lines,
        dimensions=tuple(
            DimensionLine(name, pack.words(name), level, Words("", ""))
            for name, level in grade.dimensions.items()
        ),
        verdict=Words("", "") if grade.level is None else pack.level_words(grade.level),
        policies=(),
        notes=(),
    )


def _indicator(grade: Grade, name: str) -> Line:
    pack, found = grade.book.pack, grade.indicators[name]
    rule = pack.indicators[name]
    steps = grade.book.ladders[name].asked
    judgements = tuple(
        Judgement(
            level=bound.level,
            operator=steps[bound.level].operator,
            needs=steps[bound.level].needs,
            unit=UNITS[rule.unit],
            met=found.level is not None and grade.book.supports(name, found.level, bound.level),
            clause=pack.said(bound.clause),
            quote=pack.said(bound.quote),
        )
        for bound in rule.bounds
    )
    return Line(
        name, pack.words(name), pack.said(rule.clause), pack.said(rule.quote), (), Words("", ""),
        found.value, found.exact, found.status, found.level, judgements, Words("", ""),
    )  # fmt: skip


def _item(grade: Grade, name: str) -> Line:
    pack, level = grade.book.pack, grade.items[name]
    wording = pack.items[name].wording
    clause = {one.level: pack.said(f"附件·{one.name}") for one in pack.levels}
    judgements = tuple(
        Judgement(
            level=to_level,
            operator=">=",
            needs=str(to_level),
            unit=Words("级", "level"),
            met=level is not None and level >= to_level,
            clause=clause[to_level],
            quote=pack.said(wording[to_level]),
        )
        for to_level in range(2, 6)
    )
    return Line(
        id=name,
        name=pack.words(name),
        clause=clause[level or 1],
        quote=pack.said(wording[level or 1]),
        inputs=() if level is None else (Input(Words("评定等级", "assessed level"), str(level)),),
        working=Words("", ""),
        value=None if level is None else str(level),
        exact=None,
        status="not_supplied" if level is None else "assessed",
        level=level,
        judgements=judgements,
        reason=Words("", ""),
    )
