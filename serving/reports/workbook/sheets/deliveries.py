"""交付 Deliveries: units delivered and nonconforming, product by product."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import MILLION
from serving.reports.workbook.book import Book
from serving.reports.workbook.tables import Asked, Live, Table, twice

COUNT = {"validate": "integer", "criteria": ">=", "value": 0}
ASKED = (
    Asked("product_id", Words("产品", "product_id"), "input_text", 42),
    Asked("units", Words("交付数", "units delivered"), "input_count", 24, COUNT),
    Asked("nonconforming", Words("不合格数", "nonconforming"), "input_count", 24, COUNT),
)
CHECK = (
    'IF(COUNTA({product_id}:{nonconforming})=0,0,IF(OR({product_id}="",COUNT({units},{nonconforming})<2),-1,'
    "IF(OR({units}<0,{nonconforming}<0,{nonconforming}>{units},{units}<>INT({units}),"
    "{nonconforming}<>INT({nonconforming})," + twice("deliveries", "product_id") + "),-1,1)))"
)
PPM = f'IF({{check}}=1,IF({{units}}>0,{{nonconforming}}*{MILLION}/{{units}},""),"")'


def write_deliveries(book: Book, grade: Grade) -> None:
    """Write the page; without deliveries it is empty, to be filled in."""
    sheet = book.sheet("deliveries")
    sheet.is_input()
    sheet.heading(
        Words("交付", "Deliveries"),
        Words(
            "窗口内交付的单位数和其中的不合格单位数(按单位计,不按机会计)。黄色单元格可以修改,空行可以补充。",
            "Units delivered in the window and the nonconforming ones among them, never opportunities. "
            "Yellow cells may be changed, empty rows filled in.",
        ),
    )
    rows = grade.evidence.document.get("deliveries", [])
    table = Table(sheet, "deliveries", ASKED, [[row[column.id] for column in ASKED] for row in rows])
    table.add(Live("check", Words("校验", "row is sound"), "tick", 12, CHECK, [1] * len(rows), 0))
    ppm = [row["nonconforming"] * MILLION / row["units"] if row["units"] else None for row in rows]
    table.add(Live("ppm", Words("每百万单位不良品数", "ppm of the product"), "number", 24, PPM, ppm, None))
    sheet.colour_where(table.area("product_id", "check"), "$D6=-1", "bad")
    sheet.keep_head(1)
