"""The official grade as a table for people, in the words of the document."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from qm_rules import Grade
from qm_rules.beside import continuous_sigma, worst_delivery, worst_first_pass
from qm_rules.notes import Note

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

STATUS = {"final": "最终", "provisional": "暂定", "incomplete": "不完整"}
INDICATOR_STATUS = {
    "measured": "",
    "not_tracked": "未做统计",
    "not_supplied": "未提供",
    "inadmissible": "不予采信",
}
NOTE_TEXT = {
    "thin_evidence": "样本偏少:单侧 95 % 置信界未达到该等级",
    "few_values": "测量值少于 100 个",
    "too_few": "测量值少于 25 个",
    "unstable": "过程不稳定,Cpk 不予采信",
    "missing_months": "有月份缺数据",
    "short_window": "窗口不足十二个月",
    "no_key_marked": "未标记关键特性,全部特性参与评价",
    "uninspected_process": "有工序没有首次交验记录",
}
POLICY_NAMES = {"aggregation": "综合判断", "level2_loss": "检验级损失率", "sigma_method": "σ 换算"}
LEVELS = (2, 3, 4, 5)


def grade_table(grade: Grade) -> str:
    """Return the grade with its indicators, items, gaps to the next level and notes as text."""
    from rich.console import Group

    pack = grade.book.pack
    window = grade.evidence.document["window"]
    head = f"{grade.enterprise_id}  {window['start']} – {window['end']}  {_verdict(grade)}"
    foot = f"{pack.document} {pack.annex} · {pack.id} {pack.sha256[:12]} · {grade.evidence.sha256[:12]}"
    return _rendered(Group(head, _indicators(grade), _items(grade), _next(grade), *_notes(grade), foot))


def comparison_table(readings: Sequence[tuple[dict[str, str], Grade]]) -> str:
    """Return every reading with its level and what binds, one a row."""
    table = _table(*(POLICY_NAMES.get(name, name) for name in readings[0][0]), "等级", "制约项")
    for reading, grade in readings:
        table.add_row(*reading.values(), _verdict(grade), _names(grade, grade.binding))
    return _rendered(table)


def _verdict(grade: Grade) -> str:
    level = f"{grade.level_name}({grade.level})" if grade.level else f"最高可能 {grade.at_most} 级"
    return f"{level} · {STATUS[grade.status]}"


def _indicators(grade: Grade) -> Table:
    table = _table("指标", "值", "等级", *(grade.book.names[level][1] for level in LEVELS), "说明")
    for name, found in grade.indicators.items():
        steps = [grade.book.ladders[name].asked[level] for level in LEVELS]
        bounds = [f"{step.operator} {step.needs}" for step in steps]
        remark = " ".join(filter(None, (INDICATOR_STATUS[found.status], _beside(grade, name))))
        table.add_row(_names(grade, [name]), found.value or "–", str(found.level or "–"), *bounds, remark)
    return table


def _beside(grade: Grade, name: str) -> str:
    rows = grade.evidence.document.get({"sigma": "deliveries", "ftq": "first_pass"}.get(name, ""))
    if rows is None:
        return ""
    worst = worst_delivery(rows) if name == "sigma" else worst_first_pass(rows)
    remark = f"最差产品 {worst[0]}: {worst[1]}" if worst else ""
    if name == "sigma":
        bad, units = sum(row["nonconforming"] for row in rows), sum(row["units"] for row in rows)
        remark = f"{continuous_sigma(bad, units)} σ {remark}"
    return remark.strip()


def _items(grade: Grade) -> Table:
    table = _table("维度", "等级", "评价项")
    for name, dimension in grade.book.pack.dimensions.items():
        own = " ".join(
            f"{_names(grade, [member])} {grade.own[member] or '–'}" for member in dimension.members
        )
        table.add_row(dimension.name, str(grade.dimensions[name] or "–"), own)
    return table


def _next(grade: Grade) -> Table | str:
    if not grade.gaps:
        return f"制约项: {_names(grade, grade.binding)}"
    to_level = grade.gaps[0].to_level
    table = _table(f"到{grade.book.names[to_level][1]}还差", "现值", "需要")
    for gap in grade.gaps:
        if gap.to_level == to_level:
            table.add_row(_names(grade, [gap.indicator]), gap.has or "–", f"{gap.operator} {gap.needs}")
    return table


def _notes(grade: Grade) -> list[str]:
    return [f"注: {_note(grade, note)}" for note in grade.notes]


def _note(grade: Grade, note: Note) -> str:
    name = note.get("indicator")
    where = " ".join(str(value) for key, value in note.items() if key not in ("code", "indicator"))
    text = NOTE_TEXT[str(note["code"])]
    return " ".join(filter(None, (f"{_names(grade, [name])}:" if name else "", text, where)))


def _names(grade: Grade, names: Sequence[str]) -> str:
    pack = grade.book.pack
    return "、".join(
        pack.indicators[name].name if name in pack.indicators else pack.items[name].name for name in names
    )


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _rendered(what: RenderableType) -> str:
    from rich.console import Console

    out = StringIO()
    look = sys.stdout.isatty()
    console = Console(
        file=out, markup=False, highlight=False, force_terminal=look, width=None if look else 160
    )
    console.print(what)
    return out.getvalue().rstrip("\n")
