"""The level that is declared: final, provisional, or not yet to be had."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.drawing.ladder import ladder
from serving.reports.facts import Facts
from serving.reports.speech import Speech

HEADING = Words("二、自评结论", "2. Result of the self-assessment")
RESULT = {
    "final": Words(
        "经逐项评价,本企业在评价窗口内的质量管理能力等级为:{level}。结论状态:最终。",
        "Judged item by item, the quality management capability of this enterprise in the window is at "
        "the level: "
        "{level}. Status: final.",
    ),
    "provisional": Words(
        "经逐项评价,本企业在评价窗口内的质量管理能力等级暂定为:{level}。结论状态:"
        "暂定(有月份缺数据或窗口不足)。",
        "Judged item by item, the quality management capability of this enterprise in the window is for "
        "now at the "
        "level: {level}. Status: provisional (months are missing, or the window is too short).",
    ),
    "incomplete": Words(
        "证据不完整,尚不能得出等级;仅就已提供的证据,最高可能为:{level}。结论状态:不完整。",
        "The evidence is incomplete and gives no level yet; what was supplied allows at most: {level}. "
        "Status: incomplete.",
    ),
}
LACKING = Words("未提供:{names}。", "Not supplied: {names}.")
HERE = {
    "final": Words("本次结论", "declared"),
    "provisional": Words("暂定", "provisional"),
    "incomplete": Words("最高可能", "at most"),
}
STEPS = Words("五个等级与本次结论", "The five levels and the result")
STEPS_ALT = Words("由低到高五个等级;本次结论:{level}", "Five levels from low to high; the result: {level}")
DIMENSION, LEVEL, GROUNDS = (
    Words("维度", "Dimension"),
    Words("等级", "Level"),
    Words("得出过程", "How it comes about"),
)


def verdict(facts: Facts, say: Speech) -> list[Block]:
    """Return the result with the steps, the four dimensions and how they make the level."""
    grade = facts.grade
    level = say.level(grade.at_most)
    blocks: list[Block] = [
        Heading(say(HEADING)),
        Text(say.fill(RESULT[grade.status], level=level), "lead"),
    ]
    if grade.level is None:
        lacking = [name for name, own in grade.own.items() if own is None]
        blocks.append(Text(say.fill(LACKING, names=say.names(lacking))))
    names = [say(say.pack.level_words(one.level)) for one in say.pack.levels]
    remark = say(HERE[grade.status])
    steps = ladder(names, grade.at_most, remark, possible=grade.level is None)
    blocks.append(Figure(steps, say(STEPS), say.fill(STEPS_ALT, level=level)))
    return [*blocks, _dimensions(facts, say), Text(say(facts.trace.verdict))]


def _dimensions(facts: Facts, say: Speech) -> Table:
    columns = (Column(say(DIMENSION), 1.5), Column(say(LEVEL), 1.25, "center"), Column(say(GROUNDS), 4))
    return Table(
        columns,
        tuple(
            (Cell(say(line.name)), Cell(say.level(line.level), line.level), Cell(say(line.reason)))
            for line in facts.trace.dimensions
        ),
    )
