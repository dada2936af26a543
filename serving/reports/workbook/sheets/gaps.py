"""差距 Gaps: what every indicator and item still needs for each higher level, and how much that is."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.pack import IndicatorRule
from qm_rules.rulebook import LOSSES
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import printed
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.captions import SIGNS, both
from serving.reports.workbook.figures import Figures
from serving.reports.workbook.places import FIRST
from serving.reports.workbook.sheets.lacking import write_lacking
from serving.reports.workbook.sheets.thresholds import (
    IN_USE,
    OPERATOR,
    UNITS,
    Bounds,
)

LEVELS = range(2, 6)
MET, NONE, PASSED = "✓", "未提供 not supplied", "·"
NEEDS = 'IF({own}="","{none}",IF({level}<=ZY_AT_MOST,"{passed}",IF({supports},"{met}",{needs})))'


def write_gaps(book: Book, grade: Grade, figures: Figures, bounds: Bounds) -> None:
    """Write the page."""
    sheet = book.sheet("gaps")
    sheet.heading(
        Words("差距", "Gaps"),
        Words(
            "到每一更高等级还需要什么。✓ 已支持该等级;· 不高于当前等级;其余为须达到的要求。",
            "What each higher level still needs. ✓ supports it already; · not above the present level; "
            "otherwise what must be reached.",
        ),
    )
    sheet.columns(48, 38, *[22] * 4)
    names = {level: grade.book.pack.level_words(level) for level in LEVELS}
    levels = [Words(f"到 {level} {name.zh}", f"to {name.en}") for level, name in names.items()]
    sheet.head([Words("指标或管理项", "indicator or item"), Words("现值", "has"), *levels])
    for position, name in enumerate(grade.book.order):
        _line(sheet, grade, figures, bounds, name, FIRST + position)
    write_lacking(sheet, grade, figures, bounds, FIRST + len(grade.book.order) + 1)
    area = sheet.place(FIRST, 2).to(len(grade.book.order), 4)
    sheet.colour_where(area, f'{area.first.here}="{MET}"', "good")
    sheet.colour_where(area, f'OR({area.first.here}="{PASSED}",{area.first.here}="{NONE}")', "faint")
    sheet.keep_head(1)


def _line(sheet: Sheet, grade: Grade, figures: Figures, bounds: Bounds, name: str, row: int) -> None:
    own = figures.own[name]
    is_indicator = name in grade.indicators
    cell = f"INDEX(zy_own_levels,{grade.book.order.index(name) + 1})"
    sheet.page.set_row(row, 22)
    sheet.put(row, 0, both(grade.book.pack.words(name)), "label")
    if is_indicator:
        figure = figures.of(name)
        look = "rate" if UNITS[grade.book.pack.indicators[name].unit] == "%" else "number"
        sheet.live(row, 1, figure.cell("VALUE"), figure.value, look)
    else:
        sheet.live(row, 1, cell, own, "level")
    for level in LEVELS:
        supports, supported = _supports(grade, name, cell, own, level)
        needs, needed = _needs(grade, bounds, name, level) if is_indicator else (f'"≥ {level}"', f"≥ {level}")
        shown = NONE if own is None else PASSED if level <= figures.at_most else MET if supported else needed
        formula = NEEDS.format(
            own=cell, none=NONE, passed=PASSED, met=MET, level=level, supports=supports, needs=needs
        )
        sheet.live(row, level, formula, shown, "middle")


def _supports(grade: Grade, name: str, cell: str, own: int | None, level: int) -> tuple[str, bool]:
    """Return the formula, and its result, for whether the own level supports a level."""
    supported = own is not None and grade.book.supports(name, own, level)
    if name in LOSSES and level == 2:
        return f'AND({cell}>=2,NOT(AND(ZY_POLICY_LEVEL2_LOSS="literal",{cell}>2)))', supported
    return f"{cell}>={level}", supported


def _needs(grade: Grade, bounds: Bounds, name: str, level: int) -> tuple[str, str]:
    """Return the formula, and its result, for what a level asks of an indicator."""
    rule = grade.book.pack.indicators[name]
    unit = UNITS[rule.unit].strip("–")
    operator, used = (bounds.part(name, level, column) for column in (OPERATOR, IN_USE))
    sign = f'IF({operator}=">=","{SIGNS[">="]}",IF({operator}="<=","{SIGNS["<="]}","<"))'
    formula = f'{sign}&" "&{used}&"{unit and " " + unit}"'
    shown = f"{SIGNS[_operator(rule, level)]} {_plain(rule, grade, level)}{unit and ' ' + unit}"
    if name in LOSSES and level == 2:
        track = "做统计 to be tracked"
        formula = f'IF(ZY_POLICY_LEVEL2_LOSS="literal",{formula},"{track}")'
        shown = shown if grade.book.literal else track
    return formula, shown


def _operator(rule: IndicatorRule, level: int) -> str:
    return next(bound.operator for bound in rule.bounds if bound.level == level)


def _plain(rule: IndicatorRule, grade: Grade, level: int) -> str:
    """Return the bound in use as a spreadsheet joins it to a text: at most fifteen digits."""
    bound = next(bound for bound in rule.bounds if bound.level == level)
    by_formula = grade.book.policy["sigma_method"] == "formula" and bound.formula is not None
    value = bound.formula if by_formula and bound.formula is not None else printed(bound, rule.unit)
    return f"{float(value):.15g}"
