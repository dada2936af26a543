"""Levels by region: whose share is low, who rises, who falls."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Table
from serving.reports.briefing.facts import Region
from serving.reports.briefing.telling import Telling

HEADS = (
    Words("地区（按企业数）", "Region (by size)"),
    Words("已定级企业", "Graded"),
    Words("检验级及以上", "Inspection +"),
    Words("保证级及以上", "Assurance +"),
    Words("一年内预计升级", "Expected to rise"),
    Words("半年内预计退级", "Expected to fall"),
)
SHARES = (1.7, 1.1, 1.4, 1.4, 1.3, 1.3)
SHARE = Words("{count}（{share}）", "{count} ({share})")
MOST = 4


def regions(it: Telling) -> list[Block]:
    """Return the table; none where all are of one region."""
    rows = it.facts.regions
    if len(rows) < 2:
        return []
    columns = tuple(
        Column(it.say(head), share, "right" if at else "left")
        for at, (head, share) in enumerate(zip(HEADS, SHARES, strict=True))
    )
    return [Table(columns, tuple(_row(it, row) for row in rows[:MOST]))]


def _row(it: Telling, row: Region) -> tuple[Cell, ...]:
    return (
        Cell(it.names.region(row.region), strong=True),
        Cell(it.count(row.graded)),
        *(Cell(_share(it, part, row.graded)) for part in (row.inspection, row.assurance)),
        Cell(it.count(row.rise)),
        Cell(it.count(row.fall)),
    )


def _share(it: Telling, part: int, whole: int) -> str:
    return it.say.fill(SHARE, count=it.count(part), share=it.share(part, whole)) if part else "0"
