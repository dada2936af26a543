"""原件 As issued: the copies of all inputs, hidden, against which changes are counted."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.workbook.book import Book
from serving.reports.workbook.captions import GROUPS, both, caption
from serving.reports.workbook.places import HEAD


def write_issued(book: Book) -> None:
    """Write the page; call it last, when all inputs are known."""
    sheet = book.sheet("issued")
    sheet.heading(
        Words("原件", "As issued"),
        Words(
            "签发时的全部输入,用来发现改动;请勿修改。",
            "All inputs as issued, to detect changes; do not edit.",
        ),
    )
    for kept in book.issued.kept:
        first = kept.copy.first
        sheet.put(HEAD, first.column, both(caption(GROUPS, kept.group)), "head")
        for offset, row in enumerate(kept.rows):
            for column, value in enumerate(row):
                sheet.put(first.row + offset, first.column + column, value, "plain")
    sheet.page.hide()
