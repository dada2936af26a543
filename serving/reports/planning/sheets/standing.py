"""等级 Levels and 地区 Regions: official counts, with the sums and shares as formulas."""

from __future__ import annotations

from qm_rules import load_pack
from qm_rules.words import Words
from serving.reports.briefing.facts import LevelRow
from serving.reports.planning.book import FIRST, Column, Page, PlanBook, cell
from serving.reports.planning.facts import Planning

LEVELS = (
    Column(Words("等级", "Level"), "strong", 36),
    Column(Words("企业数", "Enterprises"), "count", 14),
    Column(Words("占已定级", "Share of graded"), "share", 14),
    Column(Words("该级及以上", "At or above"), "count", 14),
    Column(Words("占已定级", "Share of graded"), "share", 14),
    Column(Words("一年前该级及以上(同口径)", "At or above a year ago (same enterprises)"), "count", 24),
    Column(Words("现在该级及以上(同口径)", "At or above now (same enterprises)"), "count", 24),
    Column(Words("增减", "Change"), "signed", 12),
    Column(Words("近一年首次达到", "First there within a year"), "count", 18),
)
REGIONS = (
    Column(Words("地区", "Region"), "strong", 28),
    Column(Words("已定级企业", "Graded"), "count", 14),
    Column(Words("检验级及以上", "Inspection or above"), "count", 16),
    Column(Words("占比", "Share"), "share", 12),
    Column(Words("保证级及以上", "Assurance or above"), "count", 16),
    Column(Words("占比", "Share"), "share", 12),
    Column(Words("一年内预计升到上一级", "Expected at the next level within a year"), "expected", 24),
    Column(Words("半年后预计低于现在", "Expected lower in six months"), "expected", 22),
)


def write_levels(book: PlanBook, known: Planning) -> None:
    """Write official levels of the group."""
    page = book.page(
        Words("等级", "Levels"),
        Words(
            "官方评价结果，不含预测。占比与合计为公式。",
            "Official findings, nothing forecast. Shares and sums are formulas.",
        ),
    )
    page.head(LEVELS)
    standing, rows = known.briefing.standing, known.briefing.standing.levels
    total = FIRST + len(rows)
    for at, own in enumerate(rows):
        row = FIRST + at
        page.put(row, 0, _level(own), "strong")
        page.put(row, 1, own.here, "count")
        page.live(row, 2, _share(row, 1, total), _part(own.here, standing.graded), "share")
        page.live(row, 3, f"SUM({cell(FIRST, 1)}:{cell(row, 1)})", own.above, "count")
        page.live(row, 4, _share(row, 3, total), _part(own.above, standing.graded), "share")
        page.put(row, 5, own.above_then, "count")
        page.put(row, 6, standing.above_known[own.level], "count")
        change = standing.above_known[own.level] - own.above_then
        page.live(row, 7, f"{cell(row, 6)}-{cell(row, 5)}", change, "signed")
        page.put(row, 8, own.newly if own.level > 1 else None, "count")
    page.put(total, 0, "已定级合计 Graded", "label")
    page.live(total, 1, f"SUM({cell(FIRST, 1)}:{cell(total - 1, 1)})", standing.graded, "count")
    rest = (
        ("监测企业 Followed", standing.enterprises),
        ("一年前已定级 Graded a year ago too", standing.known_then),
        ("当月升级 Rose this month", standing.rose),
        ("当月退级 Fell this month", standing.fell),
        ("无预测 Without a forecast", known.briefing.unforecast),
    )
    for at, (name, value) in enumerate(rest, total + 2):
        page.put(at, 0, name, "label")
        page.put(at, 1, value, "count")


def _level(own: LevelRow) -> str:
    words = load_pack().level_words(own.level)
    return f"{words.zh} {words.en}"


def _share(row: int, column: int, total: int) -> str:
    below = f"${cell(total, 1)[0]}${total + 1}"
    return f"IF({below}=0,0,{cell(row, column)}/{below})"


def _part(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def write_regions(book: PlanBook, known: Planning) -> None:
    """Write levels by region."""
    page = book.page(
        Words("地区", "Regions"),
        Words(
            "各省;只有一省时为各市。预计数为各企业概率之和。",
            "Provinces, or the cities of one. Expectations add up chances.",
        ),
    )
    page.head(REGIONS)
    rows = known.briefing.regions
    for at, own in enumerate(rows):
        row = FIRST + at
        page.put(row, 0, known.named(own.region), "strong")
        page.put(row, 1, own.graded, "count")
        for column, part in ((2, own.inspection), (4, own.assurance)):
            page.put(row, column, part, "count")
            share = f"IF({cell(row, 1)}=0,0,{cell(row, column)}/{cell(row, 1)})"
            page.live(row, column + 1, share, _part(part, own.graded), "share")
        page.put(row, 6, own.rise, "expected")
        page.put(row, 7, own.fall, "expected")
    if rows:
        _sums(page, len(rows), known)


def _sums(page: Page, count: int, known: Planning) -> None:
    row, rows = FIRST + count, known.briefing.regions
    page.put(row, 0, "合计 Sum", "label")
    sums = {
        1: sum(own.graded for own in rows),
        2: sum(own.inspection for own in rows),
        4: sum(own.assurance for own in rows),
        6: sum(own.rise for own in rows),
        7: sum(own.fall for own in rows),
    }
    for column, value in sums.items():
        formula = f"SUM({cell(FIRST, column)}:{cell(row - 1, column)})"
        look = "count" if column < 6 else "expected"
        page.live(row, column, formula, value, look)
