"""质量问题清单, 薄弱环节 and 重点攻关项目清单 as tables."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Align, Block, Cell, Column, Heading, Table, Text
from serving.reports.chain.problem_words import problem_words
from serving.reports.chain.project_words import project_words
from serving.reports.chain.telling import Telling
from serving.reports.proposal import estimates
from serving.reports.speech import NONE

MOST = 30
PROBLEMS = Words("质量问题清单", "List of problems (质量问题清单)")
PROBLEMS_ABOUT = Words(
    "每个问题都有数据和来源；按可减少的损失排列，括号内为 90 % 区间。各问题的代价互有包含（客户的损"
    "失中已含供应商造成的"
    "部分），不可相加。",
    "Every problem has its figure and its source; what could be saved most stands first; 90 % "
    "intervals in brackets. Costs "
    "overlap (a customer's "
    "loss holds what its suppliers send it) and are not to be added up.",
)
NO_PROBLEM = Words("记录与预测未显示问题。", "Neither records nor forecast show a problem.")
PROBLEM_HEAD: tuple[tuple[Words, float, Align], ...] = (
    (Words("序", "#"), 0.5, "left"), (Words("企业", "Enterprise"), 1.2, "left"),
    (Words("问题", "Problem"), 1.6, "left"), (Words("数据", "Figure"), 1.5, "left"),
    (Words("制约等级", "Holds"), 1.05, "left"), (Words("每年代价", "Cost a year"), 1.45, "left"),
    (Words("来源", "Source"), 1.15, "left"),
)  # fmt: skip
REST = Words("其余 {count} 项见随附工作簿。", "{count} more stand in the workbook.")
WEAK = Words("薄弱环节", "Weak links (薄弱环节)")
WEAK_ABOUT = Words(
    "供应商按其不合格减半时客户得到的改善排列；各行为单独改进的效果，同时改进多家时不可相加（见质量"
    "效益测算表）。",
    "Suppliers by what halving their nonconforming deliveries gives their customers, each alone: "
    "not to be added up "
    "(see the table of benefits).",
)
WEAK_HEAD: tuple[tuple[Words, float, Align], ...] = (
    (Words("序", "#"), 0.5, "left"), (Words("供应商", "Supplier"), 1.5, "left"),
    (Words("交付不合格率", "Nonconforming"), 1.35, "right"),
    (Words("最好十二个月", "Best year"), 1.1, "right"),
    (Words("影响客户数", "Reached"), 0.85, "right"),
    (Words("减半：客户每年少损失", "Halved: customers save a year"), 1.7, "left"),
    (Words("平均减少", "On average"), 0.9, "right"),
)  # fmt: skip
MOST_WEAK = 12
PROJECTS = Words("重点攻关项目清单", "List of projects (重点攻关项目清单)")
PROJECTS_ABOUT = Words(
    "工艺类项目来自已发布的效应模型建议；供应类项目目标可测、措施待诊断，不预估费用与工期。净收益为"
    "该项目单独实施时"
    "本企业与下游合计、扣除可能重复部分与每年费用之后的数额；区间为 90 %。",
    "Moves of a process come from the published effect model; projects of supply have a measured "
    "goal and no known measure "
    "yet, so no cost and no time is claimed. Net is what one project alone leaves at the enterprise "
    "and downstream, less "
    "what may be counted twice and its yearly cost; intervals are at 90 %.",
)
NO_PROJECT = Words("没有可以负责任地列出的项目。", "No project could responsibly be listed.")
PROJECT_HEAD: tuple[tuple[Words, float, Align], ...] = (
    (Words("序", "#"), 0.45, "left"), (Words("牵头与配合企业", "Lead, and with whom"), 1.45, "left"),
    (Words("攻关内容与方法", "What, and how"), 1.7, "left"), (Words("预期效果", "Effect"), 1.9, "left"),
    (Words("每年净收益", "Net a year"), 1.7, "left"), (Words("费用与见效", "Cost, in force"), 1.25, "left"),
    (Words("对应问题", "Problem"), 0.95, "left"),
)  # fmt: skip


def problem_list(it: Telling) -> list[Block]:
    """Return the problems, as many as a paper holds."""
    blocks: list[Block] = [Heading(it.say(PROBLEMS), new_page=True)]
    if not it.study.problems:
        return [*blocks, Text(it.say(NO_PROBLEM))]
    rows = []
    for number, problem in enumerate(it.study.problems[:MOST], 1):
        told = problem_words(it, problem)
        texts = (str(number), it.name(problem.enterprise_id), *told)
        rows.append(tuple(Cell(text) for text in texts))
    blocks += [Text(it.say(PROBLEMS_ABOUT), "note"), Table(head(it, PROBLEM_HEAD), tuple(rows))]
    return [*blocks, *_rest(it, len(it.study.problems))]


def weak_links(it: Telling) -> list[Block]:
    """Return the suppliers by what mending them gives; nothing without a link."""
    mended = it.halved()
    if not mended:
        return []
    rows = []
    for number, (name, one) in enumerate(mended[:MOST_WEAK], 1):
        plant = it.study.chains.plants.get(name, {})
        ppm, best = (
            NONE if plant.get(k) is None else estimates.level_of("ppm", plant[k]) for k in ("ppm", "best_ppm")
        )
        eased = f"{100 * one.eased.estimate:.1f} %" if one.eased else NONE
        texts = (str(number), it.name(name), ppm, best, str(one.customers), it.brief(one.saved), eased)
        rows.append(tuple(Cell(text) for text in texts))
    return [
        Heading(it.say(WEAK)), Text(it.say(WEAK_ABOUT), "note"), Table(head(it, WEAK_HEAD), tuple(rows)),
    ]  # fmt: skip


def project_list(it: Telling) -> list[Block]:
    """Return the projects, as many as a paper holds."""
    blocks: list[Block] = [Heading(it.say(PROJECTS), new_page=True)]
    if not it.study.projects:
        return [*blocks, Text(it.say(NO_PROJECT))]
    rows = []
    for number, project in enumerate(it.study.projects[:MOST], 1):
        told = project_words(it, project)
        answers = ", ".join(map(str, project.answers)) or NONE
        texts = (
            str(number), _lines(told.lead, told.others), _lines(told.what, told.method), told.effect,
            _lines(told.worth, told.downstream), _lines(told.cost, told.months), answers,
        )  # fmt: skip
        rows.append(tuple(Cell(text) for text in texts))
    blocks += [Text(it.say(PROJECTS_ABOUT), "note"), Table(head(it, PROJECT_HEAD), tuple(rows))]
    return [*blocks, *_rest(it, len(it.study.projects))]


def head(it: Telling, columns: tuple[tuple[Words, float, Align], ...]) -> tuple[Column, ...]:
    """Return the columns of a table."""
    return tuple(Column(it.say(words), share, align) for words, share, align in columns)


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _rest(it: Telling, count: int) -> list[Block]:
    return [Text(it.say.fill(REST, count=count - MOST), "note")] if count > MOST else []
