"""A trace as text that is read line by line, Chinese first: on a terminal, on paper, in a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qm_rules.trace.numbers import SIGNS
from qm_rules.trace.parts import Input, Judgement, Line, PolicyLine, Trace
from qm_rules.trace.phrases import LINE_STATUS
from qm_rules.words import Words, label
from serving.grade_table import said

MET, MISSED = "✓", "✗"
LINES, DIMENSIONS = Words("一、逐项", "1. Line by line"), Words("二、维度", "2. Dimensions")
VERDICT, POLICIES = (
    Words("三、综合判断", "3. Overall judgement"),
    Words("四、所用政策", "4. Policies that took part"),
)
NOTES, NONE = Words("五、提示", "5. Notes"), Words("无", "none")
QUOTE = Words("“{quote}”({clause})", "“{quote}” ({clause})")
VALUE = Words("值 {value}", "value {value}")
LEVEL, OPEN = Words("{n} 级", "level {n}"), Words("等级未定", "no level")
OTHER = Words("(非默认值)", "(not the default)")


def trace_text(trace: Trace, languages: Sequence[str] = ("zh", "en")) -> str:
    """Return the trace as text, once for each language in the order given."""
    return "\n\n".join("\n".join(_lines(trace, language)) for language in languages)


def _lines(trace: Trace, language: str) -> Iterable[str]:
    yield from (_input(one, language) for one in trace.sources)
    yield f"\n{said(LINES, language)}"
    for number, line in enumerate(trace.lines, start=1):
        yield from _line(number, line, language)
    yield f"\n{said(DIMENSIONS, language)}"
    for dimension in trace.dimensions:
        level = said(_level(dimension.level), language)
        yield f"  {said(dimension.name, language)}  {level}  {said(dimension.reason, language)}"
    yield f"\n{said(VERDICT, language)}\n  {said(trace.verdict, language)}"
    yield f"\n{said(POLICIES, language)}"
    yield from (_policy(policy, language) for policy in trace.policies)
    yield f"\n{said(NOTES, language)}"
    yield from (f"  {said(note, language)}" for note in trace.notes or (NONE,))
    yield f"\n{said(trace.governs, language)}"


def _line(number: int, line: Line, language: str) -> Iterable[str]:
    value = () if line.value is None or line.exact is None else (VALUE.fill(value=line.value),)
    head = (line.name, LINE_STATUS[line.status], *value, _level(line.level))
    yield f"({number}) " + " · ".join(said(part, language) for part in head)
    yield "    " + said(QUOTE.fill(quote=line.quote, clause=line.clause), language)
    yield from (f"    {_input(one, language)}" for one in line.inputs)
    if line.working.zh:
        yield f"    → {said(line.working, language)}"
    yield from (f"    {_judgement(line, one, language)}" for one in line.judgements)
    yield f"    ⇒ {said(line.reason, language)}"


def _input(one: Input, language: str) -> str:
    return f"{said(one.name, language)}: {label(one.value, most=100)}"


def _judgement(line: Line, one: Judgement, language: str) -> str:
    mark = " " if line.level is None else MET if one.met else MISSED
    words = said(QUOTE.fill(quote=one.quote, clause=one.clause), language)
    bound = f"{SIGNS[one.operator]} {one.needs} {said(one.unit, language)}"
    return f"{mark} {said(LEVEL.fill(n=one.level), language)}: {bound}  {words}"


def _policy(policy: PolicyLine, language: str) -> str:
    other = "" if policy.is_default else said(OTHER, language)
    parts = (f"{policy.id} = {policy.value}{other}", policy.name, policy.meaning, policy.otherwise)
    texts = [part if isinstance(part, str) else said(part, language) for part in parts]
    return "  " + " · ".join(filter(None, texts))


def _level(level: int | None) -> Words:
    return OPEN if level is None else LEVEL.fill(n=level)
