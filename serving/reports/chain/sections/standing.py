"""Where the chain stands: levels, problems by kind, what is proposed, and its map."""

from __future__ import annotations

from collections import Counter

from models.chains.problems import KINDS
from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text, cells
from serving.reports.chain.map import map_figure
from serving.reports.chain.project_words import project_words
from serving.reports.chain.telling import Telling

HEADING = Words("一页看懂", "On one page")
LEAD = Words(
    "{name}产业链在本系统中有 {count} 家企业，{suppliers} 家链外直接供应商，{links} 条供应关系；查明"
    "质量问题 {problems} 个，"
    "列出攻关项目 {projects} 个。",
    "{name} counts {count} enterprises here, {suppliers} direct suppliers outside it and {links} "
    "supply links. "
    "{problems} problems of quality were found, {projects} projects are listed.",
)
WORTH = Words(
    "全部项目同时实施，预计全链每年减少质量损失 {avoided}，每年费用 {cost}，净收益 {net}。",
    "All projects together are expected to avoid {avoided} of quality losses a year over the chain, "
    "at a cost of "
    "{cost} a year: net {net}.",
)
NO_WORTH = Words(
    "金额仅在读者有权查看全部企业明细时汇总；本件只报告指标与等级。",
    "Money is summed up only for those who may see all enterprises in detail: indicators and levels "
    "are told here.",
)
CARRIED = Words(
    "记录表明供应商的质量在一个月后传导到客户：下游收益按此计算。",
    "Records show that suppliers' quality arrives at their customers a month later: gains "
    "downstream follow from it.",
)
NOT_CARRIED = Words(
    "记录未能表明供应商的质量传导到客户的内部损失，因此不计任何下游收益。",
    "Records do not show that suppliers' quality arrives in their customers' internal losses: no "
    "gain downstream "
    "is counted.",
)
LEVELS = Words("等级分布（官方评价）", "Levels (official grade)")
LEVEL, COUNT = Words("等级", "Level"), Words("企业数", "Enterprises")
OPEN = Words("证据不全", "evidence incomplete")
PERFORMANCE = Words("质量绩效达到", "Performance alone")
BY_KIND = Words("问题分类：{kinds}。", "Problems by kind: {kinds}.")
COUNTED = Words("{name} {count} 个", "{name} {count}")
KIND_NAMES = {
    "indicator": Words("绩效指标未达下一等级", "indicator below the next level"),
    "evidence": Words("指标缺数据或不予采信", "indicator without admissible data"),
    "items": Words("管理项制约等级", "management items hold the level"),
    "deliveries": Words("交付质量变差", "deliveries worse than shown possible"),
    "lots": Words("注明供应商的批次不合格偏多", "lots of a supplier fail more often"),
    "falling": Words("一年内可能跌级", "may fall within a year"),
}
FIRST = Words("首要攻关项目", "First projects")
FIRST_HEAD = (
    Words("牵头企业", "Lead"), Words("攻关内容", "What"), Words("每年净收益", "Net a year"),
    Words("每年费用", "Cost a year"), Words("见效", "In force"),
)  # fmt: skip
MOST_FIRST = 5
MAP = Words("质量图谱", "Quality map (质量图谱)")
MAP_ABOUT = Words(
    "左为供应商，右为制造商；方块左侧数字为官方等级（1 经验级至 5 卓越级），名称下为近十二个月交付不"
    "合格率。只绘出有供应关系的企业。",
    "Suppliers left, makers right; the number in a box is the official level (1 to 5), below the "
    "name are "
    "nonconforming deliveries of twelve months. Only enterprises with a recorded link are drawn.",
)
NO_MAP = Words("没有供应关系记录，无法绘制图谱。", "No supply link is recorded: there is nothing to draw.")


def summary(it: Telling) -> list[Block]:
    """Return the first page."""
    study = it.study
    lead = it.say.fill(
        LEAD, name=study.name, count=len(study.ids), suppliers=len(study.suppliers),
        links=len(study.chains.links), problems=len(study.problems), projects=len(study.projects),
    )  # fmt: skip
    return [
        Heading(it.say(HEADING)),
        Text(lead, "lead"),
        Text(_worth(it)),
        Text(it.say(CARRIED if study.balance.carried else NOT_CARRIED), "note"),
        Heading(it.say(LEVELS), 2),
        _levels(it),
        *([Text(kinds)] if (kinds := _kinds(it)) else []),
        *_first_projects(it),
    ]


def _first_projects(it: Telling) -> list[Block]:
    """Return the projects that leave most, in one line each."""
    if not it.study.projects:
        return []
    told = [project_words(it, project) for project in it.study.projects[:MOST_FIRST]]
    rows = tuple(cells(one.lead, one.what, one.worth, one.cost, one.months) for one in told)
    shares = (1.6, 2.2, 1.6, 1.0, 0.8)
    head = tuple(Column(it.say(words), share) for words, share in zip(FIRST_HEAD, shares, strict=True))
    return [Heading(it.say(FIRST), 2), Table(head, rows)]


def _worth(it: Telling) -> str:
    if not it.study.whole:
        return it.say(NO_WORTH)
    found = it.study.balance
    return it.say.fill(
        WORTH, avoided=it.money(found.avoided), cost=it.cny(found.cost), net=it.money(found.net)
    )


def _levels(it: Telling) -> Table:
    members = [it.study.members[name] for name in it.study.ids if name in it.study.members]
    graded, performed = (Counter(getattr(one, name) for one in members) for name in ("level", "performance"))
    rows = [
        (Cell(it.say.level(level), level), Cell(str(graded[level])), Cell(str(performed[level])))
        for level in range(5, 0, -1)
    ]
    unknown = (Cell(it.say(OPEN)), Cell(str(graded[None])), Cell(str(performed[None])))
    head = (
        Column(it.say(LEVEL), 2),
        Column(it.say(COUNT), 1, "right"),
        Column(it.say(PERFORMANCE), 1, "right"),
    )
    return Table(head, (*rows, unknown))


def _kinds(it: Telling) -> str:
    found = Counter(problem.kind for problem in it.study.problems)
    told = [
        it.say.fill(COUNTED, name=it.say(KIND_NAMES[kind]), count=found[kind])
        for kind in KINDS
        if found[kind]
    ]
    return it.say.fill(BY_KIND, kinds=("；" if it.say.language == "zh" else "; ").join(told)) if told else ""


def quality_map(it: Telling) -> list[Block]:
    """Return the drawing and how to read it."""
    figure = map_figure(it)
    if figure is None:
        return [Heading(it.say(MAP)), Text(it.say(NO_MAP))]
    return [Heading(it.say(MAP), new_page=True), Text(it.say(MAP_ABOUT), "note"), figure]
