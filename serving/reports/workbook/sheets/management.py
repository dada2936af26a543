"""管理项 Management: the assessed items, with the annex's words for their level and for the next one."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.book import HIGHEST, Book
from serving.reports.workbook.captions import both
from serving.reports.workbook.places import FIRST

HEADS = (
    Words("管理项", "item"),
    Words("字段", "field"),
    Words("维度", "dimension"),
    Words("评价等级", "assessed level (1-5)"),
    Words("校验", "sound"),
    Words("附件对该等级的表述", "the annex's words for this level"),
    Words("下一级的表述", "its words for the next level"),
)
LEVEL = {"validate": "list", "source": [1, 2, 3, 4, 5]}
CHECK = 'IF({0}="",0,IF(ISNUMBER({0}),IF(AND({0}=INT({0}),{0}>=1,{0}<=5),1,-1),-1))'
WORDING = 'IF({check}=1,IF({level}+{step}<=5,INDEX(zy_wording,{offset}+{level}+{step}),"–"),"")'


def write_management(book: Book, grade: Grade) -> None:
    """Write the page; an item that was not supplied is empty, to be filled in."""
    sheet = book.sheet("management")
    sheet.is_input()
    sheet.heading(
        Words("管理项", "Management items"),
        Words(
            "按附件各等级的表述评价,1 至 5 级;留空表示未提供。",
            "Assessed from 1 to 5 against the annex's words for each level; empty says not supplied.",
        ),
    )
    sheet.columns(28, 18, 30, 14, 9, 56, 56)
    sheet.head(HEADS)
    items = grade.book.items
    first = sheet.place(FIRST, 3)
    sheet.inputs(first, [[grade.items[item]] for item in items], ["input_level"], "management")
    sheet.allow(first.to(len(items)), **LEVEL)
    for position, item in enumerate(items):
        _line(book, grade, item, position)
    book.define("zy_management_check", sheet.place(FIRST, 4).to(len(items)))
    sheet.keep_head(1)


def _line(book: Book, grade: Grade, item: str, position: int) -> None:
    sheet, pack = book.sheet("management"), grade.book.pack
    row, level = FIRST + position, grade.items[item]
    dimension = next(name for name, members in grade.book.members.items() if item in members)
    sheet.page.set_row(row, 58)
    sheet.put(row, 0, both(pack.words(item), "\n"), "label")
    sheet.put(row, 1, item, "code")
    sheet.put(row, 2, both(pack.words(dimension), "\n"), "given")
    here, check = sheet.place(row, 3), sheet.place(row, 4)
    book.define(f"ZY_ITEM_{item.upper()}", here)
    sheet.live(row, 4, CHECK.format(here.here), 0 if level is None else 1, "tick")
    wording = pack.items[item].wording
    for step, column in ((0, 5), (1, 6)):
        shown = "" if level is None else wording[level + step] if level + step <= HIGHEST else "–"
        formula = WORDING.format(check=check.here, level=here.here, step=step, offset=position * HIGHEST)
        sheet.live(row, column, formula, shown, "text")
