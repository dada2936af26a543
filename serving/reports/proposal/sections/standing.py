"""Where we are: the official grade, what holds it, the gap in the units that people act on, and in money."""

from __future__ import annotations

from decimal import Decimal

from qm_rules import Gap
from qm_rules.shortfall import Shortfall
from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.proposal.sections.chances import chances
from serving.reports.proposal.telling import Telling
from serving.reports.speech import NONE, WIDE
from serving.reports.values import bound_text, value_text

HEADING = Words("现状", "Where we are")
OFFICIAL = Words("官方等级", "Official grade")
RESULT = Words(
    "{span}，按 {edition} 由记录计算：{level}，{status}。每一步计算见《自我声明》(zhuoyue report)。",
    "{span}, computed from the records by {edition}: {level}, {status}. The self-declaration (zhuoyue "
    "report) has every step.",
)
STATUS = {
    "final": Words("最终", "final"),
    "provisional": Words(
        "暂定(有月份缺数据或窗口不足)", "provisional (months are missing, or the window is too short)"
    ),
    "incomplete": Words("证据不完整，所列为最高可能等级", "incomplete, this is the most that it can be"),
}
INDICATOR, VALUE, LEVEL = Words("指标", "Indicator"), Words("实际值", "Value"), Words("等级", "Level")
NEEDS, LACKS = Words("{level}要求", "{level} asks"), Words("还差多少", "What is lacking")
MET = Words("已满足", "met")
ITEMS = Words(
    "管理项：{names} 须评定到{level}；工艺参数的调整不能代替它们。",
    "Management items: {names} must be assessed at {level}; no move of a parameter can stand in for that.",
)
UNSUPPLIED = Words("未提供：{names}。", "Not supplied: {names}.")
LOSSES = Words(
    "合计 {total}（内部 {inside}，外部 {outside}）", "{total} in all (inside {inside}, outside {outside})"
)
SHARE = Words(",占总产值 {share}", ", {share} of gross output")
NO_LOSSES = Words("记录中没有质量损失金额", "the records hold no amounts of quality loss")
MORE = Words("另 {count} 项见后", "{count} more below")
ASSESS = Words("{name}须评定到{level}", "{name} to be assessed at {level}")
GAP = Words("{name} {value}（要求 {bound}）", "{name} {value} (asked: {bound})")
Lacks = list[tuple[Gap, Shortfall]]


def standing(it: Telling) -> list[Block]:
    """Return the official part, then the forecast, each under its own name."""
    say, grade = it.say, it.facts.grade
    window = grade.evidence.document["window"]
    result = say.fill(
        RESULT,
        span=say.span(window["start"], window["end"]),
        edition=say(say.pack.said(say.pack.document)),
        level=say.level(grade.at_most),
        status=say(STATUS[grade.status]),
    )
    heading = Heading(say(HEADING), new_page=bool(it.moves))  # the first page stands alone
    official = [Heading(say(OFFICIAL), 2), Text(result), _indicators(it), *_items(it)]
    return [heading, *official, *chances(it)]


def next_lacks(it: Telling) -> Lacks:
    """Return what the next level still asks, with how much it is, what binds first."""
    grade = it.facts.grade
    pairs = zip(grade.gaps, it.facts.shortfalls, strict=True)
    found = [pair for pair in pairs if pair[0].to_level == grade.at_most + 1]
    return sorted(found, key=lambda pair: pair[0].indicator not in grade.binding)


def lacking(it: Telling, most: int) -> str:
    """Return the first gaps to the next level in one cell."""
    found = next_lacks(it)
    measured = [pair for pair in found if pair[0].indicator not in it.facts.grade.items]
    assessed = [pair for pair in found if pair[0].indicator in it.facts.grade.items]
    told = [_short(it, gap) for gap, _ in (*measured, *assessed)[:most]]
    if len(found) > most:
        told.append(it.say.fill(MORE, count=len(found) - most))
    return ("; " if it.say.language == "en" else "；").join(told) or NONE


def official_losses(it: Telling) -> str:
    """Return what quality costs inside and outside in the official window, of what it is a share."""
    sides = sums(it)
    if not sides:
        return it.say(NO_LOSSES)
    total, output = sum(sides.values(), Decimal(0)), it.facts.grade.evidence.document.get("output_value")
    parts = {
        name: it.say.short_money(sides[name]) if name in sides else NONE for name in ("internal", "external")
    }
    text = it.say.fill(
        LOSSES, total=it.say.short_money(total), inside=parts["internal"], outside=parts["external"]
    )
    if output is None or not Decimal(output):
        return text
    return text + it.say.fill(SHARE, share=it.say.percent(WIDE.divide(total, Decimal(output))))


def sums(it: Telling) -> dict[str, Decimal]:
    """Return the official window's losses by side, CNY; a side without amounts is absent."""
    found = it.facts.grade.evidence.document.get("losses") or {}
    amounts = {
        side: list((found.get(side) or {}).get("amounts", {}).values()) for side in ("internal", "external")
    }
    return {side: sum((Decimal(one) for one in each), Decimal(0)) for side, each in amounts.items() if each}


def _short(it: Telling, gap: Gap) -> str:
    grade, name = it.facts.grade, it.say.name(gap.indicator)
    if gap.indicator in grade.items:
        return it.say.fill(ASSESS, name=name, level=it.say(it.say.pack.level_words(gap.to_level)))
    value = value_text(grade, gap.indicator, it.say)
    bound = bound_text(grade, gap.indicator, gap.to_level, it.say)
    return it.say.fill(GAP, name=name, value=value, bound=bound)


def _indicators(it: Telling) -> Table:
    say, grade = it.say, it.facts.grade
    aim = min(grade.at_most + 1, len(say.pack.levels))
    level = say(say.pack.level_words(aim))
    lacks = {gap.indicator: short for gap, short in next_lacks(it)}
    columns = (
        Column(say(INDICATOR), 1.7), Column(say(VALUE), 1.5, "right"), Column(say(LEVEL), 1.4, "center"),
        Column(say.fill(NEEDS, level=level), 1.15, "right"), Column(say(LACKS), 3.2),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(say.name(name), strong=name in grade.binding),
            Cell(value_text(grade, name, say)),
            Cell(say.level(found.level), found.level),
            Cell(bound_text(grade, name, aim, say)),
            Cell(_lack(it, name, lacks.get(name))),
        )
        for name, found in grade.indicators.items()
    )
    return Table(columns, rows)


def _lack(it: Telling, name: str, short: Shortfall | None) -> str:
    if short is not None:
        return it.say(short.sentence)
    return it.say(MET) if it.facts.grade.indicators[name].level else NONE


def _items(it: Telling) -> list[Block]:
    say, grade = it.say, it.facts.grade
    told: list[Block] = []
    asked = [gap.indicator for gap, _ in next_lacks(it) if gap.indicator in grade.items]
    if asked:
        level = say(say.pack.level_words(grade.at_most + 1))
        told.append(Text(say.fill(ITEMS, names=say.names(asked), level=level)))
    missing = [name for name, own in grade.own.items() if own is None]
    if missing:
        told.append(Text(say.fill(UNSUPPLIED, names=say.names(missing)), "note"))
    return told
