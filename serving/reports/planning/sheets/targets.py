"""预测 Forecast, 目标 Targets, 路径 Paths: a target is counted here from the paths themselves."""

from __future__ import annotations

from math import ceil

from qm_rules import load_pack
from qm_rules.words import Words
from serving.reports.briefing.facts import Goal
from serving.reports.planning.book import FIRST, Column, Page, PlanBook, cell
from serving.reports.planning.facts import QUANTILES, Planning
from serving.reports.workbook.values import Value

FORECAST = (
    Column(Words("等级", "Level"), "strong", 24),
    Column(Words("月份", "Month"), "middle", 12),
    Column(Words("预计", "Expected"), "expected", 12),
    *(Column(Words(f"{q:.0%} 分位", f"{q:.0%} quantile"), "count", 12) for q in QUANTILES),
)
TARGETS = (
    Column(Words("等级", "Level"), "strong", 30),
    Column(Words("名称", "Name"), "text", 18),
    Column(Words("来源", "Source"), "middle", 14),
    Column(Words("基准月份", "Baseline"), "middle", 11),
    Column(Words("目标月份", "By"), "middle", 11),
    Column(Words("目标数(可改)", "Wanted (may be changed)"), "input_count", 14),
    Column(Words("已新增", "So far"), "count", 10),
    Column(Words("还差", "Missing"), "count", 10),
    Column(Words("预计", "Expected"), "expected", 11),
    Column(Words("5% 分位", "5% quantile"), "count", 11),
    Column(Words("95% 分位", "95% quantile"), "count", 11),
    Column(Words("达成概率", "Probability"), "share", 12),
    Column(Words("八成把握可达", "Sure at 80 %"), "count", 13),
    Column(Words("五成把握可达", "Even chance"), "count", 13),
    Column(Words("说明", "Note"), "text", 40),
)
SOURCES = {True: "文件(全国) nation", False: "本地 local"}
BEYOND = "目标月份在预测期之后：概率为下限 lies beyond the forecasts: a lower bound"
NATION = "全国目标数，与本范围的数不可比 a national figure, not comparable with this group's count"
NOTHING = "没有预测 nothing forecasts it"
DECIDED = "期限已过 its month has passed"
SURE, EVEN, LOW, HIGH = 0.8, 0.5, 0.05, 0.95


def write_forecast(book: PlanBook, known: Planning) -> None:
    """Write how many newly reach each level by each coming month."""
    page = book.page(
        Words("预测", "Forecast"),
        Words(
            "今后各月月底前首次达到各级的企业数(自今天起),按联合路径。",
            "Enterprises that first reach a level by the end of each coming month (from today on), on "
            "joint paths.",
        ),
    )
    page.head(FORECAST)
    rows: list[list[Value]] = [
        [_level(own.level), own.month, own.expected, *own.quantiles] for own in known.months
    ]
    page.rows(FORECAST, rows)


def write_targets(book: PlanBook, known: Planning) -> None:
    """Write the targets, and on a page of their own the paths that their probabilities are counted from."""
    page = book.page(
        Words("目标", "Targets"),
        Words(
            "概率、预计和分位数由“路径”页逐条数出:改黄色的目标数,概率随之重算。",
            "Probability, mean and quantiles are counted from the page Paths: change a yellow count and see.",
        ),
    )
    paths = book.page(
        Words("路径", "Paths"),
        Words(
            "每条联合路径上,到目标月份(或预测末月)累计新增的企业数。一列一项目标。",
            "Newly added by the target's month (or the last one forecast) on every joint path; a column a "
            "target.",
        ),
    )
    page.head(TARGETS)
    goals = known.briefing.goals
    for at, goal in enumerate(goals):
        _target(page, paths, at, goal, known.then.get(at, ()))
    _paths(paths, known)


def _target(page: Page, paths: Page, at: int, goal: Goal, then: tuple[int, ...]) -> None:
    row = FIRST + at
    told = (_goal(goal), goal.name, SOURCES[goal.national], goal.baseline, goal.by)
    for column, value in enumerate(told):
        page.put(row, column, value, TARGETS[column].look)
    page.put(row, 5, goal.wanted, "input_count")
    page.put(row, 6, goal.achieved, "count")
    missing = max(goal.wanted - goal.achieved, 0)
    page.live(row, 7, f"MAX({cell(row, 5)}-{cell(row, 6)},0)", missing, "count")
    if then:
        _counted(page, row, paths.span(at + 1, FIRST, len(then)), then, goal)
    else:
        for column in range(8, 14):
            page.put(row, column, None, TARGETS[column].look)
    page.put(row, 14, _note(goal, then), "text")


def _counted(page: Page, row: int, span: str, then: tuple[int, ...], goal: Goal) -> None:
    """Write what is counted from a column of paths; results are those of the program, to be held against."""
    page.live(row, 8, f"AVERAGE({span})", sum(then) / len(then), "expected")
    ordered = sorted(then)
    for column, share in ((9, LOW), (10, HIGH)):
        place = _place(span, share)
        page.live(row, column, f"SMALL({span},{place})", ordered[_rank(share, len(then)) - 1], "count")
    wanted = cell(row, 5)
    chance = sum(count >= goal.wanted for count in then) / len(then)
    page.live(row, 11, f'COUNTIF({span},">="&{wanted})/COUNT({span})', chance, "share")
    for column, share in ((12, SURE), (13, EVEN)):
        place = _place(span, share)
        page.live(row, column, f"LARGE({span},{place})", ordered[-_rank(share, len(then))], "count")


def _place(span: str, share: float) -> str:
    return f"MAX(1,ROUNDUP(ROUND({share}*COUNT({span}),9),0))"


def _rank(share: float, count: int) -> int:
    return max(1, ceil(round(share * count, 9)))


def _note(goal: Goal, then: tuple[int, ...]) -> str:
    if goal.decided:
        return DECIDED
    if not then:
        return NOTHING
    notes = ([NATION] if goal.national else []) + ([BEYOND] if goal.beyond else [])
    return "；".join(notes)


def _paths(page: Page, known: Planning) -> None:
    goals = known.briefing.goals
    columns = [Column(Words("路径", "Path"), "count", 10)]
    columns += [
        Column(Words(_goal(goal), f"{goal.name or goal.by} {goal.by}"), "count", 16) for goal in goals
    ]
    page.head(columns)
    most = max((len(then) for then in known.then.values()), default=0)
    for path in range(most):
        page.put(FIRST + path, 0, path + 1, "count")
        for at, then in known.then.items():
            page.put(FIRST + path, at + 1, then[path], "count")


def _goal(goal: Goal) -> str:
    return _level(goal.level) if goal.level else "先进质量管理体系标准 quality-management standard"


def _level(level: int) -> str:
    words = load_pack().level_words(level)
    return f"{words.zh} {words.en}"
