"""阈值 Thresholds: what the document asks at each level, in its words; all comparisons refer to this page."""

from __future__ import annotations

from collections.abc import Mapping

from qm_rules import Grade
from qm_rules.pack import Bound, IndicatorRule
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import DECIMALS, MILLION, PARTS, printed, thresholds
from serving.reports.workbook.book import HIGHEST, Book, Sheet
from serving.reports.workbook.captions import both
from serving.reports.workbook.places import FIRST, Place
from serving.reports.workbook.values import Value

OPERATOR, PRINTED, BY_FORMULA, IN_USE, NUMERATOR, DENOMINATOR = 2, 3, 5, 7, 8, 9
UNITS = {"ppm": "ppm", "1": "–", "percent": "%"}
HEADS = (
    Words("指标", "indicator"),
    Words("等级", "level"),
    Words("比较", "operator"),
    Words("印出的阈值", "as printed"),
    Words("单位", "unit"),
    Words("公式值", "by formula"),
    Words("公式值全文", "by formula, 30 digits"),
    Words("采用值", "in use"),
    Words("分子 N", "numerator"),
    Words("分母 D", "denominator"),
    Words("条款", "clause"),
    Words("原文与非官方译文", "the document's words, with an unofficial translation"),
)
TAKES_FORMULA = 'AND(ZY_POLICY_SIGMA_METHOD="formula",ISNUMBER({formula}))'


class Bounds:
    """Where the parts of each threshold stand, for the pages that compare with them."""

    def __init__(self, grade: Grade) -> None:
        self._order = list(grade.book.ladders)

    def row(self, name: str, level: int) -> int:
        """Return the row of an indicator's level."""
        return FIRST + self._order.index(name) * HIGHEST + level - 1

    def part(self, name: str, level: int, column: int) -> str:
        """Return the cell of one part (`OPERATOR`, `NUMERATOR`, …) as any page may call it."""
        return Place("thresholds", self.row(name, level), column).anywhere


def write_thresholds(book: Book, grade: Grade) -> Bounds:
    """Write the page."""
    sheet, pack = book.sheet("thresholds"), grade.book.pack
    sheet.heading(
        Words("阈值", "Thresholds"),
        Words(
            f"取自{pack.document}{pack.annex}。印出的小数化为最简分数 N/D(以 1 为整体),比较时只用整数相乘。",
            "From the annex of the document. Printed decimals become fractions N/D of one in lowest terms, "
            "so that comparing needs whole numbers only.",
        ),
    )
    sheet.columns(30, 8, 10, 12, 8, 19, 20, 19, 19, 13, 36, 74)
    sheet.head(HEADS)
    bounds = Bounds(grade)
    _printed(sheet, grade)
    for name, rule in pack.indicators.items():
        _first_level(sheet, grade, rule, bounds.row(name, 1))
        used = thresholds(rule, grade.book.policy["sigma_method"])
        for bound in rule.bounds:
            row = bounds.row(name, bound.level)
            _texts(sheet, grade, rule, row, bound.level, {"clause": bound.clause, "quote": bound.quote})
            numbers = (used[bound.level].numerator, used[bound.level].denominator)
            _bound(sheet, rule, bound, row, grade.book.policy["sigma_method"], numbers)
    sheet.keep_head(2)
    return bounds


def _printed(sheet: Sheet, grade: Grade) -> None:
    """Write operators and printed values as one area, so that a change of the document is counted too."""
    rows: list[list[Value]] = []
    for rule in grade.book.pack.indicators.values():
        rows.append([None, None])  # level 1 has no bound
        rows += [[bound.operator, float(printed(bound, rule.unit))] for bound in rule.bounds]
    sheet.inputs(sheet.place(FIRST, OPERATOR), rows, ["given_middle", "given_number"], "thresholds")


def _first_level(sheet: Sheet, grade: Grade, rule: IndicatorRule, row: int) -> None:
    """Write level 1: what is left, without a bound."""
    _texts(sheet, grade, rule, row, 1, rule.level_1)
    for column in range(BY_FORMULA, DENOMINATOR + 1):
        sheet.put(row, column, None, "given")


def _texts(
    sheet: Sheet, grade: Grade, rule: IndicatorRule, row: int, level: int, said: Mapping[str, str]
) -> None:
    pack = grade.book.pack
    sheet.tall(row)
    sheet.put(row, 0, both(pack.words(rule.id), "\n"), "label")
    sheet.put(row, 1, level, "level")
    sheet.put(row, 4, UNITS[rule.unit], "given_middle")
    sheet.put(row, 10, both(pack.said(said["clause"]), "\n"), "given")
    sheet.put(row, 11, both(pack.said(said["quote"]), "\n"), "given")


def _bound(
    sheet: Sheet, rule: IndicatorRule, bound: Bound, row: int, method: str, numbers: tuple[float, float]
) -> None:
    asked = float(printed(bound, rule.unit))
    formula = None if bound.formula is None else float(bound.formula)
    sheet.put(row, BY_FORMULA, formula, "given_number")
    sheet.put(row, BY_FORMULA + 1, None if bound.formula is None else str(bound.formula), "code")
    cells = {"printed": sheet.place(row, PRINTED).here, "formula": sheet.place(row, BY_FORMULA).here}
    takes = TAKES_FORMULA.format(**cells)
    shown = formula if method == "formula" and formula is not None else asked
    sheet.live(row, IN_USE, f"IF({takes},{cells['formula']},{cells['printed']})", shown, "number")
    whole = f"ROUND({cells['printed']}*10^{DECIMALS},0)"
    parts = PARTS[rule.unit] * 10**DECIMALS
    common = f"GCD({whole},{parts})"
    sheet.live(row, NUMERATOR, f"IF({takes},{cells['formula']},{whole}/{common})", numbers[0], "number")
    sheet.live(row, DENOMINATOR, f"IF({takes},{MILLION},{parts}/{common})", numbers[1], "number")
