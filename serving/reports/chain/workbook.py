"""The chain's workbook: both lists, the links, and 质量效益测算表 as live formulas that a reader can check.

Headings stand in both languages, texts in the one asked for. What the formulas start from (losses on record,
shares, what arrives, costs) are values; every product, difference and sum over them is a formula.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from models.chains.benefit import Line
from qm_rules.words import Words
from serving.reports.chain.rows import problem_rows, project_rows
from serving.reports.chain.sections.benefit import HIDDEN, RULES
from serving.reports.chain.sections.doing import RESTS
from serving.reports.chain.sections.lists import PROBLEMS_ABOUT, PROJECTS_ABOUT
from serving.reports.chain.telling import Telling
from serving.reports.drawing.canvas import width_of
from serving.reports.numbering import last_day_of
from serving.reports.workbook.book import AS_WRITTEN
from serving.reports.workbook.looks import Looks
from serving.reports.workbook.values import safe_text

LINE = 15.0
HEAD = 3
"""Row (from 0) of the headings; above them title and what the sheet says."""
Column = tuple[str, Words, str, float]
PROBLEM_COLUMNS: tuple[Column, ...] = (
    ("number", Words("序", "#"), "count", 6), ("enterprise_id", Words("编号", "Id"), "text", 12),
    ("enterprise", Words("企业", "Enterprise"), "text", 26), ("what", Words("问题", "Problem"), "text", 34),
    ("figure", Words("数据", "Figure"), "text", 34),
    ("holds_level", Words("制约等级", "Holds level"), "level", 9),
    ("cost", Words("每年代价(元)", "Cost a year (CNY)"), "count", 17),
    ("cost_low", Words("90 % 下限", "90 % low"), "count", 15),
    ("cost_high", Words("90 % 上限", "90 % high"), "count", 15),
    ("excess", Words("超出要求部分(元)", "Beyond allowed (CNY)"), "count", 17),
    ("units", Words("件数", "Units"), "count", 12), ("source", Words("来源", "Source"), "text", 32),
)  # fmt: skip
PROJECT_COLUMNS: tuple[Column, ...] = (
    ("number", Words("序", "#"), "count", 6), ("enterprise_id", Words("编号", "Id"), "text", 12),
    ("lead", Words("牵头企业", "Lead"), "text", 26), ("with", Words("配合企业", "With"), "text", 24),
    ("what", Words("攻关内容", "What"), "text", 36), ("method", Words("方法", "Method"), "text", 22),
    ("effect", Words("预期效果(90 %)", "Effect (90 %)"), "text", 44),
    ("own", Words("本企业收益(元)", "At home (CNY)"), "count", 16),
    ("downstream", Words("下游收益(元)", "Downstream (CNY)"), "count", 16),
    ("twice", Words("可能重复(元)", "Maybe twice (CNY)"), "count", 16),
    ("cost", Words("每年费用(元)", "Cost a year (CNY)"), "count", 16),
    ("net", Words("净收益(元)", "Net (CNY)"), "count", 16),
    ("net_low", Words("90 % 下限", "90 % low"), "count", 15),
    ("net_high", Words("90 % 上限", "90 % high"), "count", 15),
    ("months", Words("见效月数", "Months"), "count", 9),
    ("problems", Words("对应问题", "Problems"), "text", 14), ("source", Words("来源", "Source"), "text", 30),
)  # fmt: skip
LINK_COLUMNS: tuple[Column, ...] = (
    ("supplier_id", Words("供应商", "Supplier"), "text", 14), ("supplier", Words("名称", "Name"), "text", 28),
    ("customer_id", Words("客户", "Customer"), "text", 14), ("customer", Words("名称", "Name"), "text", 28),
    ("material", Words("物料", "Material"), "text", 18), ("share", Words("占比", "Share"), "share", 12),
)  # fmt: skip
MEMBER_COLUMNS: tuple[Column, ...] = (
    ("enterprise_id", Words("编号", "Id"), "text", 14), ("name", Words("企业", "Enterprise"), "text", 30),
    ("level", Words("官方等级", "Official level"), "level", 10),
    ("performance", Words("质量绩效", "Performance"), "level", 10),
    ("falls", Words("一年内跌级可能", "Chance to fall"), "share", 14),
    ("ppm", Words("交付不合格率(ppm)", "Nonconforming (ppm)"), "number", 16),
    ("best_ppm", Words("最好十二个月(ppm)", "Best year (ppm)"), "number", 16),
    ("ftq", Words("一次交验合格率", "First-pass yield"), "share", 14),
)  # fmt: skip
BENEFIT_HEADS: tuple[tuple[Words, float], ...] = (
    (Words("编号", "Id"), 12), (Words("企业", "Enterprise"), 26), (Words("现状内部损失", "Inside now"), 16),
    (Words("自身减少比例", "Own share"), 12), (Words("自身减少内部", "Own, inside"), 16),
    (Words("来料变化(对数)", "Arrives (log)"), 19), (Words("来料改善减少", "By deliveries"), 16),
    (Words("现状外部损失", "Outside now"), 16), (Words("自身减少比例", "Own share"), 12),
    (Words("自身减少外部", "Own, outside"), 16), (Words("可能重复", "Maybe twice"), 15),
    (Words("每年费用", "Cost a year"), 15), (Words("一次性费用", "Once"), 14),
    (Words("净收益", "Net a year"), 17),
)  # fmt: skip
SLOPE = Words("传导系数（内部损失）", "Slope of internal loss")
TOTAL, LOW, HIGH = Words("合计", "Sum"), Words("90 % 下限", "90 % low"), Words("90 % 上限", "90 % high")
READ = Words("说明", "Read me")
TITLES = {
    "read": READ, "problems": Words("质量问题清单", "Problems"),
    "projects": Words("重点攻关项目清单", "Projects"),
    "benefit": Words("质量效益测算表", "Benefits"), "links": Words("供应关系", "Links"),
    "members": Words("链上企业", "Enterprises"),
}  # fmt: skip


def write_chain_workbook(it: Telling, target: Path | BinaryIO) -> None:
    """Write the workbook; the same study gives the same bytes."""
    where = str(target) if isinstance(target, Path) else target
    book = xlsxwriter.Workbook(where, {"in_memory": True, **AS_WRITTEN})
    made = datetime.fromisoformat(last_day_of(it.study.period))
    book.set_properties({"title": it.study.name, "created": made})
    pages = {key: Page(book, f"{words.zh} {words.en}"[:31], Looks(book)) for key, words in TITLES.items()}
    _read_me(it, pages["read"])
    pages["problems"].table(it.say(PROBLEMS_ABOUT), PROBLEM_COLUMNS, problem_rows(it))
    projects = [{**row, "with": ", ".join(row["with"]), "problems": ", ".join(map(str, row["problems"]))}
                for row in project_rows(it)]  # fmt: skip
    pages["projects"].table(it.say(PROJECTS_ABOUT), PROJECT_COLUMNS, projects)
    _benefit(it, pages["benefit"])
    pages["links"].table("", LINK_COLUMNS, _links(it))
    pages["members"].table("", MEMBER_COLUMNS, _members(it))
    book.close()


class Page:
    """One sheet: a title, what it says, and a table."""

    def __init__(self, book: Any, title: str, looks: Looks) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self.sheet, self.looks = book.add_worksheet(title), looks
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_row(0, 28)
        self.put(0, 0, title, "title")

    def table(self, about: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> None:
        """Write rows under headings in both languages."""
        self.put(1, 0, about, "subtitle")
        self.heads([(words, width) for _, words, _, width in columns])
        for number, row in enumerate(rows, HEAD + 1):
            self.sheet.set_row(number, max(_height(row.get(key), width) for key, _, _, width in columns))
            for at, (key, _, look, _) in enumerate(columns):
                self.put(number, at, row.get(key), look)
        if rows:
            self.sheet.autofilter(HEAD, 0, HEAD + len(rows), len(columns) - 1)

    def heads(self, columns: Sequence[tuple[Words, float]]) -> None:
        """Write the headings, and keep them in view."""
        self.sheet.set_row(HEAD, 34)
        for at, (words, width) in enumerate(columns):
            self.sheet.set_column(at, at, width)
            self.put(HEAD, at, f"{words.zh}\n{words.en}", "head")
        self.sheet.freeze_panes(HEAD + 1, 2)
        self.sheet.repeat_rows(HEAD)

    def put(self, row: int, column: int, value: Any, look: str) -> None:  # noqa: ANN401 - a cell's
        """Write a value as what it is: text stays text, whatever it begins with."""
        form = self.looks[look]
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, safe_text(value), form)
        else:
            self.sheet.write_number(row, column, float(value), form)

    def live(self, row: int, column: int, formula: str, value: float | None, look: str = "count") -> None:
        """Write a formula with the result that it has now."""
        self.sheet.write_formula(
            row, column, f"={formula}", self.looks[look], value if value is not None else ""
        )


def _height(value: object, width: float) -> float:
    """Return how high a row must be for a text in a column of so many letters, in points."""
    if not isinstance(value, str):
        return LINE
    lines = sum(math.ceil(width_of(part, 1.0) / 0.58 / width) or 1 for part in value.split("\n"))
    return LINE * max(lines, 1) + 2


def _read_me(it: Telling, page: Page) -> None:
    page.sheet.set_column(0, 0, 130)
    edition = it.say(it.say.pack.said(it.say.pack.document))
    texts = [it.study.name, it.say.month(it.study.period)]
    texts += [it.say.fill(words, edition=edition, version=it.model_version or "-") for words in RESTS]
    for row, text in enumerate(texts, 2):
        page.sheet.set_row(row, _height(text, 120))
        page.put(row, 0, text, "note")


def _benefit(it: Telling, page: Page) -> None:
    page.put(1, 0, it.say(RULES), "subtitle")
    carry = it.study.chains.carry["internal_loss"]
    page.put(2, 0, it.say(SLOPE), "subtitle")
    page.put(2, 2, carry.slope if it.study.balance.carried else 0.0, "number")
    page.heads(BENEFIT_HEADS)
    for row, line in enumerate(it.study.balance.lines, HEAD + 1):
        _line(it, page, row, line)
    if it.study.whole:
        _sums(it, page, HEAD + 1, HEAD + len(it.study.balance.lines))
    else:
        page.put(HEAD + len(it.study.balance.lines) + 2, 0, it.say(HIDDEN), "note")


def _line(it: Telling, page: Page, row: int, line: Line) -> None:
    """Write an enterprise: C inside now, D share, E = C·D, F arrives, G = (C−E)(1−e^(slope·F)), H outside
    now, I share, J = H·I, K twice, L cost, M once, N = E+G+J−K−L.
    """
    n = row + 1
    parts = (line.own_internal, line.own_external, line.received)
    inside, outside, got = (part.estimate if part else None for part in parts)
    page.put(row, 0, line.enterprise_id, "text")
    page.put(row, 1, it.name(line.enterprise_id), "text")
    page.put(row, 2, line.internal_now, "count")
    page.put(row, 3, _share(inside, line.internal_now), "share")
    page.live(row, 4, f"C{n}*D{n}", inside or 0.0)
    page.put(row, 5, line.arrives, "number")
    page.live(row, 6, f"(C{n}-E{n})*(1-EXP($C$3*F{n}))", got or 0.0)
    page.put(row, 7, line.external_now, "count")
    page.put(row, 8, _share(outside, line.external_now), "share")
    page.live(row, 9, f"H{n}*I{n}", outside or 0.0)
    page.put(row, 10, line.twice.estimate, "count")
    page.put(row, 11, line.cost, "count")
    page.put(row, 12, line.once, "count")
    net = line.avoided.estimate - line.twice.estimate - line.cost
    page.live(row, 13, f"E{n}+G{n}+J{n}-K{n}-L{n}", net)


def _share(part: float | None, now: float | None) -> float | None:
    return part / now if part is not None and now else None


def _sums(it: Telling, page: Page, first: int, last: int) -> None:
    table, row = it.study.balance, last + 1
    values = {
        "C": sum(line.internal_now or 0.0 for line in table.lines),
        "E": sum(line.own_internal.estimate for line in table.lines if line.own_internal),
        "G": sum(line.received.estimate for line in table.lines if line.received),
        "H": sum(line.external_now or 0.0 for line in table.lines),
        "J": sum(line.own_external.estimate for line in table.lines if line.own_external),
        "K": table.twice.estimate,
        "L": table.cost,
        "M": sum(line.once or 0.0 for line in table.lines),
        "N": table.net.estimate,
    }
    page.put(row, 1, it.say(TOTAL), "strong")
    for letter, value in values.items():
        page.live(row, ord(letter) - ord("A"), f"SUM({letter}{first + 1}:{letter}{last + 1})", value)
    for below, (words, value) in enumerate(((LOW, table.net.low), (HIGH, table.net.high)), 1):
        page.put(row + below, 1, it.say(words), "text")
        page.put(row + below, 13, value, "count")


def _links(it: Telling) -> list[dict[str, Any]]:
    return [
        {**link, "supplier": it.name(link["supplier_id"]), "customer": it.name(link["customer_id"])}
        for link in it.study.chains.links
        if {link["supplier_id"], link["customer_id"]} <= {*it.study.ids, *it.study.suppliers}
    ]


def _members(it: Telling) -> list[dict[str, Any]]:
    rows = []
    for name in (*it.study.ids, *it.study.suppliers):
        member, plant = it.study.members.get(name), it.study.chains.plants.get(name, {})
        own = {"enterprise_id": name, "name": it.name(name)}
        told = (
            {"level": member.level, "performance": member.performance, "falls": member.falls}
            if member
            else {}
        )
        rows.append({**own, **told, **{key: plant.get(key) for key in ("ppm", "best_ppm", "ftq")}})
    return rows
