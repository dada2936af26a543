"""Puts the planning workbook together."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO

from qm_rules import load_pack
from qm_rules.words import Words
from serving.reports.numbering import last_day_of
from serving.reports.planning.book import HEAD, Column, PlanBook
from serving.reports.planning.facts import Planning
from serving.reports.planning.sheets.lists import (
    write_cases,
    write_enterprises,
    write_helped,
    write_likes,
    write_published,
)
from serving.reports.planning.sheets.standing import write_levels, write_regions
from serving.reports.planning.sheets.targets import write_forecast, write_targets

TITLE = Words("规划工作簿", "Planning workbook")
ABOUT = (
    Column(Words("项目", "What"), "label", 30),
    Column(Words("内容", "Is"), "text", 100),
)
BASIS = {
    "grade": "整体等级 whole grade",
    "performance": "仅质量绩效维度(不是官方整体等级) performance dimension alone (not the official grade)",
}
TERMS = (
    (
        "新增 Newly added",
        (
            "基准月份已有等级、此后首次达到该级或更高等级;越级者逐级计数,退级后再达到的不重复计。"
            "Had a level at the baseline and first reaches this one or a better one later; a jump counts at "
            "every level, "
            "a return does not."
        ),
    ),
    (
        "联合路径 Joint paths",
        (
            "各企业在同一条路径上经历相同的月度冲击,所以合计数的区间比逐家独立计算的更宽。"
            "On one path all enterprises live through the same months' shocks, so that sums vary more than "
            "independent "
            "coins would."
        ),
    ),
    (
        "官方与预测 Official, forecast",
        (
            "“等级”页和“企业”页的等级是官方评价结果,任何模型不改变它;其余概率与预计数是预测。"
            "Levels on the pages Levels and Enterprises are official and untouched by any model; the rest is "
            "forecast."
        ),
    ),
    (
        "可改的格 Cells to change",
        "黄色。“目标”页的目标数改了,概率随之重算。 Yellow: a changed count changes its probability.",
    ),
)


def write_planning(known: Planning, target: BinaryIO) -> None:
    """Write the workbook of a group to a binary stream; the same facts give the same bytes."""
    book = PlanBook(target, TITLE, date.fromisoformat(last_day_of(known.briefing.as_of)))
    _about(book, known)
    write_levels(book, known)
    write_regions(book, known)
    write_forecast(book, known)
    write_targets(book, known)
    write_enterprises(book, known)
    write_helped(book, known)
    write_cases(book, known)
    write_likes(book, known)
    write_published(book, known)
    book.close()


def _about(book: PlanBook, known: Planning) -> None:
    page = book.page(
        Words("说明", "About"),
        Words(
            "与研判专报同一发布、同一范围:专报中的每个数字都在这里。",
            "Of the same publication and group as the briefing: every figure of it stands here.",
        ),
    )
    page.head(ABOUT, frozen=False)
    facts, pack = known.briefing, load_pack()
    document = pack.said(pack.document)
    rows = (
        ("范围 Group", _group(known)),
        ("口径 Which level counts", BASIS[facts.basis]),
        ("记录截至 Records up to", facts.as_of),
        ("等级依据 Levels by", f"{document.zh} {document.en}"),
        ("模型 Model", facts.model_version),
        ("发布 Publication", facts.outlook),
        ("预测 Forecast", f"{facts.months} 个月 months, {facts.paths} 条联合路径 joint paths"),
        *TERMS,
    )
    page.rows(ABOUT, rows, HEAD + 1)
    for row in range(HEAD + 1 + len(rows) - len(TERMS), HEAD + 1 + len(rows)):
        page.page.set_row(row, 48)


def _group(known: Planning) -> str:
    group = known.briefing.group
    codes = [code for code in (group.region or group.place, group.industry, group.size) if code]
    parts = [known.named(code) for code in codes] + [part for part in (group.chain, group.list_name) if part]
    return "；".join(parts) or "全部监测企业 all enterprises followed"
