"""The blank questionnaire as a workbook to fill in: the annex's words stand beside the cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from features.self_assessment import form_words as words
from features.self_assessment.form_words import Language, said
from features.self_assessment.questionnaire import Question, Questionnaire, Wording
from qm_rules.words import Words

NARROW, WIDE, HEAD, HIGH = 12, 34, 45, 165
A3 = 8
CELL = {"text_wrap": True, "valign": "top", "border": 1, "font_size": 9}
STYLES: dict[str, dict[str, Any]] = {
    "head": {**CELL, "bold": True, "bg_color": "#E8ECF1"},
    "text": CELL,
    "id": {**CELL, "font_color": "#777777"},
    "fill": {**CELL, "bg_color": "#FFF8E1", "locked": False},
}


def write_workbook(asked: Questionnaire, path: Path, language: Language | None = None) -> None:
    """Write the form to `path`: levels by choice, locked but for the cells that are filled in."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        form = _Form(book, asked, language)
        form.answers()
        form.facts()
        form.notes()


class _Form:
    """One workbook while it is written; every text is written as text, never as a formula."""

    def __init__(self, book: Any, asked: Questionnaire, language: Language | None) -> None:  # noqa: ANN401
        self.book, self.asked, self.language = book, asked, language
        self.formats = {name: book.add_format(style) for name, style in STYLES.items()}

    def say(self, text: Words) -> str:
        return said(text, self.language)

    def answers(self) -> None:
        sheet = self.book.add_worksheet(words.ANSWERS.zh)
        levels = [Words(f"{one.level} {one.name.zh}", f"{one.level} {one.name.en}") for one in self._levels]
        sheet.set_row(0, HEAD)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        fixed, filled = [words.ITEM, words.NAME, *levels], [heading for _, heading in words.columns()]
        for at, heading in enumerate([*fixed, *filled]):
            sheet.set_column(at, at, NARROW if at in (0, 1, len(fixed)) else WIDE)
            sheet.write_string(0, at, self.say(heading), self.formats["head"])
        for row, question in enumerate(self.asked.questions, start=1):
            self._answer_row(sheet, row, question)
            for at in range(len(fixed), len(fixed) + len(filled)):
                sheet.write_blank(row, at, None, self.formats["fill"])
        allowed = {"validate": "list", "source": [str(one.level) for one in self._levels]}
        sheet.data_validation(1, len(fixed), len(self.asked.questions), len(fixed), allowed)
        sheet.freeze_panes(1, 2)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    @property
    def _levels(self) -> tuple[Wording, ...]:
        return self.asked.questions[0].wordings

    def _answer_row(self, sheet: Any, row: int, question: Question) -> None:  # noqa: ANN401
        sheet.set_row(row, HIGH)
        sheet.write_string(row, 0, question.id, self.formats["id"])
        sheet.write_string(row, 1, self.say(question.name), self.formats["text"])
        for at, wording in enumerate(question.wordings, start=2):
            sheet.write_string(row, at, self._quoted(wording), self.formats["text"])

    def _quoted(self, wording: Wording) -> str:
        return f"{self.say(wording.quote)}\n({said(wording.clause, self.language, ' · ')})"

    def facts(self) -> None:
        texts = [[self.say(one) for one in (words.ITEM, words.NAME, words.LEVEL, words.WORDING)]]
        for question in self.asked.facts.questions:
            for one in question.wordings:
                level = f"{one.level} {said(one.name, self.language, ' ')}"
                texts.append([question.id, self.say(question.name), level, self._quoted(one)])
        self._write(self.book.add_worksheet(words.FACTS.zh), texts)

    def notes(self) -> None:
        asked = self.asked
        notes = [words.TITLE, asked.annex, asked.governs, *words.HOW, words.FROM_RECORDS]
        edition = [self.say(words.EDITION), asked.edition, asked.pack_sha256]
        self._write(self.book.add_worksheet(words.NOTES.zh), [edition, *([self.say(note)] for note in notes)])

    def _write(self, sheet: Any, rows: list[list[str]]) -> None:  # noqa: ANN401
        sheet.set_column(0, 3, WIDE)
        for at, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(at, column, text, self.formats["text" if at else "head"])
