"""分产品 Products: each product's yield, the product of its stages, and its weight in the mean."""

from __future__ import annotations

from collections.abc import Sequence

from qm_rules.words import Words
from serving.reports.workbook.arithmetic import OVERFLOW, Product
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.places import FIRST
from serving.reports.workbook.tables import SPARE
from serving.reports.workbook.values import Value

HEADS = (
    Words("序", "no."),
    Words("产品号", "product no. (its first row)"),
    Words("产品", "product_id"),
    Words("首道顺序", "lowest seq"),
    Words("投入数", "units started (the weight)"),
    Words("阶段数", "stages"),
    Words("全过程合格率", "yield: product of its stages"),
    Words("分子连乘", "product of the numerators"),
    Words("分母连乘", "product of the denominators"),
    Words("投入×合格率", "weight × yield"),
)
NAMES = ("number", "product_id", "seq", "started", "stages", "rate", "passed", "submitted", "weighted")
FIRST_NUMBER = 'IFERROR(SMALL(zy_first_pass_number,COUNTIF(zy_first_pass_number,"<=0")+1),"")'
NEXT_NUMBER = (
    'IF({up}="","",IFERROR(SMALL(zy_first_pass_number,COUNTIF(zy_first_pass_number,"<="&{up})+1),""))'
)
OF_STAGES = "PRODUCT(IF((zy_first_pass_number={number})*(zy_first_pass_head=1),zy_first_pass_{part},1))"
HELD = f"IFERROR({OF_STAGES},{OVERFLOW:.0E})"


def write_products(book: Book, products: Sequence[Product]) -> None:
    """Write the page, with spare rows for products that somebody adds."""
    sheet = book.sheet("products")
    sheet.heading(
        Words("分产品合格率", "Yield by product"),
        Words(
            "产品的全过程合格率等于各阶段合格率之积;企业的合格率按各产品首道工序投入数加权平均。",
            "A product's yield is the product of its stages' yields; the enterprise's is the mean, weighted "
            "by the units started at each product's first process.",
        ),
    )
    sheet.columns(7, 13, 26, 12, 16, 10, 20, 22, 22, 22)
    sheet.head(HEADS)
    rows = len(products) + SPARE
    for row in range(rows):
        _line(sheet, row, products[row] if row < len(products) else None)
    for offset, name in enumerate(NAMES, 1):
        book.define(f"zy_products_{name}", sheet.place(FIRST, offset).to(rows))
    sheet.keep_head(3)


def _line(sheet: Sheet, position: int, product: Product | None) -> None:
    row = FIRST + position
    number = sheet.place(row, 1).here
    above = NEXT_NUMBER.format(up=sheet.place(row - 1, 1).here) if position else FIRST_NUMBER
    values: Sequence[Value] = [None] * 9 if product is None else [*product, product.started * product.rate]
    sheet.put(row, 0, position + 1, "index")
    sheet.live(row, 1, above, values[0], "index")
    sheet.live(row, 2, _if(number, f"INDEX(zy_first_pass_product_id,{number})"), values[1], "text")
    lowest = f"MIN(IF(zy_first_pass_number={number},zy_first_pass_seq,{OVERFLOW:.0E}))"
    sheet.array(row, 3, _if(number, lowest), values[2], "index")
    seq, started = sheet.place(row, 3).here, sheet.place(row, 4).here
    pooled = f"SUMIFS(zy_first_pass_submitted,zy_first_pass_number,{number},zy_first_pass_seq,{seq})"
    sheet.live(row, 4, _if(number, pooled), values[3], "count")
    sheet.live(
        row, 5, _if(number, f"SUMIFS(zy_first_pass_head,zy_first_pass_number,{number})"), values[4], "index"
    )
    for column, part, look in (
        (6, "rate", "rate"),
        (7, "reduced_passed", "count"),
        (8, "reduced_submitted", "count"),
    ):
        formula = _if(number, HELD.format(number=number, part=part))
        sheet.array(row, column, formula, values[column - 1], look)
    weighted = f"{started}*{sheet.place(row, 6).here}"
    sheet.live(row, 9, _if(number, weighted), values[8], "number")


def _if(number: str, formula: str) -> str:
    return f'IF({number}="","",{formula})'
