"""The workbook's own words, in both languages; the document's words come from the edition."""

from __future__ import annotations

from collections.abc import Mapping

from qm_rules.words import Words

STATUS = {
    "final": Words("最终", "final"),
    "provisional": Words("暂定", "provisional"),
    "incomplete": Words("证据不全", "incomplete"),
}
INDICATOR_STATUS = {
    "measured": Words("已测得", "measured"),
    "not_tracked": Words("未做统计", "not tracked"),
    "not_supplied": Words("未提供", "not supplied"),
    "inadmissible": Words("不予采信", "inadmissible"),
}
FAMILIES = {
    "internal": Words("内部质量损失", "Internal quality losses"),
    "external": Words("外部质量损失", "External quality losses"),
}
AMOUNTS = {
    "scrap": Words("报废", "scrap"),
    "rework": Words("返工返修", "rework"),
    "downgrade": Words("降级", "downgrading"),
    "downtime": Words("质量停工", "downtime"),
    "incident": Words("质量事故处理", "incidents"),
    "other_internal": Words("其他内部损失", "other internal losses"),
    "claims": Words("索赔", "claims"),
    "returns": Words("退货", "returns"),
    "discount": Words("折价", "discounts"),
    "warranty": Words("保修", "warranty"),
    "repair_replacement": Words("修理、更换", "repair and replacement"),
    "goodwill": Words("信誉损失", "loss of reputation"),
    "other_external": Words("其他外部损失", "other external losses"),
}
STATISTICS = {
    "deliveries": Words("交付", "deliveries"),
    "first_pass": Words("首次交验", "first pass"),
    "internal": Words("内部损失", "internal losses"),
    "external": Words("外部损失", "external losses"),
    "output_value": Words("总产值", "output value"),
}
GROUPS = {
    **STATISTICS,
    "capability": Words("过程能力", "capability"),
    "losses": Words("损失与产值", "losses and output"),
    "management": Words("管理项", "management items"),
    "window": Words("窗口与缺月", "window and missing months"),
    "policies": Words("口径", "policies"),
    "thresholds": Words("阈值", "thresholds"),
}
NOTES = {
    "thin_evidence": Words(
        "样本量偏少:单侧 95 % 置信界未达到该等级", "thin evidence: the one-sided 95 % bound misses the level"
    ),
    "few_values": Words("数值少于 {few_values} 个", "fewer than {few_values} values"),
    "too_few": Words(
        "数值少于 {min_values} 个,Cpk 不予采信", "fewer than {min_values} values: the Cpk is inadmissible"
    ),
    "unstable": Words("过程不稳定,Cpk 不予采信", "unstable process: the Cpk is inadmissible"),
    "missing_months": Words("有月份缺数据", "months are missing"),
    "short_window": Words("窗口不足十二个月", "the window is shorter than twelve months"),
    "no_key_marked": Words(
        "未标记关键特性,全部特性参与评价", "no characteristic is marked key: all are graded"
    ),
    "uninspected_process": Words("有工序没有首次交验记录", "a process without first submissions"),
}
EXACT = Words("精确", "exact")
CLOSE = Words("临界", "at the threshold")
ROUNDED = Words("近似", "rounded")
AGREE = Words("一致", "agree")
DISAGREE = Words("不一致", "DISAGREE")
SIGNS = {">=": "≥", "<=": "≤", "<": "<"}
SEE_CHECK = "见校核 see Check"


def both(words: Words, between: str = " ") -> str:
    """Return the Chinese and the English as one text."""
    return f"{words.zh}{between}{words.en}"


def caption(table: Mapping[str, Words], key: str) -> Words:
    """Return the words of a key, or the key itself where another edition has one that is not known here."""
    return table.get(key, Words(key, key))


def chosen(cell: str, table: Mapping[str, Words], missing: str = "–") -> str:
    """Return the formula part that shows the words for the key that a cell holds."""
    text = f'"{missing}"'
    for key, words in reversed([*table.items()]):
        text = f'IF({cell}="{key}","{both(words)}",{text})'
    return text
