"""Where we stand: official levels today, a year before, and what the last month brought."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.briefing.facts import LevelRow
from serving.reports.briefing.telling import Telling

HEADING = Words("等级现状", "Where we stand")
MONITORED = {
    "grade": Words(
        "截至{month}，{whom}纳入监测的制造业企业 {count} 家，已定级 {graded} 家。",
        "By the end of {month}, {count} manufacturing enterprises{whom} are followed and {graded} are "
        "graded.",
    ),
    "performance": Words(
        "截至{month}，{whom}纳入监测的制造业企业 {count} 家，质量绩效维度可评 {graded} 家。",
        "By the end of {month}, {count} manufacturing enterprises{whom} are followed; for {graded} the "
        "performance dimension can be told.",
    ),
}
COMPARED = Words(
    "同口径比较（上年同期已有等级的 {known} 家），一年来{changes}。",
    "Of the {known} that had a level a year before, there are {changes}.",
)
MORE = Words("{level}及以上净增 {difference} 家", "{difference} more at {level} or above")
FEWER = Words("{level}及以上净减 {difference} 家", "{difference} fewer at {level} or above")
SAME = Words("{level}及以上持平", "as many at {level} or above")
MONTH = Words(
    "{month}当月升级 {rose} 家、退级 {fell} 家。", "In {month} itself, {rose} rose and {fell} fell back."
)
NOBODY = Words("当前范围内没有已定级的企业。", "No enterprise of this group has an official level yet.")
HEADS = (
    Words("等级", "Level"),
    Words("企业数", "Enterprises"),
    Words("占已定级企业", "Share of graded"),
    Words("该级及以上", "At or above"),
    Words("一年前该级及以上", "At or above a year ago"),
    Words("近一年首次达到", "First there within a year"),
)
SHARES = (1.4, 1.15, 1.2, 1.1, 1.5, 1.4)
COMPARED_LEVELS = (3, 4)
"""Levels whose change is told in words; the table has all."""


def standing(it: Telling) -> list[Block]:
    """Return the section."""
    blocks: list[Block] = [Heading(it.say(HEADING)), Text(_said(it))]
    if it.facts.standing.graded:
        blocks.append(_table(it))
    return blocks


def _said(it: Telling) -> str:
    found, say = it.facts.standing, it.say
    whom = it.whom
    if whom and say.language == "en":
        whom = f" ({whom})"
    lead = say.fill(
        MONITORED[it.facts.basis],
        month=say.month(it.facts.as_of),
        whom=whom,
        count=it.count(found.enterprises),
        graded=it.count(found.graded),
    )
    if not found.graded:
        return it.sentences(say(NOBODY))
    return it.sentences(lead, _year(it), _month(it))


def _year(it: Telling) -> str:
    found = it.facts.standing
    rows = [row for row in found.levels if row.level in COMPARED_LEVELS]
    if not found.known_then:
        return ""
    changes = [_change(it, row, found.above_known[row.level] - row.above_then) for row in rows]
    return it.say.fill(COMPARED, known=it.count(found.known_then), changes=it.listed(changes))


def _change(it: Telling, row: LevelRow, difference: int) -> str:
    words = MORE if difference > 0 else FEWER if difference else SAME
    return it.say.fill(words, level=it.level(row.level), difference=it.count(abs(difference)))


def _month(it: Telling) -> str:
    found = it.facts.standing
    return it.say.fill(
        MONTH, month=it.say.month(it.facts.as_of), rose=it.count(found.rose), fell=it.count(found.fell)
    )


def _table(it: Telling) -> Table:
    columns = tuple(
        Column(it.say(head), share, "left" if at == 0 else "right")
        for at, (head, share) in enumerate(zip(HEADS, SHARES, strict=True))
    )
    return Table(columns, tuple(_row(it, row) for row in it.facts.standing.levels))


def _row(it: Telling, row: LevelRow) -> tuple[Cell, ...]:
    first = row.level > 1
    return (
        Cell(it.level(row.level), strong=True, level=row.level),
        Cell(it.count(row.here), strong=True),
        Cell(it.share(row.here, it.facts.standing.graded)),
        Cell(it.count(row.above) if first else "—"),
        Cell(it.count(row.above_then) if first else "—"),
        Cell(it.count(row.newly) if first else "—"),
    )
