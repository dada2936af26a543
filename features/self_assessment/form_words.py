"""What the forms say besides the annex, in both languages."""

from __future__ import annotations

from typing import Literal

from qm_rules.words import Words

Language = Literal["zh", "en"]
EVIDENCE_ROOM = 5
"""So many pieces of evidence have a place in the workbook; the command takes more."""

TITLE = Words("质量管理能力自我评价问卷", "Self-assessment of quality management capability: questionnaire")
ANSWERS = Words("问卷", "Questionnaire")
FACTS = Words("定量指标", "Indicators")
NOTES = Words("说明", "Notes")
ITEM = Words("项目编号", "Item id")
DIMENSION = Words("维度", "Dimension")
NAME = Words("评价项目", "Item")
LEVEL = Words("等级(1–5)", "Level (1–5)")
WHY = Words("理由", "Justification")
EVIDENCE_TITLE = Words("证据{n} 名称", "Evidence {n}: title")
EVIDENCE_LINK = Words("证据{n} 链接、路径或文号", "Evidence {n}: link, path or number")
EDITION = Words("版本", "Edition")
CLAUSE = Words("条款", "Clause")
WORDING = Words("附件原文", "The annex's words")
FROM_RECORDS = Words("由记录计算,无需填写。", "Computed from records; nothing is filled in here.")
HOW = (
    Words(
        "每个项目只选一个等级:附件文字完全符合的最高等级。未填等级即为尚未作答。",
        "Choose one level per item: the highest whose words are wholly met. No level: not yet answered.",
    ),
    Words(
        "每个等级都须写明理由;2 级及以上至少一项证据。",
        "Every level needs a justification; from level 2 on at least one piece of evidence.",
    ),
    Words(
        "证据为名称加链接(http、https)、路径或文号。",
        "Evidence is a title with a link (http, https), a path or a document number.",
    ),
    Words(
        "五项定量指标由记录计算,不在此填写。",
        "The five quantitative indicators are computed from records and not filled in here.",
    ),
)


def said(words: Words, language: Language | None, between: str = "\n") -> str:
    """Return words in one language, or (None) Chinese first and English after it."""
    if language is None:
        return words.zh if words.zh == words.en else f"{words.zh}{between}{words.en}"
    return words.zh if language == "zh" else words.en


def columns() -> list[tuple[str, Words]]:
    """Return what people fill in: the field's name and its heading, in the workbook's order."""
    numbers = range(1, EVIDENCE_ROOM + 1)
    parts = (("title", EVIDENCE_TITLE), ("link", EVIDENCE_LINK))
    pairs = [(f"{part} {n}", heading.fill(n=n)) for n in numbers for part, heading in parts]
    return [("level", LEVEL), ("why", WHY), *pairs]
