"""The readings that this grade took where the document is silent, and what others would give."""

from __future__ import annotations

from string import ascii_uppercase

from qm_rules.comparison import Reading
from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.speech import NONE, Speech

HEADING = Words("六、口径与其他读法", "6. Readings taken, and others")
WHY = Words(
    "文件未作规定、前后不一或容易误读之处,按下列口径处理。口径是本评价工具的决定,不是文件的规定。",
    "Where the document is silent, contradictory or easy to misread, these readings were taken. They "
    "are decisions of "
    "this tool, not rules of the document.",
)
POLICY, VALUE = Words("事项", "Question"), Words("所取口径", "Reading taken")
DEFAULT = Words("是否默认", "Default")
YES, NO = Words("是", "yes"), Words("否", "no")
COMPARED = Words("若取其他读法", "By other readings")
TAKEN = Words("本声明所取", "taken here")
LEVEL, BY = Words("等级", "Level"), Words("变化源于", "Changed by")
AT_MOST = Words("最高", "at most")
SAME, ROW = Words("不变", "the same"), Words("序号", "No.")
CHANGED = Words(
    "全部 {all} 种读法中,{changed} 种得出不同等级。", "Of {all} readings, {changed} give another level."
)


def readings(facts: Facts, say: Speech) -> list[Block]:
    """Return the policies in force and the comparison of all readings."""
    columns = (Column(say(POLICY), 1.2), Column(say(VALUE), 4.4), Column(say(DEFAULT), 0.7, "center"))
    rows = tuple(
        (
            Cell(say(line.name)),
            Cell(say(line.meaning)),
            Cell(say(YES if line.is_default else NO), strong=not line.is_default),
        )
        for line in facts.trace.policies
    )
    return [Heading(say(HEADING)), Text(say(WHY)), Table(columns, rows), *_compared(facts, say)]


def _compared(facts: Facts, say: Speech) -> list[Block]:
    found = facts.readings
    if len(found) < 2:
        return []
    names = list(found[0].policy)
    settings = say.pack.policies
    columns = (
        Column(say(ROW), 0.5, "center"),
        *(Column(say(settings[name].title), 0.9, "center") for name in names),
        Column(say(LEVEL), 1.2, "center"),
        Column(say(BY), 2.3),
    )
    rows = tuple(_row(index, reading, names, say) for index, reading in enumerate(found, 1))
    changed = say.fill(CHANGED, all=len(found), changed=sum(reading.changed for reading in found))
    return [Heading(say(COMPARED), 2), Text(changed), Table(columns, rows), Text(_legend(names, say), "note")]


def _row(index: int, reading: Reading, names: list[str], say: Speech) -> tuple[Cell, ...]:
    letters = (
        Cell(_letter(name, reading.policy[name], say), strong=name in reading.departs) for name in names
    )
    by = say(TAKEN) if index == 1 else say.names(reading.changed_by) if reading.changed else say(SAME)
    return (Cell(str(index)), *letters, _level(reading, say), Cell(by or NONE))


def _level(reading: Reading, say: Speech) -> Cell:
    grade = reading.grade
    if grade.level is None:
        return Cell(f"{say(AT_MOST)} {say.level(grade.at_most)}")
    return Cell(say.level(grade.level), grade.level)


def _letter(name: str, value: str, say: Speech) -> str:
    return ascii_uppercase[list(say.pack.policies[name].choices).index(value)]


def _legend(names: list[str], say: Speech) -> str:
    """Say what each letter of each column means."""
    colon, stop = (": ", ". ") if say.language == "en" else ("：", "。")
    semicolon = "; " if say.language == "en" else "；"
    told = []
    for name in names:
        setting = say.pack.policies[name]
        values = semicolon.join(
            f"{_letter(name, value, say)} {say(setting.meaning(value))}" for value in setting.choices
        )
        told.append(f"{say(setting.title)}{colon}{values}")
    return stop.join(told) + stop.strip()
