"""The official grade as a table for people, in the words of the document: Chinese, or our English of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qm_rules import Grade
from qm_rules.beside import continuous_sigma, worst_delivery, worst_first_pass
from qm_rules.note_words import note_words
from qm_rules.trace.phrases import LINE_STATUS, STATUS
from qm_rules.words import Words, joined, listed, same
from serving.text_tables import rendered, table

if TYPE_CHECKING:
    from rich.table import Table

LEVELS = (2, 3, 4, 5)
INDICATOR, ITEMS = Words("指标", "Indicator"), Words("评价项", "Items")
VALUE, LEVEL, REMARK = Words("值", "Value"), Words("等级", "Level"), Words("说明", "Remark")
DIMENSION, HAS, NEEDS = Words("维度", "Dimension"), Words("现值", "Now"), Words("需要", "Needed")
BINDING, NOTE = Words("制约项: {names}", "What binds: {names}"), Words("注: {note}", "Note: {note}")
STILL = Words("到{level}还差", "Still needed for {level}")
AT_MOST = Words("最高可能 {level}({n})", "at most {level} ({n})")
AT = Words("{level}({n})", "{level} ({n})")
WORST = Words("最差产品 {id}: {value}", "worst product {id}: {value}")


def grade_table(grade: Grade, language: str = "zh") -> str:
    """Return the grade with its indicators, items, gaps to the next level and notes as text."""
    from rich.console import Group

    pack, window = grade.book.pack, grade.evidence.document["window"]
    head = f"{grade.enterprise_id}  {window['start']} – {window['end']}  {said(verdict(grade), language)}"
    document = said(joined((pack.said(pack.document), pack.said(pack.annex)), " ", ", "), language)
    foot = f"{document} · {pack.id} {pack.sha256[:12]} · {grade.evidence.sha256[:12]}"
    parts = [_indicators(grade, language), _items(grade, language), _next(grade, language)]
    return rendered(Group(head, *parts, *_notes(grade, language), foot))


def said(words: Words, language: str) -> str:
    """Return the words in one language, `zh` or `en`."""
    return words.en if language == "en" else words.zh


def verdict(grade: Grade) -> Words:
    """Return the level, or what is still possible, and the status."""
    level = grade.book.pack.level_words(grade.at_most)
    text = (AT if grade.level else AT_MOST).fill(level=level, n=grade.at_most)
    return joined((text, STATUS[grade.status]), " · ", " · ")


def named(grade: Grade, names: Iterable[str]) -> Words:
    """Return the names of indicators and items as a list."""
    return listed(grade.book.pack.words(name) for name in names)


def _indicators(grade: Grade, language: str) -> Table:
    levels = [grade.book.pack.level_words(level) for level in LEVELS]
    columns = (INDICATOR, VALUE, LEVEL, *levels, REMARK)
    found = table(*(said(column, language) for column in columns))
    for name, indicator in grade.indicators.items():
        steps = [grade.book.ladders[name].asked[level] for level in LEVELS]
        bounds = [f"{step.operator} {step.needs}" for step in steps]
        status = same("") if indicator.status == "measured" else LINE_STATUS[indicator.status]
        remark = said(joined((status, *_beside(grade, name)), " ", "; "), language)
        own = (indicator.value or "–", str(indicator.level or "–"))
        found.add_row(said(named(grade, [name]), language), *own, *bounds, remark)
    return found


def _beside(grade: Grade, name: str) -> list[Words]:
    """Return what is shown beside a value and never decides: the continuous σ, the worst product."""
    rows = grade.evidence.document.get({"sigma": "deliveries", "ftq": "first_pass"}.get(name, ""))
    if rows is None:
        return []
    worst = worst_delivery(rows) if name == "sigma" else worst_first_pass(rows)
    beside = [WORST.fill(id=worst[0], value=worst[1])] if worst else []
    if name == "sigma":
        bad, units = sum(row["nonconforming"] for row in rows), sum(row["units"] for row in rows)
        return [same(f"{continuous_sigma(bad, units)} σ"), *beside]
    return beside


def _items(grade: Grade, language: str) -> Table:
    found = table(*(said(column, language) for column in (DIMENSION, LEVEL, ITEMS)))
    for name, dimension in grade.book.pack.dimensions.items():
        own = [
            f"{said(named(grade, [member]), language)} {grade.own[member] or '–'}"
            for member in dimension.members
        ]
        separator = "; " if language == "en" else " "
        title = said(grade.book.pack.words(name), language)
        found.add_row(title, str(grade.dimensions[name] or "–"), separator.join(own))
    return found


def _next(grade: Grade, language: str) -> Table | str:
    if not grade.gaps:
        return said(BINDING.fill(names=named(grade, grade.binding)), language)
    to_level = grade.gaps[0].to_level
    heads = (STILL.fill(level=grade.book.pack.level_words(to_level)), HAS, NEEDS)
    found = table(*(said(head, language) for head in heads))
    for gap in grade.gaps:
        if gap.to_level == to_level:
            name = said(named(grade, [gap.indicator]), language)
            found.add_row(name, gap.has or "–", f"{gap.operator} {gap.needs}")
    return found


def _notes(grade: Grade, language: str) -> Sequence[str]:
    words = [note_words(note, grade.book.pack, grade.book.policy) for note in grade.notes]
    return [said(NOTE.fill(note=note), language) for note in words]
