"""What a reader must know beside the level."""

from __future__ import annotations

from qm_rules.words import Words, label
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.fonts import missing
from serving.reports.speech import Speech

HEADING = Words("七、须知事项", "7. What a reader must know")
NONE = Words("本次评价没有须特别说明的事项。", "There is nothing in particular to note.")
LETTERS = Words(
    "下列字符不在排版字体中,文中以其编码代替:{letters}。",
    "These characters are not in the font of the printed form and are shown there by their code: {letters}.",
)


def notes(facts: Facts, say: Speech) -> list[Block]:
    """Return the notes of the grade, numbered."""
    told = [say(note) for note in facts.trace.notes]
    columns = (Column("", 0.35, "center"), Column("", 6))
    rows = tuple((Cell(str(index)), Cell(note)) for index, note in enumerate(told, 1))
    blocks: list[Block] = [Heading(say(HEADING)), Table(columns, rows) if rows else Text(say(NONE))]
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in lacking(facts))
    return [*blocks, Text(say.fill(LETTERS, letters=codes), "note")] if codes else blocks


def lacking(facts: Facts) -> list[str]:
    """Return the characters of names and ids that the font of the printed form has not."""
    names = facts.names
    given = (*names.products.values(), *names.processes.values(), *names.characteristics.values())
    texts = [str(facts.enterprise.get("name") or ""), facts.grade.evidence.canonical, *given]
    return missing(label("".join(texts), most=10**9))
