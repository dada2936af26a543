"""过程能力 Capability: the characteristics, which of them are graded, and whether they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.book import Book
from serving.reports.workbook.tables import Asked, Live, Table, twice
from serving.reports.workbook.values import Value, cell_number

FLAG = {"validate": "list", "source": ["TRUE", "FALSE"]}
COUNT = {"validate": "integer", "criteria": ">=", "value": 0}
EMPTY_MEANS = ("not_tracked", "not_supplied")
ASKED = (
    Asked("characteristic_id", Words("特性", "characteristic_id"), "input_text", 28),
    Asked("key", Words("关键特性", "key"), "input_truth", 12, FLAG),
    Asked("cpk", Words("过程能力指数", "Cpk (empty: none)"), "input_number", 18),
    Asked("n", Words("数值个数", "n"), "input_count", 12, COUNT),
    Asked("stable", Words("稳定可控", "stable"), "input_truth", 12, FLAG),
)
CHECK = (
    'IF(COUNTA({characteristic_id}:{stable})=0,0,IF(OR({characteristic_id}="",'
    'NOT(OR({key}="",{key}=TRUE,{key}=FALSE)),' + twice("capability", "characteristic_id") + "),-1,"
    'IF({cpk}="",1,IF(COUNT({cpk},{n})<2,-1,IF(AND({n}>=0,{n}=INT({n}),{stable}<>"",OR({stable}=TRUE,{stable}=FALSE)),1,-1)))))'
)
MARKED = 'IF({check}=1,IF({key}="",0,IF({key},1,0)),0)'
GRADED = "IF({check}=1,IF(ZY_CPK_MARKED>0,{marked},1),0)"
LACKING = 'IF({graded}=1,IF({cpk}="",1,0),0)'
COUNTED = 'IF({{graded}}=1,IF({{cpk}}="","",{}),"")'
UNSTABLE = 'IF({graded}=1,IF({cpk}="",0,IF({stable},0,1)),0)'


def write_capability(book: Book, grade: Grade) -> None:
    """Write the page; without characteristics it is empty, to be filled in."""
    sheet = book.sheet("capability")
    sheet.is_input()
    sheet.heading(
        Words("过程能力", "Process capability"),
        Words(
            "标为关键(TRUE)的特性参与评价;都未标时全部参与。Cpk 留空表示未计算,按未做统计处理。",
            "Characteristics marked key (TRUE) are graded; all, if none is marked. An empty Cpk says that it "
            "is not computed: not tracked.",
        ),
    )
    rows = grade.evidence.document.get("capability", [])
    table = Table(sheet, "capability", ASKED, [_asked(row) for row in rows])
    for column in _columns(rows):
        table.add(column)
    _empty_means(book, grade, table.width + 1)
    sheet.colour_where(table.area("characteristic_id", "check"), "$F6=-1", "bad")
    sheet.keep_head(1)


def _asked(row: Mapping[str, Any]) -> list[Value]:
    return [
        row["characteristic_id"],
        row.get("key"),
        cell_number(row["cpk"]),
        row.get("n"),
        row.get("stable"),
    ]


def _empty_means(book: Book, grade: Grade, column: int) -> None:
    """Write what it means if no characteristic is listed: the evidence file says it by an empty list."""
    sheet = book.sheet("capability")
    sheet.head([Words("没有特性时表示", "no characteristic means")], column=column)
    sheet.page.set_column(column - 1, column - 1, 3)
    sheet.page.set_column(column, column, 18)
    meaning = EMPTY_MEANS[0] if grade.evidence.document.get("capability") == [] else EMPTY_MEANS[1]
    place = sheet.place(5, column)
    sheet.inputs(place, [[meaning]], ["input_choice"], "capability")
    sheet.allow(place.to(1), validate="list", source=list(EMPTY_MEANS))
    book.define("ZY_CAPABILITY_EMPTY_MEANS", place)


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[Live]:
    marked = [1 if row.get("key") else 0 for row in rows]
    graded = marked if any(marked) else [1] * len(rows)
    pairs = list(zip(rows, graded, strict=True))
    counted = [row["cpk"] is not None and is_graded == 1 for row, is_graded in pairs]
    values = [cell_number(row["cpk"]) if counts else None for row, counts in zip(rows, counted, strict=True)]
    sizes = [row["n"] if counts else None for row, counts in zip(rows, counted, strict=True)]
    unstable = [int(counts and not row["stable"]) for row, counts in zip(rows, counted, strict=True)]
    lacking = [int(is_graded == 1 and row["cpk"] is None) for row, is_graded in pairs]
    return [
        Live("check", Words("校验", "row is sound"), "tick", 10, CHECK, [1] * len(rows), 0),
        Live("marked", Words("已标关键", "marked key"), "tick", 10, MARKED, marked, 0),
        Live("graded", Words("参与评价", "graded"), "tick", 10, GRADED, graded, 0),
        Live("lacking", Words("缺 Cpk", "lacks a Cpk"), "tick", 10, LACKING, lacking, 0),
        Live(
            "value", Words("计入的 Cpk", "Cpk counted"), "number", 14, COUNTED.format("{cpk}"), values, None
        ),
        Live("size", Words("计入的 n", "n counted"), "count", 12, COUNTED.format("{n}"), sizes, None),
        Live("unstable", Words("不稳定", "unstable"), "tick", 10, UNSTABLE, unstable, 0),
    ]
