"""质量效益测算表 of a chain, and what incoming quality does to the customers' chances of levels."""

from __future__ import annotations

from models.chains.benefit import Line
from models.chains.mending import Amount
from qm_rules.words import Words
from serving.reports.blocks import Align, Block, Cell, Heading, Table, Text, cells
from serving.reports.chain.sections.lists import head
from serving.reports.chain.telling import Telling
from serving.reports.proposal import estimates
from serving.reports.speech import NONE

HEADING = Words("质量效益测算表", "Costs and benefits of quality (质量效益测算表)")
ABOUT = Words(
    "单位：万元/年。按清单中全部工艺类项目同时实施测算，与不实施相比；供应类项目措施待诊断，不计入。",
    "CNY thousand a year, with all listed moves of processes made at once, against leaving alone; "
    "projects of "
    "supply have no known measure and are not in it.",
)
RULES = Words(
    "不重复计算：同一企业各项调整按已发布的联合效果计；客户由来料改善减少的损失按其自身项目实施后的"
    "剩余损失计；"
    "供应商少付的索赔、退货可能正是客户少损失的金额，按可能的上限扣除。区间按各项效果同向取端点，偏宽。",
    "Nothing is counted twice: moves of one enterprise count with their published joint effect; "
    "what better "
    "deliveries spare a customer counts of what its own moves have left; what a supplier no longer "
    "pays in claims "
    "and returns may be what its customers no longer lose, so as much as could be the same is taken "
    "off. Intervals "
    "join the ends of all effects: they are wide.",
)
HIDDEN = Words(
    "金额属企业明细，读者无权查看本链全部企业的明细，不作合计。",
    "Money is a detail of an enterprise; not all details of this chain are the reader's, so nothing "
    "is summed up.",
)
UNITS = {"zh": 1e4, "en": 1e3}
"""CNY in one unit of the table: 万元, thousand."""
COLUMNS: tuple[tuple[Words, float, Align], ...] = (
    (Words("企业", "Enterprise"), 1.9, "left"), (Words("现状内部", "Inside now"), 0.9, "right"),
    (Words("现状外部", "Outside now"), 0.9, "right"), (Words("自身减少内部", "Own, inside"), 0.9, "right"),
    (Words("自身减少外部", "Own, outside"), 0.9, "right"),
    (Words("来料改善减少", "By deliveries"), 0.9, "right"),
    (Words("可能重复", "Maybe twice"), 0.8, "right"), (Words("每年费用", "Cost"), 0.8, "right"),
    (Words("净收益", "Net"), 0.9, "right"),
)  # fmt: skip
TOTAL, SPAN = Words("合计", "Sum"), Words("  90 % 区间", "  90 % interval")
ONCE = Words(
    "另有一次性费用 {once}（仅部分企业有记录）。",
    "Besides, {once} once (on record of some enterprises only).",
)
UNPRICED = Words(
    "{count} 家企业没有质量损失记录：其项目的费用与收益均未计入。",
    "{count} enterprises keep no record of quality losses: neither cost nor benefit of their moves counts.",
)
TO = Words("{low} 至 {high}", "{low} to {high}")
MOST = 60
AHEAD = Words("来料质量对客户等级可能性的影响", "Incoming quality in the customers' chances of levels")
AHEAD_ABOUT = Words(
    "在同一批样本路径上，计入供应商当前与预测来料质量前后，官方窗口质量绩效不低于现等级的可能性。已"
    "发布的等级预测不因此改变。",
    "On the same sample paths, before and after what suppliers send now and are forecast to send: "
    "the chance that the "
    "window's performance is not below today's level. The published forecast is not moved by it.",
)
AHEAD_NONE = Words(
    "未显示影响：传导未被记录证实，或客户等级的可能性变化不到一个百分点。",
    "Nothing shows: either records do not show that anything arrives, or no chance changes by a "
    "percentage point.",
)
AHEAD_HEAD: tuple[tuple[Words, float, Align], ...] = (
    (Words("客户", "Customer"), 2, "left"), (Words("现等级（绩效）", "Performance now"), 1.2, "left"),
    (Words("窗口", "Window to"), 1, "left"), (Words("计入前", "Before"), 0.8, "right"),
    (Words("计入后", "After"), 0.8, "right"),
)  # fmt: skip
LEAST = 0.01
MOST_AHEAD = 12


def benefit(it: Telling) -> list[Block]:
    """Return the table of what is avoided, at what cost."""
    blocks: list[Block] = [Heading(it.say(HEADING), new_page=True)]
    lines = [line for line in it.study.balance.lines if _says(line)]
    if not lines:
        return [*blocks, Text(it.say(HIDDEN))]
    lines.sort(key=lambda line: line.cost - line.avoided.estimate)
    rows = [_line(it, line) for line in lines[:MOST]]
    if it.study.whole:
        rows += _totals(it)
    blocks += [Text(it.say(ABOUT), "note"), Table(head(it, COLUMNS), tuple(rows))]
    if not it.study.whole:
        blocks.append(Text(it.say(HIDDEN), "note"))
    elif once := sum(line.once or 0.0 for line in lines):
        blocks.append(Text(it.say.fill(ONCE, once=it.cny(once)), "note"))
    if it.study.balance.unpriced:
        blocks.append(Text(it.say.fill(UNPRICED, count=it.study.balance.unpriced), "note"))
    return [*blocks, Text(it.say(RULES), "note")]


def _says(line: Line) -> bool:
    return line.internal_now is not None or line.external_now is not None or line.cost > 0


def _line(it: Telling, line: Line) -> tuple[Cell, ...]:
    net = line.avoided.estimate - line.twice.estimate - line.cost
    parts = (line.own_internal, line.own_external, line.received)
    values = (
        line.internal_now, line.external_now, *(part.estimate if part else None for part in parts),
        line.twice.estimate, line.cost, net,
    )  # fmt: skip
    return (Cell(it.name(line.enterprise_id)), *(Cell(_unit(it, value)) for value in values))


def _totals(it: Telling) -> list[tuple[Cell, ...]]:
    table = it.study.balance
    now = [
        sum(getattr(line, side) or 0.0 for line in table.lines) for side in ("internal_now", "external_now")
    ]
    parts = [
        sum(part.estimate for line in table.lines if (part := getattr(line, name)))
        for name in ("own_internal", "own_external", "received")
    ]
    values = (*now, *parts, table.twice.estimate, table.cost, table.net.estimate)
    strong = (Cell(_unit(it, value), strong=True) for value in values)
    blank = (Cell("") for _ in range(len(COLUMNS) - 2))
    span = Cell(_span(it, table.net))
    return [(Cell(it.say(TOTAL), strong=True), *strong), (Cell(it.say(SPAN)), *blank, span)]


def _unit(it: Telling, value: float | None) -> str:
    return NONE if value is None else estimates.short(value / UNITS[it.say.language])


def _span(it: Telling, found: Amount) -> str:
    return it.say.fill(TO, low=_unit(it, found.low), high=_unit(it, found.high))


def levels_ahead(it: Telling) -> list[Block]:
    """Return the customers whose chances of keeping their level change with what arrives."""
    rows = sorted(moved(it))
    blocks: list[Block] = [Heading(it.say(AHEAD)), Text(it.say(AHEAD_ABOUT), "note")]
    if not rows:
        return [*blocks, Text(it.say(AHEAD_NONE))]
    told = (cells(it.name(name), *rest) for _, name, *rest in rows[:MOST_AHEAD])
    return [*blocks, Table(head(it, AHEAD_HEAD), tuple(told))]


def moved(it: Telling) -> list[tuple[float, str, str, str, str, str]]:
    """Return what changes by a percentage point: by how much, customer, level, window, before, after."""
    found = []
    for name in it.study.ids:
        member = it.study.members.get(name)
        level = member.performance if member else None
        for row in it.study.chains.levels.get(name, ()):
            if row["basis"] != "performance" or not level:
                continue
            before, after = (float(row[when][str(level)]) for when in ("before", "after"))
            if abs(after - before) >= LEAST:
                chances = (estimates.chance(before), estimates.chance(after))
                window = it.say.month(row["period"])
                found.append((after - before, name, it.say.level(level), window, *chances))
    return found
