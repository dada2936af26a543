"""Reads a filled-in questionnaire back. It comes from anywhere: every fault is named with its cell."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from features.records.reading.faults import shown
from features.records.reading.text import UnreadableError
from features.records.reading.workbook import inspect
from features.records.schema import ITEMS
from features.self_assessment import checks
from features.self_assessment import form_words as words
from features.self_assessment.assessment import Answer, Link
from features.self_assessment.form_words import said
from features.self_assessment.refusals import AssessmentRefused
from qm_rules.words import Words

MOST_BYTES = 64 << 20
"""Unpacked; a filled-in form has a few hundred kilobytes."""
MOST_ROWS, MOST_COLUMNS = 200, 60
BLANK_FORM = "the workbook that `zhuoyue assess questionnaire --out FILE.xlsx` writes"
REFUSED = {"f": "a formula", "e": "an error value"}


class Cell(NamedTuple):
    """A cell's place, as people read it, and its value."""

    place: str
    value: Any
    kind: str

    @property
    def text(self) -> str:
        """The value as text, a whole number without a decimal point."""
        if self.value is None:
            return ""
        whole = isinstance(self.value, float) and self.value.is_integer()
        return str(int(self.value) if whole else self.value).strip()


def read_workbook(path: Path, edition: str, pack_sha256: str) -> dict[str, Answer]:
    """Return the answers of a filled-in form, by item; rows that are left blank are not answered.

    Raises:
        AssessmentRefused: everything that is wrong with the form, each with its cell.
        FileNotFoundError: there is no such file.
    """
    faults: list[str] = []
    with _opened(path) as book:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        missing = [name.zh for name in (words.ANSWERS, words.NOTES) if name.zh not in sheets]
        if missing:
            raise AssessmentRefused(
                f"{path.name}: found no sheet {', '.join(missing)}; allowed: {BLANK_FORM}"
            )
        faults += _edition_faults(_rows(sheets[words.NOTES.zh], faults), edition, pack_sha256)
        answers = _answers(_rows(sheets[words.ANSWERS.zh], faults), faults)
    if faults:
        raise AssessmentRefused(*faults)
    return answers


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import openpyxl

    try:
        inspect(path)
        with zipfile.ZipFile(path) as package:
            if sum(entry.file_size for entry in package.infolist()) > MOST_BYTES:
                raise UnreadableError("a workbook that unpacks to far more than a form", BLANK_FORM)
    except UnreadableError as error:
        raise AssessmentRefused(f"{path.name}: found {error.found}; allowed: {error.allowed}") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of validations and styles that openpyxl drops and nobody needs here
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # openpyxl lets through whatever its XML parser meets
            raise AssessmentRefused(
                f"{path.name}: found a damaged workbook; allowed: {BLANK_FORM}"
            ) from error
        try:
            yield book
        finally:
            book.close()


def _rows(sheet: Any, faults: list[str]) -> list[list[Cell]]:  # noqa: ANN401 - a read-only sheet
    """Return the rows that a form can have; more than that is a fault, and what XML cannot give is too."""
    sheet.reset_dimensions()
    found: list[list[Cell]] = []
    try:
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > MOST_ROWS:
                faults.append(f"{sheet.title}: found more than {MOST_ROWS} rows; allowed: {BLANK_FORM}")
                break
            found.append([_cell(sheet.title, number, at, cell) for at, cell in enumerate(row)])
    except Exception as error:  # the same parser, met while streaming
        raise AssessmentRefused(f"{sheet.title}: found damaged cells; allowed: {BLANK_FORM}") from error
    return found


def _cell(title: str, row: int, at: int, cell: Any) -> Cell:  # noqa: ANN401 - a read-only or an empty cell
    from openpyxl.utils import get_column_letter

    return Cell(f"{title}!{get_column_letter(at + 1)}{row}", cell.value, getattr(cell, "data_type", "n"))


def _edition_faults(rows: list[list[Cell]], edition: str, pack_sha256: str) -> list[str]:
    told = tuple(cell.text for cell in rows[0][1:3]) if rows else ()
    if told == (edition, pack_sha256):
        return []
    found = " ".join(told).strip() or None
    return [f"{words.NOTES.zh}!B1: found edition {shown(found)}; allowed: {edition} {pack_sha256}"]


def _answers(rows: list[list[Cell]], faults: list[str]) -> dict[str, Answer]:
    places = _places([cell.text for cell in rows[0]] if rows else [], faults)
    answers: dict[str, Answer] = {}
    seen: set[str] = set()
    if not places:
        return answers
    for row in rows[1:]:
        cells = {name: row[at] for name, at in places.items() if at < len(row)}
        if not any(cell.text for cell in cells.values()):
            continue
        item, answer = _answer(cells, faults)
        if item in seen:
            faults.append(f"{cells['item'].place}: found {shown(item)} again; allowed: every item once")
        seen.add(item)
        if answer is not None:
            answers[item] = answer
    return answers


def _places(headings: list[str], faults: list[str]) -> dict[str, int]:
    """Return where the columns stand, by the headings of either language or both."""
    wanted = [("item", words.ITEM), *words.columns()]
    found = {
        name: [at for at, text in enumerate(headings) if text in _spellings(heading)]
        for name, heading in wanted
    }
    wrong = [said(heading, None, " · ") for name, heading in wanted if len(found[name]) != 1]
    if wrong:
        found_ = f"found these columns not exactly once: {'; '.join(wrong)}"
        faults.append(f"{words.ANSWERS.zh}!1: {found_}; allowed: {BLANK_FORM}")
        return {}
    return {name: at[0] for name, at in found.items()}


def _spellings(heading: Words) -> set[str]:
    return {said(heading, None), heading.zh, heading.en}


def _answer(cells: dict[str, Cell], faults: list[str]) -> tuple[str, Answer | None]:
    """Return the answer of a row, None where it is not answered; what is wrong with it becomes faults."""
    before, item = len(faults), cells["item"].text
    faults += [
        f"{cell.place}: found {REFUSED[cell.kind]} {shown(cell.value)}; allowed: values only"
        for cell in cells.values()
        if cell.kind in REFUSED
    ]
    if item not in ITEMS:
        faults.append(f"{cells['item'].place}: found item {shown(item)}; allowed: {', '.join(ITEMS)}")
    filled = [name for name, cell in cells.items() if name != "item" and cell.text]
    if len(faults) > before or not filled:
        return item, None
    level = cells["level"].text
    if level not in {str(one) for one in checks.LEVELS}:
        found = shown(level or None)
        faults.append(f"{cells['level'].place}: found level {found}; allowed: a whole number from 1 to 5")
        return item, None
    answer = Answer(int(level), cells["why"].text, _evidence(cells))
    faults += [f"{cells['item'].place}: {fault}" for fault in checks.answer(item, answer)]
    return item, answer


def _evidence(cells: dict[str, Cell]) -> tuple[Link, ...]:
    numbers = range(1, words.EVIDENCE_ROOM + 1)
    links = (Link(cells[f"title {n}"].text, cells[f"link {n}"].text) for n in numbers)
    return tuple(link for link in links if any(link))
