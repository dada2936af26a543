"""校核 Check: the live results against the exact rules, what was changed, and what the rules would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.captions import AGREE, DISAGREE, GROUPS, both, caption
from serving.reports.workbook.figures import Figures, cell_name
from serving.reports.workbook.places import FIRST
from serving.reports.workbook.values import Value

HEADS = (
    Words("项目", "quantity"),
    Words("字段", "field"),
    Words("本簿重算", "recomputed here"),
    Words("规则给出", "by the exact rules, as issued"),
    Words("一致", "agree"),
    Words("规则的精确分数", "exact fraction of the rules"),
)
GROUP_HEADS = (
    Words("输入", "inputs"),
    Words("字段", "field"),
    Words("已改动的单元格", "cells changed"),
    Words("不合规的输入", "inputs that the rules would refuse"),
)
SAME_NUMBER = (
    'IF({live}="",IF({rules}="",1,0),IF({rules}="",0,IF(ABS({live}-{rules})<=1E-10*ABS({rules}),1,0)))'
)
SAME = "IF({live}={rules},1,0)"
SUM = Words("合计", "total")
LONGEST_FRACTION = 300
TRACKED_WITHOUT = "IF(ZY_{tag}_TRACKED_CHECK=1,IF(ZY_{tag}_TRACKED,IF(COUNTA(zy_{family}_amount)=0,1,0),0),0)"
FAULTS = {
    "deliveries": (
        "COUNTIF(zy_deliveries_check,-1)+IF(AND(COUNTIF(zy_deliveries_check,1)>0,ZY_SIGMA_UNITS=0),1,0)"
    ),
    "first_pass": (
        "COUNTIF(zy_first_pass_check,-1)+IF(SUM(zy_products_stages)<>SUM(zy_first_pass_head),1,0)"
    ),
    "capability": "COUNTIF(zy_capability_check,-1)",
    "losses": "+".join(
        [
            *(f"COUNTIF(zy_{family}_check,-1)" for family in ("internal", "external")),
            *(f"IF({cell}=-1,1,0)" for cell in ("ZY_INTERNAL_TRACKED_CHECK", "ZY_EXTERNAL_TRACKED_CHECK")),
            "IF(ZY_OUTPUT_CHECK=-1,1,0)",
            *(TRACKED_WITHOUT.format(tag=name.upper(), family=name) for name in ("internal", "external")),
        ]
    ),
    "management": "COUNTIF(zy_management_check,-1)",
    "window": "COUNTIF(zy_missing_check,-1)+IF(ZY_WINDOW_MONTHS<1,1,0)",
    "policies": "COUNTIF(zy_policies_check,-1)",
    "thresholds": "0",
}
REFUSED = Words("输入有误,规则会拒绝", "the rules would refuse these inputs")
CHANGED = Words("输入已改动:此为试算,签发的等级不变", "inputs changed: a what-if; the grade as issued stands")
STANDS = Words("以规则的精确算术为准", "the exact arithmetic of the rules stands")
AT_THRESHOLD = Words("有数值正在阈值处,由精确算术判定", "a value is at a threshold: exact arithmetic decided")

UNDECIDED = Words("有数值正在阈值处,只有规则能判定", "a value is at a threshold: only the rules can decide")
DIFFERS = f"{both(DISAGREE)}: {both(STANDS)}"
DECIDED = f"{both(AGREE)}; {both(AT_THRESHOLD)}"


class Compared(NamedTuple):
    """One quantity: its live cell, its result here, and what the rules say."""

    label: Words
    field: str
    cell: str
    live: Value
    rules: Value
    is_number: bool
    exact: str | None = None


def write_check(book: Book, grade: Grade, figures: Figures) -> None:
    """Write the page; call it after every page that has inputs."""
    sheet = book.sheet("check")
    sheet.heading(
        Words("校核", "Check"),
        Words(
            "电子表格以双精度浮点计算,规则以精确分数计算;两者不一致时以规则为准,并在此显示。",
            "A spreadsheet computes in double precision, the rules in exact fractions; where they differ the "
            "rules stand, and it shows here.",
        ),
    )
    sheet.columns(58, 26, 28, 32, 10, 60)
    sheet.head(HEADS)
    compared = list(_compared(grade, figures))
    for offset, one in enumerate(compared):
        _line(sheet, one, FIRST + offset)
    count = len(compared)
    book.define("zy_agree", sheet.place(FIRST, 4).to(count))
    sheet.colour_where(sheet.place(FIRST, 0).to(count, 5), f"$E{FIRST + 1}=0", "bad")
    row = _groups(sheet, FIRST + count + 2)
    row = _precision(sheet, grade, figures, row + 1)
    _outcome(sheet, grade, figures, row + 1)
    sheet.keep_head(1)
    sheet.page.fit_to_pages(1, 1)


def _compared(grade: Grade, figures: Figures) -> Iterator[Compared]:
    pack = grade.book.pack
    yield Compared(Words("等级", "level"), "level", "ZY_LEVEL", figures.level, grade.level, True)
    yield Compared(
        Words("最高可达", "at most"), "at_most", "ZY_AT_MOST", figures.at_most, grade.at_most, True
    )
    yield Compared(Words("状态", "status"), "status", "ZY_STATUS", grade.status, grade.status, False)
    for name, level in grade.dimensions.items():
        cell = f"ZY_DIMENSION_{name.upper()}"
        yield Compared(pack.words(name), name, cell, figures.dimensions[name], level, True)
    for position, (name, level) in enumerate(grade.own.items(), 1):
        cell = f"INDEX(zy_own_levels,{position})"
        yield Compared(pack.words(name), f"{name} level", cell, figures.own[name], level, True)
    for name, found in grade.indicators.items():
        value = None if found.value is None else float(found.value)
        cell, status = cell_name(name, "VALUE"), cell_name(name, "STATUS")
        yield Compared(
            pack.words(name), f"{name} value", cell, figures.of(name).value, value, True, found.exact
        )
        yield Compared(pack.words(name), f"{name} status", status, found.status, found.status, False)


def _line(sheet: Sheet, one: Compared, row: int) -> None:
    look = "number" if one.is_number else "middle"
    sheet.put(row, 0, both(one.label), "label")
    sheet.put(row, 1, one.field, "code")
    live = sheet.live(row, 2, one.cell, one.live, look)
    sheet.put(row, 3, one.rules, "given_number" if one.is_number else "given_middle")
    formula = (SAME_NUMBER if one.is_number else SAME).format(
        live=live.here, rules=live.beside(columns=1).here
    )
    sheet.live(row, 4, formula, int(_agrees(one)), "tick")
    sheet.put(row, 5, None if one.exact is None else one.exact[:LONGEST_FRACTION], "code")


def _agrees(one: Compared) -> bool:
    if isinstance(one.live, int | float) and isinstance(one.rules, int | float):
        return abs(one.live - one.rules) <= 1e-10 * abs(one.rules)
    return one.live == one.rules


def _groups(sheet: Sheet, row: int) -> int:
    issued = sheet.book.issued
    sheet.head(GROUP_HEADS, row - 1)
    first = row
    for group in issued.groups:
        sheet.put(row, 0, both(caption(GROUPS, group)), "label")
        sheet.put(row, 1, group, "code")
        sheet.live(row, 2, issued.changed(group), 0, "count")
        sheet.live(row, 3, FAULTS[group], 0, "count")
        row += 1
    sheet.put(row, 0, both(SUM), "label")
    sheet.put(row, 1, None, "code")
    for column, name in ((2, "ZY_CHANGED"), (3, "ZY_FAULTS")):
        area = sheet.place(first, column).to(row - first)
        sheet.live(row, column, f"SUM({area.here})", 0, "count", name)
        sheet.colour_where(area.first.to(row - first + 1), f"{area.first.here}>0", "bad")
    return row + 1


def _precision(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> int:
    """Write how many inputs a spreadsheet cannot hold, and how many comparisons were too close for it."""
    heads = (
        Words("精度", "precision"),
        Words("字段", "field"),
        Words("超过 15 位的输入", "inputs with more than 15 digits"),
    )
    sheet.head([*heads, Words("临界的比较", "comparisons at a threshold")], row)
    for name in grade.book.ladders:
        row += 1
        figure = figures.of(name)
        sheet.put(row, 0, both(grade.book.pack.words(name)), "label")
        sheet.put(row, 1, name, "code")
        sheet.put(row, 2, figure.rounded, "count")
        sheet.book.define(figure.cell("ROUNDED"), sheet.place(row, 2))
        sheet.live(row, 3, figure.cell("CLOSE"), figure.close, "count")
    return row + 1


def _outcome(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> None:
    close = "+".join(figures.of(name).cell("CLOSE") for name in grade.book.ladders)
    agrees = all(map(_agrees, _compared(grade, figures)))
    sheet.band(row, 0, 6, "结果 Outcome")
    sheet.put(row + 1, 0, "重算与规则一致 recomputed and rules agree", "label")
    sheet.live(row + 1, 2, "IF(COUNTIF(zy_agree,0)=0,1,0)", int(agrees), "tick", "ZY_AGREES")
    sheet.put(row + 2, 0, "说明 in words", "label")
    unchanged = f'IF(ZY_AGREES=0,"{DIFFERS}",IF({close}>0,"{DECIDED}","{both(AGREE)}"))'
    changed = f'"{both(CHANGED)}"&IF({close}>0,"; {both(UNDECIDED)}","")'
    text = f'IF(ZY_FAULTS>0,"{both(REFUSED)}",IF(ZY_CHANGED>0,{changed},{unchanged}))'
    sheet.live(row + 2, 2, text, outcome(grade, figures), "strong", "ZY_CHECK")


def outcome(grade: Grade, figures: Figures) -> str:
    """Return what the check says as long as nothing is changed."""
    if not all(map(_agrees, _compared(grade, figures))):
        return DIFFERS
    return DECIDED if any(figures.of(name).close for name in grade.book.ladders) else both(AGREE)
