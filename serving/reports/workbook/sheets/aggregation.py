"""综合 Aggregation: own levels → dimensions → grade, by the policies, all live."""

from __future__ import annotations

from typing import NamedTuple

from qm_rules import Grade
from qm_rules.rulebook import LOSSES
from qm_rules.words import Words
from serving.reports.workbook.book import HIGHEST, Book, Sheet
from serving.reports.workbook.captions import STATUS, both, chosen
from serving.reports.workbook.figures import Figures, cell_name
from serving.reports.workbook.places import FIRST

HEADS = (
    Words("维度", "dimension"),
    Words("指标或管理项", "indicator or item"),
    Words("字段", "field"),
    Words("本项等级", "own level (empty: not supplied)"),
    Words("视为", "taken as (5 if not supplied)"),
    Words("制约", "binding"),
    Words("制约项(累加)", "binding, listed so far"),
)
DIMENSION_HEADS = (
    Words("维度", "dimension"),
    Words("构成", "members"),
    Words("字段", "field"),
    Words("可能的等级", "possible level"),
    Words("维度等级", "level (empty: incomplete)"),
)
AT_MOST = (
    'IF({policy}="performance_only",{performance},'
    'IF({policy}="lower_median",SMALL({all},{median}),MIN({all})))'
)
STATUS_FORMULA = (
    'IF(OR(COUNT({own})<{count},ZY_WINDOW_MONTHS<1),"incomplete",'
    'IF(OR(ZY_WINDOW_MONTHS<{year},COUNTIF(zy_missing_check,1)>0),"provisional","final"))'
)
SEPARATOR = "、"
AT_MOST_IS = "最高可达 at most "


class Line(NamedTuple):
    """One named result of the grade."""

    name: str
    label: Words
    formula: str
    value: str | int | None
    look: str


def write_aggregation(book: Book, grade: Grade, figures: Figures) -> None:
    """Write the page."""
    sheet = book.sheet("aggregation")
    sheet.heading(
        Words("综合判断", "Aggregation"),
        Words(
            "维度等级取其指标或管理项中最低者(按字面口径时,落在检验级与保证级空隙中的为经验级);总等级按口径由四个维度得出。",
            "A dimension has the lowest level of its members (read literally, one in the hole between the "
            "printed levels 2 and 3 has level 1); the grade follows from the dimensions by the policy.",
        ),
    )
    sheet.columns(56, 56, 20, 22, 22, 10, 90)
    sheet.head(HEADS)
    _members(sheet, grade, figures)
    row = FIRST + len(grade.book.order) + 2
    sheet.head(DIMENSION_HEADS, row - 1)
    _dimensions(sheet, grade, figures, row)
    row += len(grade.book.members) + 1
    sheet.band(row, 0, 5, "等级 Grade")
    for offset, line in enumerate(_grade(grade, figures), 1):
        sheet.put(row + offset, 0, both(line.label), "label")
        place = sheet.live(row + offset, 3, line.formula, line.value, line.look, line.name)
        sheet.colour_levels(place.to(1))
    _level_names(sheet, grade, row + 6)
    sheet.page.print_area(0, 0, row + 6 + HIGHEST, len(HEADS) - 1)
    sheet.keep_head()


def _members(sheet: Sheet, grade: Grade, figures: Figures) -> None:
    pack, row, listed = grade.book.pack, FIRST, ""
    for dimension, members in grade.book.members.items():
        for member in members:
            own = figures.own[member]
            binds = own == figures.at_most
            name = both(pack.words(member))
            listed = _joined(listed, name) if binds else listed
            sheet.put(row, 0, both(pack.words(dimension)), "given")
            sheet.put(row, 1, name, "label")
            sheet.put(row, 2, member, "code")
            cell = cell_name(member, "LEVEL") if member in grade.indicators else f"ZY_ITEM_{member.upper()}"
            sheet.live(row, 3, _own(cell, member in grade.indicators), own, "level")
            here = [sheet.place(row, column).here for column in range(7)]
            sheet.live(row, 4, f'IF({here[3]}="",{HIGHEST},{here[3]})', own or HIGHEST, "level")
            sheet.live(row, 5, f'IF({here[3]}="",0,IF({here[3]}=ZY_AT_MOST,1,0))', int(binds), "tick")
            above = sheet.place(row - 1, 6).here if row > FIRST else '""'
            joined = f'IF({here[5]}=1,{above}&IF({above}="","","{SEPARATOR}")&{here[1]},{above})'
            sheet.live(
                row, 6, joined, listed, "line", "ZY_BINDING" if member == grade.book.order[-1] else None
            )
            row += 1
    area = sheet.place(FIRST, 3).to(len(grade.book.order), 2)
    sheet.book.define("zy_own_levels", sheet.place(FIRST, 3).to(len(grade.book.order)))
    sheet.book.define("zy_is_binding", sheet.place(FIRST, 5).to(len(grade.book.order)))
    sheet.colour_levels(area)


def _own(cell: str, is_indicator: bool) -> str:
    if is_indicator:
        return cell
    sound = f"AND({cell}=INT({cell}),{cell}>=1,{cell}<={HIGHEST})"
    return f'IF(ISNUMBER({cell}),IF({sound},{cell},""),"")'


def _joined(listed: str, name: str) -> str:
    return f"{listed}{SEPARATOR}{name}" if listed else name


def _dimensions(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> None:
    start = FIRST
    for offset, (name, members) in enumerate(grade.book.members.items()):
        own, taken = (sheet.place(start, column).to(len(members)) for column in (3, 4))
        lowest = f"MIN({taken.here})"
        for member in members:
            if member in LOSSES:
                lowest = _hole(
                    lowest, sheet.place(start + members.index(member), 3).here, f"MIN({taken.here})"
                )
        here = sheet.place(row + offset, 3)
        sheet.tall(here.row)
        sheet.put(row + offset, 0, both(grade.book.pack.words(name)), "label")
        sheet.put(
            row + offset, 1, SEPARATOR.join(grade.book.pack.words(member).zh for member in members), "given"
        )
        sheet.put(row + offset, 2, name, "code")
        sheet.live(here.row, 3, lowest, figures.possible[name], "level", f"ZY_POSSIBLE_{name.upper()}")
        known = f'IF(COUNT({own.here})={len(members)},{here.here},"")'
        sheet.live(here.row, 4, known, figures.dimensions[name], "level", f"ZY_DIMENSION_{name.upper()}")
        start += len(members)
    count = len(grade.book.members)
    sheet.book.define("zy_possible", sheet.place(row, 3).to(count))
    sheet.colour_levels(sheet.place(row, 3).to(count, 2))


def _hole(otherwise: str, loss: str, lowest: str) -> str:
    """Return the dimension's level unless the loss is better than level 2 allows, read literally."""
    better = f'IF({loss}="",FALSE,{loss}>2)'
    return f'IF(AND(ZY_POLICY_LEVEL2_LOSS="literal",{lowest}=2,{better}),1,{otherwise})'


def verdict_text(grade: Grade, figures: Figures) -> str:
    """Return the verdict in words, as the workbook says it while nothing is changed."""
    shown = level_name(grade, figures.at_most)
    verdict = shown if figures.level else f"{AT_MOST_IS}{shown}"
    return f"{verdict} · {both(STATUS[grade.status])}"


def together(grade: Grade, policy: str, performance: str, possible: str) -> str:
    """Return the formula that puts the dimensions together, by the policy that a cell (or text) names."""
    median = (len(grade.book.members) - 1) // 2 + 1
    return AT_MOST.format(policy=policy, performance=performance, all=possible, median=median)


def _grade(grade: Grade, figures: Figures) -> list[Line]:
    at_most = together(grade, "ZY_POLICY_AGGREGATION", "ZY_POSSIBLE_PERFORMANCE", "zy_possible")
    status = STATUS_FORMULA.format(
        own="zy_own_levels", count=len(grade.book.order), year=grade.book.window_months
    )
    name = "INDEX(zy_level_names,{})"
    says = (
        f'IF(ZY_LEVEL="","{AT_MOST_IS}"&{name.format("ZY_AT_MOST")},{name.format("ZY_LEVEL")})'
        f'&" · "&{chosen("ZY_STATUS", STATUS)}'
    )
    level = 'IF(ZY_STATUS="incomplete","",ZY_AT_MOST)'
    verdict = verdict_text(grade, figures)
    return [
        Line("ZY_AT_MOST", Words("证据仍允许的最高等级", "at most"), at_most, figures.at_most, "level"),
        Line("ZY_STATUS", Words("状态", "status"), status, grade.status, "middle"),
        Line("ZY_LEVEL", Words("等级", "level"), level, figures.level, "level"),
        Line("ZY_VERDICT", Words("结论", "verdict"), says, verdict, "strong"),
    ]


def level_name(grade: Grade, level: int) -> str:
    """Return a level as the workbook calls it, e.g. `3 保证级 Assurance`."""
    return f"{level} {both(grade.book.pack.level_words(level))}"


def _level_names(sheet: Sheet, grade: Grade, row: int) -> None:
    sheet.band(row, 0, 5, "五个等级 The five levels")
    for level in range(1, HIGHEST + 1):
        sheet.put(row + level, 0, level_name(grade, level), "given")
        sheet.put(row + level, 3, level, "level")
    sheet.book.define("zy_level_names", sheet.place(row + 1, 0).to(HIGHEST))
    sheet.colour_levels(sheet.place(row + 1, 3).to(HIGHEST))
