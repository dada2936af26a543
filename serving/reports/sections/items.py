"""The nine management items: levels with the annex's own wording, who assessed them, when, on what."""

from __future__ import annotations

from features.evidence import AssessedItem, Assessment, Standing
from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.sections.identity import shown
from serving.reports.speech import NONE, Speech

HEADING = Words("四、管理项评定", "4. Management items")
ITEM, LEVEL = Words("评价项", "Item"), Words("等级", "Level")
WORDING = Words("附件对该等级的表述(原文)", "The annex's wording of this level")
CLAUSE = Words("条款", "Clause")
LACKING = Words("未提供", "not supplied")
WHO = Words("评定人、日期与证据", "Assessors, dates and evidence")
SOURCE, DAY = Words("来源", "Source"), Words("评定日期", "Date")
ASSESSOR, GROUNDS = Words("评定人", "Assessor"), Words("证据与说明", "Evidence and note")
STANDING = Words("采信情况", "Standing")
SOURCES = {"self": Words("自评", "self"), "third_party": Words("第三方", "third party")}
STANDINGS = {
    Standing.COUNTED: Words("采信", "counts"),
    Standing.SAME_DAY: Words("同日有第三方评定,不计", "third party on the same day"),
    Standing.SUPERSEDED: Words("已有更晚的评定,不计", "superseded by a later one"),
    Standing.TOO_OLD: Words("超过有效期,不计", "too old"),
    Standing.AFTER_WINDOW: Words("在窗口之后,不计", "after the window"),
}
RULE = Words(
    "采信规则:窗口最后一日及以前最近的一次评定;同日以第三方为准;早于 {months} 个月的不计。"
    "自评与第三方评定均予列示。",
    "What counts: the latest assessment on or before the last day of the window, on the same day the "
    "third party's; "
    "none older than {months} months. Self-assessment and third party are both shown.",
)
FILE_ONLY = Words(
    "证据文件只含各项等级,不含评定人、日期与证据;由企业另行附上。",
    "The evidence file has the levels only, not who assessed them, when and on what; the enterprise "
    "attaches that.",
)


def items(facts: Facts, say: Speech) -> list[Block]:
    """Return the items with the wording of their level, then every assessment behind them."""
    columns = (
        Column(say(ITEM), 1.4),
        Column(say(LEVEL), 1.3, "center"),
        Column(say(WORDING), 4),
        Column(say(CLAUSE), 1.1),
    )
    table = Table(columns, tuple(_row(facts, name, say) for name in facts.grade.items))
    return [Heading(say(HEADING)), table, *_assessments(facts, say)]


def _row(facts: Facts, name: str, say: Speech) -> tuple[Cell, ...]:
    line = next(line for line in facts.trace.lines if line.id == name)
    if line.level is None:
        return Cell(say(line.name)), Cell(say(LACKING)), Cell(NONE), Cell(NONE)
    return (
        Cell(say(line.name)),
        Cell(say.level(line.level), line.level),
        Cell(say(line.quote)),
        Cell(say(line.clause)),
    )


def _assessments(facts: Facts, say: Speech) -> list[Block]:
    if facts.capability is None:
        return [Text(say(FILE_ONLY), "note")]
    rows = [row for item in facts.assessed for row in _sides(item, say)]
    if not rows:
        return []
    columns = (
        Column(say(ITEM), 1.45), Column(say(SOURCE), 0.85), Column(say(LEVEL), 0.7, "center"),
        Column(say(DAY), 1.05), Column(say(ASSESSOR), 1.1), Column(say(GROUNDS), 1.9),
        Column(say(STANDING), 1.2),
    )  # fmt: skip
    rule = say.fill(RULE, months=facts.grade.book.policy["assessment_months"])
    return [Heading(say(WHO), 2), Text(rule, "note"), Table(columns, tuple(rows))]


def _sides(item: AssessedItem, say: Speech) -> list[tuple[Cell, ...]]:
    return [_side(item.item_id, one, say) for one in (item.self, item.third_party) if one is not None]


def _side(item: str, one: Assessment, say: Speech) -> tuple[Cell, ...]:
    grounds = "; ".join(shown(text) for text in (one.evidence, one.note) if text) or NONE
    return (
        Cell(say.name(item)),
        Cell(say(SOURCES[one.source])),
        Cell(str(one.level), one.level),
        Cell(one.assessed_on.isoformat()),
        Cell(shown(one.assessor)),
        Cell(grounds),
        Cell(say(STANDINGS[one.standing]), strong=one.standing is Standing.COUNTED),
    )
