"""损失与产值 Losses: the amounts of both families, whether they are tracked, and the output value."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.evidence.values import EXTERNAL, INTERNAL
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import is_finer
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.captions import AMOUNTS, FAMILIES, both
from serving.reports.workbook.places import HEAD
from serving.reports.workbook.values import cell_number

FLAG = {"validate": "list", "source": ["TRUE", "FALSE"]}
MONEY = {"validate": "decimal", "criteria": ">=", "value": 0}
CATEGORIES = {"internal": INTERNAL, "external": EXTERNAL}
HEADS = (
    Words("项目", "item"),
    Words("字段", "field"),
    Words("取值", "value (CNY; TRUE or FALSE)"),
    Words("校验", "sound"),
    Words("超过两位小数", "finer than 0.01"),
)
AMOUNT_CHECK = 'IF({0}="",0,IF(ISNUMBER({0}),IF({0}>=0,1,-1),-1))'
OUTPUT_CHECK = 'IF({0}="",0,IF(ISNUMBER({0}),IF({0}>0,1,-1),-1))'
FLAG_CHECK = 'IF({0}="",0,IF(OR({0}=TRUE,{0}=FALSE),1,-1))'
FINER = "IF({check}=1,IF(ROUND({0},2)={0},0,1),0)"


def write_losses(book: Book, grade: Grade) -> None:
    """Write the page; what was not supplied is empty, to be filled in."""
    sheet = book.sheet("losses")
    sheet.is_input()
    sheet.heading(
        Words("损失与产值", "Losses and output"),
        Words(
            "窗口内的质量损失金额与总产值(元)。“已做统计”留空表示未提供;金额为零必须写 0。",
            "Losses and gross output value of the window (CNY). An empty “tracked” says not supplied; "
            "a zero must be stated.",
        ),
    )
    sheet.columns(44, 22, 26, 10, 18)
    sheet.head(HEADS)
    row = HEAD + 1
    for name in CATEGORIES:
        row = _family(sheet, grade, name, row)
    _output(sheet, grade, row)
    sheet.keep_head()


def _family(sheet: Sheet, grade: Grade, name: str, row: int) -> int:
    """Write one family from the row on; return the row after it."""
    family = grade.evidence.document.get("losses", {}).get(name, {})
    amounts = family.get("amounts", {})
    sheet.band(row, 0, len(HEADS), both(FAMILIES[name]))
    _line(sheet, row + 1, Words("已做统计", "tracked"), f"losses.{name}.tracked")
    place = sheet.place(row + 1, 2)
    sheet.inputs(place, [[family.get("tracked")]], ["input_truth"], "losses")
    sheet.allow(place.to(1), **FLAG)
    sheet.book.define(f"ZY_{name.upper()}_TRACKED", place)
    known = 1 if "tracked" in family else 0
    sheet.live(row + 1, 3, FLAG_CHECK.format(place.here), known, "tick", f"ZY_{name.upper()}_TRACKED_CHECK")
    first = sheet.place(row + 2, 2)
    categories = CATEGORIES[name]
    values = [[cell_number(amounts.get(category))] for category in categories]
    sheet.inputs(first, values, ["input_money"], "losses")
    sheet.allow(first.to(len(categories)), **MONEY)
    for offset, category in enumerate(categories):
        _line(sheet, first.row + offset, AMOUNTS[category], category)
        _checks(sheet, first.row + offset, AMOUNT_CHECK, amounts.get(category))
    for column, part in ((2, "amount"), (3, "check"), (4, "finer")):
        sheet.book.define(f"zy_{name}_{part}", sheet.place(first.row, column).to(len(categories)))
    return first.row + len(categories)


def _output(sheet: Sheet, grade: Grade, row: int) -> None:
    value = grade.evidence.document.get("output_value")
    sheet.band(row, 0, len(HEADS), "总产值 Gross output value")
    _line(sheet, row + 1, Words("窗口内总产值", "output value of the window"), "output_value")
    place = sheet.place(row + 1, 2)
    sheet.inputs(place, [[cell_number(value)]], ["input_money"], "losses")
    sheet.allow(place.to(1), **MONEY)
    _checks(sheet, row + 1, OUTPUT_CHECK, value)
    for column, part in ((2, ""), (3, "_CHECK"), (4, "_FINER")):
        sheet.book.define(f"ZY_OUTPUT{part}", sheet.place(row + 1, column))


def _line(sheet: Sheet, row: int, name: Words, field: str) -> None:
    sheet.put(row, 0, both(name), "label")
    sheet.put(row, 1, field, "code")
    sheet.put(row, 4, None, "text")


def _checks(sheet: Sheet, row: int, check: str, amount: str | None) -> None:
    value, sound = sheet.place(row, 2), sheet.place(row, 3)
    sheet.live(row, 3, check.format(value.here), 0 if amount is None else 1, "tick")
    finer = 1 if amount is not None and is_finer(amount) else 0
    sheet.live(row, 4, FINER.format(value.here, check=sound.here), finer, "tick")
