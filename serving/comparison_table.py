"""The readings of the document side by side: what would change if another one were taken, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qm_rules.comparison import Reading, least_departures
from qm_rules.words import Words, joined, same
from serving.grade_table import LEVEL, named, said, verdict
from serving.text_tables import rendered, table

if TYPE_CHECKING:
    from rich.console import RenderableType

MARK = "≠"
SAME = Words("〃", "〃")
BY = Words("变化源于", "Changed by")
BINDS = Words("制约项", "What binds")
READING, ENTERPRISE = Words("另一种读法", "Other reading"), Words("企业", "Enterprise")
NOW, WOULD = Words("等级", "Level"), Words("将为", "Would be")
NONE = Words("各种读法均为同一等级", "every reading gives this level")
CHANGED = Words(
    "{mark} = 与第一行(所采用的读法)等级不同:{changed}/{all}",
    "{mark} = another level than the first row, the reading taken: {changed} of {all}",
)
COUNT = Words(
    "{changed}/{all} 家企业的等级取决于读法", "{changed} of {all} enterprises depend on the reading"
)
MEANING = Words("{name} = {value}:{meaning}", "{name} = {value}: {meaning}")


def comparison_table(readings: Sequence[Reading], language: str = "zh") -> str:
    """Return every reading with its level, marked where it is another one, by what, and what binds."""
    from rich.console import Group

    pack = readings[0].grade.book.pack
    names = [pack.policies[name].title for name in readings[0].policy]
    found = table("", *(said(column, language) for column in (*names, LEVEL, BY, BINDS)))
    binding: tuple[str, ...] | None = None
    for reading in readings:
        values = [
            f"[{value}]" if name in reading.departs else value for name, value in reading.policy.items()
        ]
        binds = named(reading.grade, reading.grade.binding)
        words = (verdict(reading.grade), _by(reading), SAME if reading.grade.binding == binding else binds)
        binding = reading.grade.binding
        mark = MARK if reading.changed else ""
        found.add_row(mark, *values, *(said(text, language) for text in words))
    changed = sum(reading.changed for reading in readings)
    foot = said(CHANGED.fill(mark=MARK, changed=changed, all=len(readings)), language)
    return rendered(Group(found, foot, *_legend(readings, language)))


def enterprises_table(compared: Sequence[Sequence[Reading]], language: str = "zh") -> str:
    """Return all enterprises in one table: each with the readings that would give it another level.

    Only the fewest departures that do so; an enterprise that no reading changes has one row that says so.
    """
    from rich.console import Group

    found = table(*(said(column, language) for column in (ENTERPRISE, NOW, READING, WOULD, BY)))
    for readings in compared:
        for row in _rows(readings, language):
            found.add_row(*row)
    changed = sum(any(reading.changed for reading in readings) for readings in compared)
    foot = said(COUNT.fill(changed=changed, all=len(compared)), language)
    return rendered(Group(found, foot, *(_legend(compared[0], language) if compared else ())))


def _rows(readings: Sequence[Reading], language: str) -> list[tuple[str, ...]]:
    first = readings[0].grade
    head = (first.enterprise_id, said(verdict(first), language))
    changing = least_departures(readings)
    if not changing:
        return [(*head, said(NONE, language), "", "")]
    heads = [head, *([("", "")] * (len(changing) - 1))]
    return [(*own, *_change(reading, language)) for own, reading in zip(heads, changing, strict=True)]


def _change(reading: Reading, language: str) -> tuple[str, str, str]:
    departs = ", ".join(f"{name}={reading.policy[name]}" for name in reading.departs)
    return departs, f"{MARK} {said(verdict(reading.grade), language)}", said(_by(reading), language)


def _by(reading: Reading) -> Words:
    pack = reading.grade.book.pack
    policies = [pack.policies[name].title for name in reading.decisive]
    names = named(reading.grade, reading.changed_by)
    return joined((joined(policies, "+", " + "), names), ":", ": ")


def _legend(readings: Sequence[Reading], language: str) -> list[RenderableType]:
    """Return what each value of each policy that is compared means."""
    policies = readings[0].grade.book.pack.policies
    values = {(name, reading.policy[name]): policies[name] for reading in readings for name in reading.policy}
    return [
        said(MEANING.fill(name=setting.title, value=same(value), meaning=setting.meaning(value)), language)
        for (_, value), setting in values.items()
    ]
