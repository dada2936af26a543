"""From a value to its level: every threshold with what it says, and the reason in words."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.exact import Ratio
from qm_rules.grading import Grade
from qm_rules.ladder import Step
from qm_rules.rulebook import HIGHEST
from qm_rules.trace import phrases
from qm_rules.trace.characteristics import faults_of, graded_rows
from qm_rules.trace.numbers import compared, percent
from qm_rules.trace.parts import Judgement
from qm_rules.words import NOTHING, Words, sentences

FAMILIES = {"internal_loss": "internal", "external_loss": "external"}
_KEYS = {"sigma": "deliveries", "cpk": "capability", "ftq": "first_pass"}

_REACHED = Words("{compared},达到{level}({n} 级)。", "{compared}: reaches {level} (level {n}).")
_MISSED = Words("{compared},未达到{level}({n} 级)。", "{compared}: does not reach {level} (level {n}).")
_LOWEST = Words("属{level}:“{quote}”({clause})。", "So {level}: “{quote}” ({clause}).")
_LITERAL = Words(
    "按 level2_loss = literal,{compared},不支持{level}本身。",
    "By level2_loss = literal, {compared}: does not support {level} itself.",
)
_TRACKED = Words(
    "(按 level2_loss = tracked,{level}的“{quote}”理解为已做统计,损失更小不影响。)",
    "(By level2_loss = tracked the words of {level}, “{quote}”, ask that the rate is tracked; "
    "a better one never disqualifies.)",
)
_FORMULA = Words(
    "(按 sigma_method = formula,门槛为带 1.5σ 偏移的正态尾概率精确值。)",
    "(By sigma_method = formula the bounds are the exact normal tail with the 1.5σ shift.)",
)
_NOT_SUPPLIED = Words(
    "证据中没有 {key}:未提供,不作推测,等级因此不完整。",
    "The evidence has no {key}: not supplied; nothing is guessed, the grade stays incomplete.",
)
_NOT_TRACKED = Words(
    "企业未做该项统计,属{level}:“{quote}”({clause})。",
    "The enterprise does not keep this statistic, so {level}: “{quote}” ({clause}).",
)
_INADMISSIBLE = Words(
    "不符合定义“{quote}”({clause}),不予采信,计为{level}:{faults}",
    "Breaks the definition “{quote}” ({clause}), inadmissible, counts as {level}: {faults}",
)
_TOO_FEW = Words(
    "测量值不足(政策 min_values),不予采信,计为{level}:{faults}",
    "Too few values (policy min_values), inadmissible, counts as {level}: {faults}",
)


def judgements(grade: Grade, name: str) -> tuple[Judgement, ...]:
    """Return the thresholds of levels 2 to 5 under the grade's policy, with what the document says."""
    pack, book, level = grade.book.pack, grade.book, grade.indicators[name].level
    rule, asked = pack.indicators[name], grade.book.ladders[name].asked
    unit = phrases.UNITS[rule.unit]
    return tuple(
        Judgement(
            level=bound.level,
            operator=asked[bound.level].operator,
            needs=asked[bound.level].needs,
            unit=unit.fill(percent=percent(asked[bound.level].numerator, asked[bound.level].denominator)),
            met=level is not None and book.supports(name, level, bound.level),
            clause=pack.said(bound.clause),
            quote=pack.said(bound.quote),
        )
        for bound in rule.bounds
    )


def reason(grade: Grade, name: str) -> Words:
    """Return why the indicator has its level."""
    status = grade.indicators[name].status
    if status == "not_supplied":
        return _NOT_SUPPLIED.fill(key=_lacking(grade, name))
    if status == "not_tracked":
        return _lowest(grade, name, _NOT_TRACKED)
    return _inadmissible(grade) if status == "inadmissible" else _measured(grade, name)


def _measured(grade: Grade, name: str) -> Words:
    level = grade.indicators[name].level or 1
    steps = {step.level: step for step in grade.book.ladders[name].steps}
    reached = _against(grade, name, steps[level], _REACHED) if level > 1 else NOTHING
    missed = _against(grade, name, steps[level + 1], _MISSED) if level < HIGHEST else NOTHING
    rest = _lowest(grade, name, _LOWEST) if level == 1 else NOTHING
    return sentences((reached, missed, rest, _reading(grade, name)))


def _against(grade: Grade, name: str, step: Step, text: Words) -> Words:
    """Return the value beside the bound of a step: met where the text says that it is reached, else not."""
    found = grade.indicators[name]
    bound, met = (step.numerator, step.denominator), text is _REACHED
    shown = compared(found.value or "", lambda: _ratio(found.exact or ""), step.operator, bound, met=met)
    return text.fill(compared=shown, level=grade.book.pack.level_words(step.level), n=step.level)


def _reading(grade: Grade, name: str) -> Words:
    """Say which reading of the document the comparison rests on, where the document leaves one open."""
    book = grade.book
    if name == "sigma":
        return NOTHING if book.policy["sigma_method"] == "printed" else _FORMULA
    if name not in FAMILIES:
        return NOTHING
    level_2 = book.pack.level_words(2)
    if not book.literal:
        quote = book.pack.said(book.pack.indicators[name].bounds[0].quote)
        return _TRACKED.fill(quote=quote, level=level_2)
    if book.supports(name, grade.indicators[name].level or 1, 2):
        return NOTHING
    return _against(grade, name, book.ladders[name].asked[2], _LITERAL)


def _lowest(grade: Grade, name: str, text: Words) -> Words:
    pack = grade.book.pack
    said = pack.indicators[name].level_1
    return text.fill(
        level=pack.level_words(1), quote=pack.said(said["quote"]), clause=pack.said(said["clause"])
    )


def _inadmissible(grade: Grade) -> Words:
    """Say why a Cpk does not count: the definition is the document's, the fewest values are a policy's."""
    pack = grade.book.pack
    graded = graded_rows(grade.evidence.document["capability"])
    rule = pack.indicators["cpk"]
    text = _TOO_FEW if all(row["stable"] for row in graded) else _INADMISSIBLE
    return text.fill(
        quote=pack.said(rule.quote),
        clause=pack.said(rule.clause),
        level=pack.level_words(1),
        faults=sentences(faults_of(graded, grade.book.min_values)),
    )


def _lacking(grade: Grade, name: str) -> str:
    """Return the key that the evidence lacks."""
    family = FAMILIES.get(name)
    if family is None:
        return _KEYS[name]
    return "output_value" if family in grade.evidence.document.get("losses", {}) else f"losses.{family}"


def _ratio(exact: str) -> Ratio:
    """Read "numerator/denominator", however long (`int` of a text stops at 4 300 digits)."""
    numerator, _, denominator = exact.partition("/")
    return int(Decimal(numerator)), int(Decimal(denominator))
