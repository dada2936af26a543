"""条文 Wording: the annex's words for every level of every management item."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.book import HIGHEST, Book
from serving.reports.workbook.captions import both
from serving.reports.workbook.places import FIRST

HEADS = (
    Words("管理项", "item"),
    Words("等级", "level"),
    Words("附件的表述", "the annex's words"),
    Words("非官方译文", "unofficial translation"),
)


def write_wording(book: Book, grade: Grade) -> None:
    """Write the page."""
    sheet, pack = book.sheet("wording"), grade.book.pack
    sheet.heading(
        Words("条文", "Wording"),
        Words(
            "附件对各管理项各等级的表述。",
            f"The annex's words for the levels of the management items. {pack.governs.en}",
        ),
    )
    sheet.columns(34, 9, 84, 100)
    sheet.head(HEADS)
    row = FIRST
    for name, item in pack.items.items():
        for level in range(1, HIGHEST + 1):
            sheet.page.set_row(row, 32)
            sheet.put(row, 0, both(pack.words(name)), "label")
            sheet.put(row, 1, level, "level")
            sheet.put(row, 2, item.wording[level], "given")
            sheet.put(row, 3, pack.english(item.wording[level]), "given")
            row += 1
    count = len(pack.items) * HIGHEST
    book.define("zy_wording", sheet.place(FIRST, 2).to(count))
    sheet.colour_levels(sheet.place(FIRST, 1).to(count))
    sheet.keep_head(2)
