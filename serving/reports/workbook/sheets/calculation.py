"""计算 Calculation: each indicator from the inputs to its level, step by step, every step a live formula."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.pack import Bound
from qm_rules.rulebook import LOSSES
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import LIMIT, NEAR, printed
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.captions import CLOSE, EXACT, ROUNDED, SIGNS, both
from serving.reports.workbook.figures import Figure, Figures
from serving.reports.workbook.places import HEAD, Place
from serving.reports.workbook.sheets.steps import Step, steps_of
from serving.reports.workbook.sheets.thresholds import DENOMINATOR, NUMERATOR, OPERATOR, UNITS, Bounds

LEVEL, ASKS, LEFT, RIGHT, DIFFERENCE, MET, ARITHMETIC, CLAUSE = range(8)
WIDTH = 8
HEADS = (
    Words("等级", "level"),
    Words("要求", "asks for"),
    Words("左边:分子×D", "left: numerator × D"),
    Words("右边:N×分母", "right: N × denominator"),
    Words("差", "left − right"),
    Words("满足", "met"),
    Words("算术", "arithmetic"),
    Words("条款", "clause"),
)
FORMULAS = {
    LEFT: 'IF({numerator}="","",{numerator}*{d})',
    RIGHT: 'IF({numerator}="","",{n}*{denominator})',
    DIFFERENCE: f'IF({{left}}="","",IF({{arithmetic}}="{both(CLOSE)}",0,{{left}}-{{right}}))',
    MET: (
        'IF({left}="","",IF({operator}=">=",{difference}>=0,'
        'IF({operator}="<=",{difference}<=0,{difference}<0)))'
    ),
    ARITHMETIC: (
        'IF({left}="","",IF(AND({whole},{n}=INT({n}),'
        f'MAX(ABS({{left}}),ABS({{right}}))<{LIMIT:.0E}),"{both(EXACT)}",'
        f'IF(ABS({{left}}-{{right}})<={NEAR:.0E}*ABS({{right}}),"{both(CLOSE)}","{both(ROUNDED)}")))'
    ),
}
KNOWN = 'IF({numerator}="","",TRUE)'
OWN = (
    'IF({status}="not_supplied","",IF({status}<>"measured",1,'
    "1+IF({m2},1+IF({m3},1+IF({m4},1+IF({m5},1,0),0),0),0)))"
)
BLOCKS_ON_A_PAGE, PRINT_SCALE = 2, 52


def write_calculation(book: Book, grade: Grade, figures: Figures, bounds: Bounds) -> None:
    """Write the page."""
    sheet = book.sheet("calculation")
    sheet.heading(
        Words("计算", "Calculation"),
        Words(
            "输入 → 数值 → 与阈值比较 → 等级。比较用交叉相乘(分子×D 对 N×分母),"
            "不作除法;“临界”表示电子表格无法判定,由规则的精确算术判定。",
            "Inputs → value → thresholds → level, compared by cross-multiplication (numerator × D against N "
            "× denominator). “At the threshold”: a spreadsheet cannot tell, exact arithmetic decides.",
        ),
    )
    sheet.columns(8, 40, 22, 22, 20, 10, 20, 38)
    row, breaks = HEAD + 1, []
    for position, name in enumerate(grade.book.ladders):
        if position and position % BLOCKS_ON_A_PAGE == 0:
            breaks.append(row)
        row = _block(sheet, grade, figures.of(name), bounds, row)
    sheet.page.freeze_panes(HEAD, 0)
    sheet.page.set_print_scale(PRINT_SCALE)
    sheet.page.set_h_pagebreaks(breaks)


def _block(sheet: Sheet, grade: Grade, figure: Figure, bounds: Bounds, row: int) -> int:
    """Write one indicator from the row on; return the row where the next one begins."""
    pack = grade.book.pack
    rule = pack.indicators[figure.name]
    sheet.page.set_row(row, 24)
    sheet.band(row, 0, WIDTH, f"{both(pack.words(rule.id))} — {both(pack.said(rule.clause), ' / ')}")
    sheet.tall(row + 1)
    sheet.band(row + 1, 0, WIDTH, f"“{rule.quote}”\n“{pack.english(rule.quote)}”", "given")
    row += 2
    for position, step in enumerate(steps_of(figure), 1):
        _step(sheet, step, position, row)
        row += 1
    sheet.head(HEADS, row)
    met = [
        _judgement(sheet, grade, figure, bounds, bound, row + offset)
        for offset, bound in enumerate(rule.bounds, 1)
    ]
    return _own_level(sheet, figure, met, row + len(met) + 1)


def _step(sheet: Sheet, step: Step, position: int, row: int) -> None:
    sheet.put(row, 0, position, "index")
    sheet.put(row, 1, both(step.label), "label")
    sheet.live(row, 2, step.formula, step.value, step.look, step.name)
    sheet.band(row, 3, WIDTH - 3, both(step.how, " · "), "text")


def _judgement(sheet: Sheet, grade: Grade, figure: Figure, bounds: Bounds, bound: Bound, row: int) -> Place:
    """Write the comparison with one level's threshold; return the cell that says whether it is met."""
    unit = grade.book.pack.indicators[figure.name].unit
    asks = f"{SIGNS[bound.operator]} {printed(bound, unit).normalize():f} {UNITS[unit]}".rstrip(" –")
    sheet.tall(row)
    sheet.put(row, LEVEL, bound.level, "level")
    sheet.put(row, CLAUSE, both(grade.book.pack.said(bound.clause), "\n"), "given")
    found = figure.judged[bound.level]
    if figure.name in LOSSES and bound.level == 2:
        sheet.put(row, ASKS, "已做统计 tracked(≥ 0)", "given")
        for column in (LEFT, RIGHT, DIFFERENCE, ARITHMETIC):
            sheet.put(row, column, None, "text")
        known = KNOWN.format(numerator=figure.cell("NUMERATOR"))
        return sheet.live(row, MET, known, None if found is None else True, "truth")
    sheet.put(row, ASKS, asks, "given")
    cells = _cells(sheet, figure, bounds, bound.level, row)
    shown = found or (None,) * 5
    for column, look in ((LEFT, "number"), (RIGHT, "number"), (ARITHMETIC, "middle"), (DIFFERENCE, "number")):
        value = shown[{LEFT: 0, RIGHT: 1, ARITHMETIC: 2, DIFFERENCE: 3}[column]]
        sheet.live(row, column, FORMULAS[column].format(**cells), value, look)
    return sheet.live(row, MET, FORMULAS[MET].format(**cells), shown[4], "truth")


def _cells(sheet: Sheet, figure: Figure, bounds: Bounds, level: int, row: int) -> dict[str, str]:
    """Return what the formulas of a comparison refer to: their own row, the threshold and the value."""
    names = {"left": LEFT, "right": RIGHT, "difference": DIFFERENCE, "arithmetic": ARITHMETIC}
    parts = {"n": NUMERATOR, "d": DENOMINATOR, "operator": OPERATOR}
    return {
        **{name: sheet.place(row, column).here for name, column in names.items()},
        **{name: bounds.part(figure.name, level, column) for name, column in parts.items()},
        **{name.lower(): figure.cell(name) for name in ("NUMERATOR", "DENOMINATOR", "WHOLE")},
    }


def _own_level(sheet: Sheet, figure: Figure, met: list[Place], row: int) -> int:
    """Write the own level and how many comparisons were too close; return the row of the next indicator."""
    sheet.page.set_row(row, 24)
    sheet.put(row, 0, "⇒", "index")
    sheet.put(row, 1, "本项等级 Own level", "label")
    cells = {f"m{level}": place.here for level, place in zip(figure.judged, met, strict=True)}
    formula = OWN.format(status=figure.cell("STATUS"), **cells)
    place = sheet.live(row, 2, formula, figure.level, "level", figure.cell("LEVEL"))
    sheet.colour_levels(place.to(1))
    sheet.put(row, 3, "临界的比较 at a threshold", "label")
    area = met[0].beside(columns=1).to(len(met)).here
    counted = f'COUNTIF({area},"{both(CLOSE)}")'
    close = sheet.live(row, 4, counted, figure.close, "count", figure.cell("CLOSE"))
    sheet.colour_where(close.to(1), f"{close.fixed}>0", "bad")
    sheet.band(row, 5, WIDTH - 5, "须由精确算术判定的个数 that only exact arithmetic decides", "text")
    return row + 2
