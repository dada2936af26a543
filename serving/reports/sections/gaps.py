"""What binds, and what the next levels still need, in the units that people act on."""

from __future__ import annotations

from qm_rules import Gap
from qm_rules.rulebook import HIGHEST
from qm_rules.shortfall import Shortfall
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.speech import Speech
from serving.reports.values import bound_text, value_text

HEADING = Words("五、制约项与提升差距", "5. What binds, and the way to the next levels")
BINDING = Words("制约本次等级的是:{names}。", "What holds the level: {names}.")
BINDING_OPEN = Words(
    "在已提供的部分中,制约最高可能等级的是:{names}。", "Of what was supplied, this holds the level: {names}."
)
TOP = Words("已达到最高等级,没有差距。", "The highest level is reached; there is no gap.")
UNKNOWN = Words(
    "未提供的指标和评价项差多少不得而知,下列只含已提供的部分。",
    "How far off it is where nothing was supplied is not known; what follows is about what was supplied.",
)
TO = Words("到{level}还差", "Still needed for {level}")
ITEM, HAS, NEEDS = Words("指标或评价项", "Indicator or item"), Words("现状", "Now"), Words("要求", "Needed")
HOW = Words("差多少", "How much")
BY_PART = Words(
    "到{level}的差距如何落到工序、产品与特性",
    "Where the way to {level} leads through processes, products, characteristics",
)
ITEMS = Words(
    "须评定为{level}的评价项:{names}(附件对该等级的表述见附录 A)。",
    "Items to be assessed at {level}: {names} (the annex's wording of that level is in annex A).",
)
WHERE, CHANGE = Words("对象", "Where"), Words("改变量", "Change")
MOST_PARTS = 24

Pairs = list[tuple[Gap, Shortfall]]


def gaps(facts: Facts, say: Speech) -> list[Block]:
    """Return what binds, the next level in detail, and the levels after it in short."""
    grade = facts.grade
    bound = BINDING if grade.level is not None else BINDING_OPEN
    blocks: list[Block] = [Heading(say(HEADING))]
    if grade.binding:
        blocks.append(Text(say.fill(bound, names=say.names(grade.binding))))
    if grade.level is None:
        blocks.append(Text(say(UNKNOWN)))
    elif grade.level == HIGHEST:
        blocks.append(Text(say(TOP)))
    pairs = list(zip(grade.gaps, facts.shortfalls, strict=True))
    for to_level in sorted({gap.to_level for gap in grade.gaps}):
        wanted = [pair for pair in pairs if pair[0].to_level == to_level]
        told = _near if to_level == grade.at_most + 1 else _far
        blocks += told(facts, to_level, wanted, say)
    return blocks


def _near(facts: Facts, to_level: int, pairs: Pairs, say: Speech) -> list[Block]:
    """Return the next level in detail."""
    level = say(say.pack.level_words(to_level))
    return [Heading(say.fill(TO, level=level), 2), _table(facts, pairs, say), *_parts(pairs, level, say)]


def _far(facts: Facts, to_level: int, pairs: Pairs, say: Speech) -> list[Block]:
    """Return a further level: its numbers, and where the wordings for its items stand."""
    level = say(say.pack.level_words(to_level))
    counted = [pair for pair in pairs if pair[0].indicator not in facts.grade.items]
    assessed = [gap.indicator for gap, _ in pairs if gap.indicator in facts.grade.items]
    blocks: list[Block] = [Heading(say.fill(TO, level=level), 2)]
    if counted:
        blocks.append(_table(facts, counted, say))
    if assessed:
        blocks.append(Text(say.fill(ITEMS, level=level, names=say.names(assessed))))
    return blocks


def _table(facts: Facts, pairs: Pairs, say: Speech) -> Table:
    columns = (
        Column(say(ITEM), 1.6),
        Column(say(HAS), 1.3, "right"),
        Column(say(NEEDS), 1.3, "right"),
        Column(say(HOW), 4),
    )
    return Table(columns, tuple(_row(facts, gap, short, say) for gap, short in pairs))


def _row(facts: Facts, gap: Gap, short: Shortfall, say: Speech) -> tuple[Cell, ...]:
    grade, name = facts.grade, gap.indicator
    is_item = name in grade.items
    has = say.level(grade.items[name]) if is_item else value_text(grade, name, say)
    needs = say.level(gap.to_level) if is_item else bound_text(grade, name, gap.to_level, say)
    return Cell(say.name(name)), Cell(has), Cell(needs), Cell(say(short.sentence))


def _parts(pairs: Pairs, level: str, say: Speech) -> list[Block]:
    """Return the parts that several can share: which process by how much, which characteristic."""
    rows = [
        (
            Cell(say.name(gap.indicator)),
            Cell(label(part.id) if part.within is None else f"{label(part.within)} · {label(part.id)}"),
            Cell(say(part.sentence)),
        )
        for gap, short in pairs
        if short.kind != "item"  # its sentence already quotes the wording
        for part in short.parts
    ]
    if not rows:
        return []
    columns = (Column(say(ITEM), 1.5), Column(say(WHERE), 1.4), Column(say(CHANGE), 4))
    return [Heading(say.fill(BY_PART, level=level), 2), Table(columns, tuple(rows[:MOST_PARTS]))]
