"""窗口 Window: the months of the evidence and those that are missing in a statistic."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.evidence.values import STATISTICS, WINDOW_MONTHS, months_of
from qm_rules.words import Words
from serving.reports.workbook import captions
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.places import HEAD
from serving.reports.workbook.values import Value

MONTH_INDEX = (
    'IF(LEN({0})<>7,-1,IF(MID({0},5,1)<>"-",-1,IFERROR(IF(AND(VALUE(RIGHT({0},2))>=1,VALUE(RIGHT({0},2))<=12),'
    "VALUE(LEFT({0},4))*12+VALUE(RIGHT({0},2))-1,-1),-1)))"
)
MONTHS = "IF(OR({start}<0,{end}<{start},{end}-{start}>={most}),-1,{end}-{start}+1)"
FAULT = 'IF({month}="",0,IF(OR(ZY_WINDOW_MONTHS<0,{index}<{start},{index}>{end}),-1,1))'


def write_window(book: Book, grade: Grade) -> None:
    """Write the page."""
    sheet = book.sheet("window")
    sheet.is_input()
    sheet.heading(
        Words("窗口与缺月", "Window and missing months"),
        Words(
            "月份写作 2025-01(文本)。窗口不足十二个月,或某项统计缺少月份时,等级为暂定。",
            "Months are written 2025-01 (as text). A window of fewer than twelve months, or a month missing "
            "in a statistic, makes the grade provisional.",
        ),
    )
    sheet.columns(*[22] * len(STATISTICS), *[14] * len(STATISTICS))
    _window(sheet, grade)
    _missing(sheet, grade, HEAD + 5)
    sheet.page.freeze_panes(HEAD, 0)


def _window(sheet: Sheet, grade: Grade) -> None:
    window = grade.evidence.document["window"]
    sheet.head([Words("首月", "start"), Words("末月", "end"), Words("月数", "months (-1: not sound)")])
    first = sheet.place(HEAD + 1, 0)
    sheet.inputs(first, [[window["start"], window["end"]]], ["input_text"] * 2, "window")
    sheet.book.define("zy_window", first.to(1, 2))
    for offset, name in enumerate(("start", "end")):
        formula = MONTH_INDEX.format(first.beside(columns=offset).here)
        year, month = window[name].split("-")
        index = int(year) * 12 + int(month) - 1
        sheet.live(HEAD + 2, offset, formula, index, "number", f"ZY_WINDOW_{name.upper()}")
    sheet.put(HEAD + 2, 2, "年×12+月−1 as an index", "text")
    months = len(months_of(window["start"], window["end"]))
    formula = MONTHS.format(start="ZY_WINDOW_START", end="ZY_WINDOW_END", most=WINDOW_MONTHS)
    sheet.live(HEAD + 1, 2, formula, months, "count", "ZY_WINDOW_MONTHS")


def _missing(sheet: Sheet, grade: Grade, row: int) -> None:
    missing = grade.evidence.document.get("missing_months", {})
    most = max([WINDOW_MONTHS, *(len(months) for months in missing.values())])
    width = len(STATISTICS)
    sheet.band(row - 1, 0, width, "各项统计缺少的月份 Months missing in each statistic")
    sheet.band(row - 1, width, width, "校验 sound")
    sheet.head([captions.STATISTICS[name] for name in STATISTICS] * 2, row)
    lists = [sorted(missing.get(name, [])) for name in STATISTICS]
    rows: list[list[Value]] = [
        [months[line] if line < len(months) else None for months in lists] for line in range(most)
    ]
    first = sheet.place(row + 1, 0)
    sheet.inputs(first, rows, ["input_text"] * width, "window")
    sheet.book.define("zy_missing", first.to(most, width))
    for line in range(most):
        for column in range(width):
            month = first.beside(line, column)
            index = MONTH_INDEX.format(month.here)
            formula = FAULT.format(
                month=month.here, index=index, start="ZY_WINDOW_START", end="ZY_WINDOW_END"
            )
            sheet.live(month.row, width + column, formula, 0 if rows[line][column] is None else 1, "tick")
    sheet.book.define("zy_missing_check", first.beside(columns=width).to(most, width))
    sheet.colour_where(first.to(most, width), f"{first.beside(columns=width).here}=-1", "bad")
