"""读法 Readings: the level under every reading of the document side by side, live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qm_rules import Grade, Policy, grade
from qm_rules.rulebook import LOSSES, rulebook
from qm_rules.words import Words
from serving.reports.workbook.arithmetic import (
    DECIMALS,
    LIMIT,
    MILLION,
    NEAR,
    Threshold,
    climbed,
    judged,
    thresholds,
)
from serving.reports.workbook.book import HIGHEST, Book, Sheet
from serving.reports.workbook.figures import Figures
from serving.reports.workbook.places import FIRST, Place
from serving.reports.workbook.sheets.aggregation import together
from serving.reports.workbook.sheets.thresholds import BY_FORMULA, OPERATOR, PRINTED, Bounds

METHODS = ("printed", "formula")
STEP_HEADS = (
    Words("σ 的换算", "conversion of σ"),
    Words("等级", "level"),
    Words("分子 N", "numerator"),
    Words("分母 D", "denominator"),
    Words("分子×D", "numerator × D"),
    Words("N×分母", "N × denominator"),
    Words("满足", "met"),
)
READING_HEADS = (
    Words("σ 的换算", "conversion of σ"),
    Words("检验级损失率", "losses at level 2"),
    Words("综合判断", "aggregation"),
)
LEVEL_HEADS = (
    Words("等级(证据不全时为最高可达)", "level (at most, if incomplete)"),
    Words("规则给出", "by the rules, as issued"),
)
PERFORMANCE = "performance"
IS_EXACT = f"AND(ZY_SIGMA_WHOLE,{{n}}=INT({{n}}),MAX({{left}},{{right}})<{LIMIT:.0E})"
TOLERANCE = f"IF({IS_EXACT},0,{NEAR:.0E}*ABS({{right}}))"
MET = 'IF({left}="","",IF({operator}="<=",{left}-{right}<={tolerance},{left}-{right}<-{tolerance}))'
SIGMA = (
    'IF(ZY_SIGMA_STATUS="not_supplied","",IF(ZY_SIGMA_STATUS<>"measured",1,'
    "1+IF({0},1+IF({1},1+IF({2},1+IF({3},1,0),0),0),0)))"
)


class Reading(NamedTuple):
    """One combination of the three readings."""

    sigma_method: str
    level2_loss: str
    aggregation: str


def write_readings(book: Book, found: Grade, figures: Figures, bounds: Bounds) -> None:
    """Write the page."""
    sheet = book.sheet("readings")
    sheet.heading(
        Words("各种读法", "Every reading"),
        Words(
            "文件未作规定之处换一种读法,等级会怎样;与“口径”页所选无关。",
            "What the level would be if another reading were taken, whatever the page Policies says.",
        ),
    )
    sheet.columns(*[24] * 9)
    sheet.head(STEP_HEADS)
    row, sigma = FIRST, dict[str, Place]()
    for method in METHODS:
        sigma[method], row = _sigma(sheet, figures, bounds, method, row)
    dimensions = [found.book.pack.words(name) for name in found.book.members]
    sheet.head([*READING_HEADS, *dimensions, *LEVEL_HEADS], row + 1)
    first = row + 2
    for row, reading in enumerate(_readings(found), first):
        _reading(sheet, found, figures, reading, sigma[reading.sigma_method], row)
    rows, level = row - first + 1, len(READING_HEADS) + len(dimensions)
    sheet.colour_levels(sheet.place(first, len(READING_HEADS)).to(rows, len(dimensions) + 2))
    book.define("zy_readings", sheet.place(first, level).to(rows))
    sheet.page.fit_to_pages(1, 1)


def _readings(found: Grade) -> Iterator[Reading]:
    settings = found.book.pack.policies
    for method in METHODS:
        for loss in settings["level2_loss"].choices:
            for aggregation in settings["aggregation"].choices:
                yield Reading(method, loss, aggregation)


def _sigma(sheet: Sheet, figures: Figures, bounds: Bounds, method: str, row: int) -> tuple[Place, int]:
    """Write σ's level by one conversion; return its cell and the row after it."""
    rule = figures.grade.book.pack.indicators["sigma"]
    met = [
        _step(sheet, figures, bounds, method, asked, row + offset)
        for offset, asked in enumerate(thresholds(rule, method).values())
    ]
    row += len(met)
    sheet.put(row, 0, method, "label")
    sheet.put(row, 1, "⇒ 本项等级 own level", "label")
    level = _sigma_level(figures, method)
    place = sheet.live(row, 2, SIGMA.format(*(cell.here for cell in met)), level, "level")
    sheet.colour_levels(place.to(1))
    return place, row + 1


def _step(sheet: Sheet, figures: Figures, bounds: Bounds, method: str, asked: Threshold, row: int) -> Place:
    operator, printed, formula = (
        bounds.part("sigma", asked.level, part) for part in (OPERATOR, PRINTED, BY_FORMULA)
    )
    whole, parts = f"ROUND({printed}*10^{DECIMALS},0)", MILLION * 10**DECIMALS
    n, d = sheet.place(row, 2).here, sheet.place(row, 3).here
    left, right = sheet.place(row, 4).here, sheet.place(row, 5).here
    is_printed = method == "printed"
    sheet.put(row, 0, method, "label")
    sheet.put(row, 1, asked.level, "level")
    sheet.live(row, 2, f"{whole}/GCD({whole},{parts})" if is_printed else formula, asked.numerator, "number")
    sheet.live(
        row, 3, f"{parts}/GCD({whole},{parts})" if is_printed else str(MILLION), asked.denominator, "number"
    )
    ratio = figures.of("sigma").ratio
    known = None if ratio is None else judged(ratio, asked)
    sheet.live(row, 4, f'IF(ZY_SIGMA_NUMERATOR="","",ZY_SIGMA_NUMERATOR*{d})', known and known.left, "number")
    sheet.live(
        row, 5, f'IF(ZY_SIGMA_NUMERATOR="","",{n}*ZY_SIGMA_DENOMINATOR)', known and known.right, "number"
    )
    tolerance = TOLERANCE.format(n=n, left=left, right=right)
    met = MET.format(left=left, right=right, operator=operator, tolerance=tolerance)
    return sheet.live(row, 6, met, known and known.met, "truth")


def _sigma_level(figures: Figures, method: str) -> int | None:
    figure = figures.of("sigma")
    if figure.ratio is None:
        return figure.level
    rule = figures.grade.book.pack.indicators["sigma"]
    return climbed([judged(figure.ratio, asked).met for asked in thresholds(rule, method).values()])


def _reading(sheet: Sheet, found: Grade, figures: Figures, reading: Reading, sigma: Place, row: int) -> None:
    """Write one reading: the dimensions, the level as it follows here, and the level of the rules."""
    policy = Policy(**{**found.book.policy, **reading._asdict()})
    book = rulebook(found.book.pack, policy)
    own = {**figures.own, "sigma": _sigma_level(figures, reading.sigma_method)}
    possible = book.dimensions(tuple(own.values()))
    for column, value in enumerate(reading):
        sheet.put(row, column, value, "given_middle")
    for column, name in enumerate(book.members, len(reading)):
        is_changed = name == PERFORMANCE
        formula = _performance(found, reading, sigma.fixed) if is_changed else f"ZY_POSSIBLE_{name.upper()}"
        sheet.live(row, column, formula, possible[name], "level")
    area = sheet.place(row, len(reading)).to(1, len(possible))
    performance = area.first.beside(columns=list(possible).index(PERFORMANCE)).here
    at_most = together(found, f'"{reading.aggregation}"', performance, area.here)
    sheet.live(row, area.last.column + 1, at_most, book.together(possible), "level")
    rules = grade(found.evidence, pack=found.book.pack, policy=policy)
    sheet.put(row, area.last.column + 2, rules.at_most, "level")


def _performance(found: Grade, reading: Reading, sigma: str) -> str:
    """Return the formula of 全过程质量绩效 with σ's level by the reading's conversion."""
    members = [name for name in found.book.members["performance"] if name != "sigma"]
    own = {name: f"INDEX(zy_own_levels,{found.book.order.index(name) + 1})" for name in members}
    taken = ",".join(f'IF({cell}="",{HIGHEST},{cell})' for cell in (sigma, *own.values()))
    lowest = f"MIN({taken})"
    if reading.level2_loss != "literal":
        return lowest
    better = ",".join(f'IF({own[name]}="",FALSE,{own[name]}>2)' for name in members if name in LOSSES)
    return f"IF(AND({lowest}=2,OR({better})),1,{lowest})"
