"""How much each indicator is away from each level's bound, in the unit that people act on."""

from __future__ import annotations

from math import floor

from qm_rules import Grade
from qm_rules.rulebook import LOSSES
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import Threshold, thresholds
from serving.reports.workbook.book import Sheet
from serving.reports.workbook.captions import both
from serving.reports.workbook.figures import Figure, Figures
from serving.reports.workbook.sheets.thresholds import DENOMINATOR, IN_USE, NUMERATOR, Bounds

WIDTH = 6
UNITS = {
    "sigma": Words("至少须减少的不合格单位数", "nonconforming units to be avoided"),
    "cpk": Words("低于该值的特性数", "graded characteristics below it"),
    "ftq": Words("还差的百分点", "percentage points lacking"),
    "internal_loss": Words("须减少的损失(元),要多于此数", "losses to be avoided (CNY): more than"),
    "external_loss": Words("须减少的损失(元),要多于此数", "losses to be avoided (CNY): more than"),
}
LOOKS = {
    "sigma": "count",
    "cpk": "count",
    "ftq": "number",
    "internal_loss": "money",
    "external_loss": "money",
}
LACKING = {
    "sigma": "MAX(0,{over}-INT({n}*{under}/{d}))",
    "cpk": "SUMPRODUCT(ISNUMBER(zy_capability_value)*(zy_capability_value<{bound}))",
    "ftq": "MAX(0,ROUND(({n}/{d}-{over}/{under})*100,10))",
    "internal_loss": "MAX(0,ROUND(ZY_INTERNAL_LOSS_TOTAL-{n}/{d}*ZY_OUTPUT,6))",
    "external_loss": "MAX(0,ROUND(ZY_EXTERNAL_LOSS_TOTAL-{n}/{d}*ZY_OUTPUT,6))",
}


def write_lacking(sheet: Sheet, grade: Grade, figures: Figures, bounds: Bounds, row: int) -> None:
    """Write the table from the row on, for every level, whatever the present one is."""
    sheet.page.set_row(row, 24)
    sheet.band(row, 0, WIDTH, "还差多少 How much is lacking(0:不缺 nothing)")
    for offset, name in enumerate(grade.indicators, 1):
        figure = figures.of(name)
        sheet.tall(row + offset)
        sheet.put(row + offset, 0, both(grade.book.pack.words(name)), "label")
        sheet.put(row + offset, 1, both(UNITS[name], "\n"), "given")
        rule = grade.book.pack.indicators[name]
        for level, asked in thresholds(rule, grade.book.policy["sigma_method"]).items():
            if name in LOSSES and level == 2:
                sheet.put(row + offset, level, None, "text")
                continue
            value = None if figure.ratio is None else _lacking(figure, asked, grade)
            sheet.live(row + offset, level, _formula(figure, bounds, level), value, LOOKS[name])


def _formula(figure: Figure, bounds: Bounds, level: int) -> str:
    n, d, bound = (bounds.part(figure.name, level, part) for part in (NUMERATOR, DENOMINATOR, IN_USE))
    over, under = figure.cell("NUMERATOR"), figure.cell("DENOMINATOR")
    amount = LACKING[figure.name].format(n=n, d=d, bound=bound, over=over, under=under)
    return f'IF({over}="","",{amount})'


def _lacking(figure: Figure, asked: Threshold, grade: Grade) -> float:
    document, limit = grade.evidence.document, asked.numerator / asked.denominator
    ratio = figure.ratio
    if ratio is None:
        return 0.0
    if figure.name == "sigma":
        return max(0.0, ratio.numerator - floor(asked.numerator * ratio.denominator / asked.denominator))
    if figure.name == "cpk":
        rows = document["capability"]
        graded = [row for row in rows if row.get("key")] or rows
        return float(sum(float(row["cpk"]) < limit for row in graded))
    if figure.name == "ftq":
        return max(0.0, round((limit - ratio.value) * 100, 10))
    return max(0.0, round((figure.parts["TOTAL"] or 0.0) - limit * float(document["output_value"]), 6))
