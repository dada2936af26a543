"""What every document does at its end: numbers its figures, and dates itself by its window."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from qm_rules.words import Words
from serving.reports.blocks import Block, Figure, Heading
from serving.reports.speech import Speech

FIGURE = Words("图 {n} ", "Figure {n}. ")
CHINESE = "一二三四五六七八九十"


def numbered(blocks: Iterable[Block], say: Speech) -> tuple[Block, ...]:
    """Return the blocks with the figures numbered as they come."""
    numbers = count(1)
    return tuple(
        block._replace(caption=f"{say.fill(FIGURE, n=next(numbers))}{block.caption}")
        if isinstance(block, Figure)
        else block
        for block in blocks
    )


def sectioned(blocks: Iterable[Block], say: Speech) -> tuple[Block, ...]:
    """Return the blocks with the headings of depth 1 numbered as they come."""
    numbers = count(1)
    return tuple(
        block._replace(text=f"{_ordinal(next(numbers), say)}{block.text}")
        if isinstance(block, Heading) and block.depth == 1
        else block
        for block in blocks
    )


def _ordinal(number: int, say: Speech) -> str:
    return f"{number}. " if say.language == "en" else f"{CHINESE[number - 1]}、"


def last_day_of(month: str) -> str:
    """Return the last day of a month `YYYY-MM` as ISO: documents are dated by their window, not the clock."""
    from features.periods import last_day, to_index

    return last_day(to_index(month), "month").isoformat()
