"""企业 Enterprises, 帮扶 Assistance, 情景 Scenarios, 标杆 Benchmarks, 参照 Context: rows as known."""

from __future__ import annotations

from qm_rules import load_pack
from qm_rules.words import Words
from serving.reports.planning.book import FIRST, Column, Page, PlanBook, cell
from serving.reports.planning.facts import Enterprise, Planning
from serving.reports.workbook.values import Value

ENTERPRISES = (
    Column(Words("企业编号", "Enterprise id"), "strong", 16),
    Column(Words("名称", "Name"), "text", 26),
    Column(Words("地区", "Region"), "text", 18),
    Column(Words("行业", "Industry"), "text", 34),
    Column(Words("规模", "Size"), "middle", 14),
    Column(Words("产业链", "Chain"), "text", 16),
    Column(Words("官方等级", "Official level"), "index", 10),
    Column(Words("一年内升到上一级的概率", "Chance of the next level within a year"), "share", 18),
    Column(Words("3 个月后低于现在", "Lower in 3 months"), "share", 12),
    Column(Words("6 个月后低于现在", "Lower in 6 months"), "share", 12),
    Column(Words("12 个月后低于现在", "Lower in 12 months"), "share", 12),
    Column(Words("尚差项数", "Items lacking"), "count", 10),
    Column(Words("只差一项", "One only"), "middle", 10),
    Column(Words("尚差", "What is lacking"), "text", 60),
)
HELPED = (
    Column(Words("企业编号", "Enterprise id"), "strong", 16),
    Column(Words("名称", "Name"), "text", 26),
    Column(Words("官方等级", "Official level"), "index", 10),
    Column(Words("不帮扶时的概率", "Chance without help"), "share", 14),
    Column(Words("帮扶后的概率", "Chance with it"), "share", 14),
    Column(Words("效果取下限时", "At the weak end"), "share", 14),
    Column(Words("措施数", "Actions"), "count", 10),
    Column(Words("措施", "Which"), "text", 60),
    Column(Words("每年费用(元)", "Cost a year (CNY)"), "money", 18),
    Column(Words("见效所需月数", "Months until in force"), "count", 14),
)
CASES = (
    Column(Words("情景", "Scenario"), "strong", 30),
    Column(Words("等级", "Level"), "text", 24),
    Column(Words("月份", "Month"), "middle", 12),
    Column(Words("预计", "Expected"), "expected", 12),
    Column(Words("5% 分位", "5% quantile"), "count", 12),
    Column(Words("95% 分位", "95% quantile"), "count", 12),
    Column(Words("比现状多", "More than as it stands"), "expected", 14),
    Column(Words("5% 分位", "5% quantile"), "signed", 12),
    Column(Words("95% 分位", "95% quantile"), "signed", 12),
)
LIKES = (
    Column(Words("指标", "Indicator"), "strong", 34),
    Column(Words("地区", "Region"), "text", 18),
    Column(Words("行业", "Industry"), "text", 34),
    Column(Words("规模", "Size"), "middle", 14),
    Column(Words("企业数", "Enterprises"), "count", 12),
    *(Column(Words(f"{q} 分位", f"{q} quantile"), "number", 16) for q in ("10%", "25%", "50%", "75%", "90%")),
)
PUBLISHED = (
    Column(Words("指标", "Indicator"), "strong", 34),
    Column(Words("年份", "Year"), "index", 10),
    Column(Words("范围", "Area"), "text", 16),
    Column(Words("行业", "Industry"), "text", 22),
    Column(Words("规模", "Size"), "middle", 12),
    Column(Words("数值", "Value"), "number", 14),
    Column(Words("单位", "Unit"), "middle", 10),
    Column(Words("推算说明", "Derived from"), "text", 36),
    Column(Words("来源", "Source"), "text", 30),
    Column(Words("网址", "Address"), "text", 50),
)
AREAS = {"nation": "全国 nation", "east": "东部 east", "centre": "中部 centre", "west": "西部 west"}
ONLY = "✓"


def write_enterprises(book: PlanBook, known: Planning) -> None:
    """Write everybody of the group whom the reader may see."""
    page = book.page(
        Words("企业", "Enterprises"),
        Words(
            "等级是官方结论;概率是预测。第 4 行为全部企业概率之和。",
            "Levels are official, chances are forecast. Row 4 adds up the chances of all.",
        ),
    )
    page.head(ENTERPRISES)
    rows, last = known.enterprises, FIRST + max(len(known.enterprises), 1) - 1
    page.put(3, 0, "合计 Sum", "label")
    for column in (7, 8, 9, 10):
        total = sum(value or 0.0 for value in (_chances(own)[column - 7] for own in rows))
        page.live(3, column, f"SUM({cell(FIRST, column)}:{cell(last, column)})", total, "expected")
    for at, own in enumerate(rows):
        _enterprise(page, FIRST + at, own, known)
    page.page.autofilter(FIRST - 1, 0, last, len(ENTERPRISES) - 1)


def _chances(own: Enterprise) -> tuple[float | None, ...]:
    return (own.chance, *own.fall)


def _enterprise(page: Page, row: int, own: Enterprise, known: Planning) -> None:
    texts = (own.id, own.name, known.named(own.region), known.named(own.industry), known.named(own.size))
    for column, value in enumerate((*texts, own.chain, own.level or None, *_chances(own))):
        page.put(row, column, value, ENTERPRISES[column].look)
    page.put(row, 11, len(own.blocking), "count")
    only = ONLY if len(own.blocking) == 1 else ""
    page.live(row, 12, f'IF({cell(row, 11)}=1,"{ONLY}","")', only, "middle")
    page.put(row, 13, "；".join(known.named(item) for item in own.blocking), "text")


def write_helped(book: PlanBook, known: Planning) -> None:
    """Write the programme of help; a page that says so where there is none."""
    page = book.page(
        Words("帮扶", "Assistance"),
        Words(
            "达到目标的最省方案:在谁那里做什么、花多少。没有可信措施时为空。",
            "The cheapest programme for the target: what is done where, at what cost. Empty without "
            "trustworthy actions.",
        ),
    )
    page.head(HELPED)
    rows = known.helped
    for at, own in enumerate(rows):
        chances = (own.before, own.after, own.weak, own.count, own.actions, own.cost, own.months)
        for column, value in enumerate((own.id, own.name, own.level, *chances)):
            page.put(FIRST + at, column, value, HELPED[column].look)
    if rows:
        row = FIRST + len(rows)
        page.put(row, 0, "合计 Sum", "label")
        total = sum(own.cost or 0.0 for own in rows)
        page.live(row, 8, f"SUM({cell(FIRST, 8)}:{cell(row - 1, 8)})", total, "money")


def write_cases(book: PlanBook, known: Planning) -> None:
    """Write scenarios against the forecast as it stands, on the same paths."""
    page = book.page(
        Words("情景", "Scenarios"),
        Words(
            "已计算的情景与现状在同样路径上的差。没有情景时为空。",
            "Computed scenarios against the forecast as it stands, path by path. Empty where none is kept.",
        ),
    )
    page.head(CASES)
    rows: list[list[Value]] = []
    for own in known.cases:
        then: list[Value] = [own.scenario, _level(own.level), own.month, own.expected, own.low, own.high]
        rows.append([*then, own.more, own.more_low, own.more_high])
    page.rows(CASES, rows)


def write_likes(book: PlanBook, known: Planning) -> None:
    """Write benchmarks: quantiles of each indicator in groups that may be shown."""
    page = book.page(
        Words("标杆", "Benchmarks"),
        Words(
            "同类企业官方指标的分位数,已向上一级收缩;少于五家的不列。",
            "Quantiles of official indicators among like enterprises, shrunk; never fewer than five.",
        ),
    )
    page.head(LIKES)
    rows: list[list[Value]] = []
    for own in known.likes:
        group = [known.named(code) for code in (own.indicator, own.region, own.industry, own.size)]
        rows.append([*group, own.members, *own.quantiles])
    page.rows(LIKES, rows)


def write_published(book: PlanBook, known: Planning) -> None:
    """Write published figures for context, each with year, source and address."""
    page = book.page(
        Words("参照", "Context"),
        Words(
            "公开发布的数字,口径与本范围的记录不同,只供参照;引用前请核对原文。",
            "Published figures; their terms differ from these records'. For reference: check the source "
            "before citing.",
        ),
    )
    page.head(PUBLISHED)
    rows: list[list[Value]] = []
    for own in known.published:
        where = [AREAS.get(own.area) or known.named(own.area), own.industry, known.named(own.size)]
        what: list[Value] = [own.value, own.unit, own.derived, own.source, own.url]
        rows.append([known.named(own.indicator), own.year, *where, *what])
    page.rows(PUBLISHED, rows)


def _level(level: int) -> str:
    words = load_pack().level_words(level)
    return f"{words.zh} {words.en}"
