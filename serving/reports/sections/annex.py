"""Annex A: how each number came about: inputs, arithmetic, thresholds with clause and quote, level."""

from __future__ import annotations

from qm_rules.trace import Line
from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.speech import NONE, Speech
from serving.reports.values import OPERATORS

HEADING = Words("附录 A 计算过程", "Annex A. How the level came about")
DEFINED = Words("{clause}:“{quote}”", "{clause}: “{quote}”")
INPUT, VALUE = Words("输入", "Input"), Words("证据中的值", "Value in the evidence")
WORKED = Words("计算", "Arithmetic")
EXACT = Words("精确值", "Exact value")
LEVEL, NEEDS, CLAUSE = Words("等级", "Level"), Words("条件", "Condition"), Words("条款", "Clause")
QUOTE, MET = Words("原文", "Quote"), Words("是否满足", "Met")
YES, NO = Words("满足", "yes"), Words("不满足", "no")
MANAGEMENT = Words("管理项:附件各等级的表述", "Management items: the annex's wording of each level")
APPLIES = Words("适用于:{names}", "Applies to: {names}")
FOUND = Words("评定为该等级的项", "Items at this level")


def annex(facts: Facts, say: Speech) -> list[Block]:
    """Return every line of the trace."""
    lines = [line for line in facts.trace.lines if line.id in facts.grade.indicators]
    blocks: list[Block] = [Heading(say(HEADING), new_page=True)]
    for number, line in enumerate(lines, 1):
        blocks += _indicator(line, number, say)
    return [*blocks, *_wordings(facts, len(lines) + 1, say)]


def _indicator(line: Line, number: int, say: Speech) -> list[Block]:
    defined = say.fill(DEFINED, clause=say(line.clause), quote=say(line.quote))
    blocks: list[Block] = [Heading(f"A.{number} {say(line.name)}", 2), Text(defined, "quote")]
    if line.inputs:
        blocks.append(_inputs(line, say))
    colon = ": " if say.language == "en" else "："
    if line.working.zh:
        blocks.append(Text(f"{say(WORKED)}{colon}{say(line.working)}", "working"))
    if line.exact is not None:
        blocks.append(Text(f"{say(EXACT)}{colon}{line.exact}", "working"))
    return [*blocks, _judgements(line, say), Text(say(line.reason), "working")]


def _inputs(line: Line, say: Speech) -> Table:
    """Return the inputs, two beside each other."""
    cells = [(Cell(say(one.name)), Cell(one.value)) for one in line.inputs]
    if len(cells) % 2:
        cells.append((Cell(""), Cell("")))
    columns = (Column(say(INPUT), 2), Column(say(VALUE), 1.2, "right")) * 2
    return Table(columns, tuple((*one, *other) for one, other in zip(cells[::2], cells[1::2], strict=True)))


def _judgements(line: Line, say: Speech) -> Table:
    columns = (
        Column(say(LEVEL), 1.15, "center"), Column(say(NEEDS), 1, "center"), Column(say(QUOTE), 3.2),
        Column(say(CLAUSE), 1.5), Column(say(MET), 0.8, "center"),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(say.level(one.level), one.level),
            Cell(f"{OPERATORS.get(one.operator, one.operator)} {one.needs}"),
            Cell(say(one.quote)),
            Cell(say(one.clause)),
            Cell(say(YES if one.met else NO), strong=one.met),
        )
        for one in line.judgements
    )
    return Table(columns, rows)


def _wordings(facts: Facts, number: int, say: Speech) -> list[Block]:
    """Return each wording once, with the items that it applies to and those that stand at each level."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in facts.grade.items:
        wording = tuple(say.pack.items[name].wording[one.level] for one in say.pack.levels)
        groups.setdefault(wording, []).append(name)
    blocks: list[Block] = [Heading(f"A.{number} {say(MANAGEMENT)}", 2)]
    for wording, names in groups.items():
        blocks += [Text(say.fill(APPLIES, names=say.names(names))), _wording(facts, wording, names, say)]
    return blocks


def _wording(facts: Facts, wording: tuple[str, ...], names: list[str], say: Speech) -> Table:
    columns = (Column(say(LEVEL), 1.15, "center"), Column(say(QUOTE), 4), Column(say(FOUND), 2))
    own = facts.grade.items
    rows = tuple(
        (
            Cell(say.level(one.level), one.level),
            Cell(say(say.pack.said(text))),
            Cell(say.names([name for name in names if own[name] == one.level]) or NONE, strong=True),
        )
        for one, text in zip(say.pack.levels, wording, strict=True)
    )
    return Table(columns, rows)
