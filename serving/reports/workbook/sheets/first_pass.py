"""首次交验 First pass: first submissions by process, and the pooled stages that the yield is made of.

Products are told apart by EXACT and numbered by the row where they first appear; stages are then pooled by
SUMIFS over those numbers. Rows that follow one of the same product cost no search.
"""

from __future__ import annotations

from collections.abc import Sequence

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import Stage
from serving.reports.workbook.book import Book
from serving.reports.workbook.tables import Asked, Live, Table, twice

COUNT = {"validate": "integer", "criteria": ">=", "value": 0}
SUBMITTED = {"validate": "integer", "criteria": ">=", "value": 1}
ASKED = (
    Asked("product_id", Words("产品", "product_id"), "input_text", 20),
    Asked("process_id", Words("工序", "process_id"), "input_text", 16),
    Asked("seq", Words("顺序", "seq"), "input_count", 8, COUNT),
    Asked("submitted", Words("首次交验数", "submitted first"), "input_count", 15, SUBMITTED),
    Asked("passed_first", Words("一次合格数", "passed first"), "input_count", 15, COUNT),
)
CHECK = (
    'IF(COUNTA({product_id}:{passed_first})=0,0,IF(OR({product_id}="",{process_id}="",COUNT({seq}:{passed_first})<3),-1,'
    "IF(OR({seq}<0,{seq}<>INT({seq}),{submitted}<1,{submitted}<>INT({submitted}),{passed_first}<0,"
    "{passed_first}<>INT({passed_first}),{passed_first}>{submitted},"
    + twice("first_pass", "product_id", "process_id")
    + "),-1,1)))"
)
NUMBER = (
    "IF({check}<>1,0,IF(AND({up_number}>0,EXACT({up_product_id},{product_id})),{up_number},"
    "ROW({check})-ROW({top_check})+1-SUMPRODUCT(MAX(EXACT({top_product_id}:{product_id},{product_id})"
    "*({top_check}:{check}=1)*(ROW({check})-ROW({top_check}:{check}))))))"
)
HEAD = (
    "IF({number}=0,0,IF(AND({up_number}={number},{up_seq}={seq}),0,"
    "IF(COUNTIFS({top_number}:{up_number},{number},{top_seq}:{up_seq},{seq})=0,1,0)))"
)
POOLED = (
    'IF({{head}}=1,SUMIFS(zy_first_pass_{},zy_first_pass_number,{{number}},zy_first_pass_seq,{{seq}}),"")'
)
REDUCED = 'IF({{head}}=1,{}/IFERROR(GCD({{pooled}},{{pooled_passed}}),1),"")'


def write_first_pass(book: Book, grade: Grade, stages: Sequence[Stage]) -> None:
    """Write the page; without first passes it is empty, to be filled in."""
    sheet = book.sheet("first_pass")
    sheet.is_input()
    sheet.heading(
        Words("首次交验", "First pass"),
        Words(
            "每道工序的首次交验数和一次合格数;返工后再次交验的不计。同一产品中顺序相同的工序并行:先合并,再相乘。",
            "First submissions of each process; re-submissions after rework never count. Processes of equal "
            "seq in a product are parallel: pooled, then multiplied.",
        ),
    )
    rows = grade.evidence.document.get("first_pass", [])
    table = Table(sheet, "first_pass", ASKED, [[row[column.id] for column in ASKED] for row in rows])
    for column in _columns(stages):
        table.add(column)
    sheet.colour_where(table.area("product_id", "check"), "$F6=-1", "bad")
    sheet.keep_head(2)


def _columns(stages: Sequence[Stage]) -> list[Live]:
    return [
        Live("check", Words("校验", "sound"), "tick", 9, CHECK, [1] * len(stages), 0),
        Live(
            "number",
            Words("产品号", "product no."),
            "index",
            10,
            NUMBER,
            [s.number for s in stages],
            0,
            "IF({check}=1,1,0)",
        ),
        Live(
            "head",
            Words("阶段首行", "first of stage"),
            "tick",
            10,
            HEAD,
            [s.head for s in stages],
            0,
            "IF({number}=0,0,1)",
        ),
        Live(
            "pooled",
            Words("阶段交验数", "stage submitted"),
            "count",
            14,
            POOLED.format("submitted"),
            [s.submitted for s in stages],
            None,
        ),
        Live(
            "pooled_passed",
            Words("阶段合格数", "stage passed"),
            "count",
            14,
            POOLED.format("passed_first"),
            [s.passed for s in stages],
            None,
        ),
        Live(
            "rate",
            Words("阶段合格率", "stage yield"),
            "rate",
            17,
            'IF({head}=1,{pooled_passed}/{pooled},"")',
            [s.rate for s in stages],
            None,
        ),
        Live(
            "reduced_passed",
            Words("约分后分子", "numerator reduced"),
            "count",
            14,
            REDUCED.format("{pooled_passed}"),
            [s.passed_reduced for s in stages],
            None,
        ),
        Live(
            "reduced_submitted",
            Words("约分后分母", "denominator reduced"),
            "count",
            14,
            REDUCED.format("{pooled}"),
            [s.submitted_reduced for s in stages],
            None,
        ),
    ]
