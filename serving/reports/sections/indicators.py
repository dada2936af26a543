"""The five quantitative indicators: values beside the thresholds, and where they stand between them."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.beside import continuous_sigma, worst_delivery, worst_first_pass
from qm_rules.trace import phrases
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.drawing.bullets import Bullet, bullets, place
from serving.reports.facts import Facts
from serving.reports.speech import Speech
from serving.reports.values import bound_text, value_text

HEADING = Words("三、全过程质量绩效", "3. Whole-process quality performance")
INDICATOR, VALUE, LEVEL = Words("指标", "Indicator"), Words("实际值", "Value"), Words("等级", "Level")
STATE = Words("状态", "Status")
HIGHER = (2, 3, 4, 5)
ROUNDED = Words(
    "表中数值为便于阅读而取舍,取舍后与各阈值的大小关系不变;等级一律按未取舍的精确值判定,精确值见附录 A。"
    "产品质量水平以每百万单位不良品数(ppm)计,越低越好。",
    "Values are rounded for reading, never across a threshold; levels are judged by the exact values of "
    "annex A. "
    "The product quality level is counted in nonconforming units per million (ppm): lower is better.",
)
BESIDE_SIGMA = Words(
    "供参考、不影响等级:按含 1.5σ 偏移的单侧正态尾部换算,产品质量水平为 {sigma} σ。",
    "For information, not decisive: by the one-sided normal tail with the 1.5σ shift the product "
    "quality level is "
    "{sigma} σ.",
)
WORST_SIGMA = Words("最差产品为 {id}({value} ppm)。", "Worst product: {id} ({value} ppm).")
WORST_YIELD = Words(
    "一次交验合格率最低的产品为 {id}({value})。", "Product with the lowest first-pass yield: {id} ({value})."
)
PLACES = Words(
    "五项指标在各等级阈值之间的位置",
    "The five indicators between the thresholds of the levels",
)
BEST = {"sigma": 0.1, "cpk": 3.0, "ftq": 1.0, "internal_loss": 0.0, "external_loss": 0.0}
"""Where the field of the highest level ends, and …"""
WORST = {"sigma": 1e6, "cpk": 0.0, "ftq": 0.7, "internal_loss": 0.08, "external_loss": 0.06}
"""… where that of the lowest (of a loss: of level 2) begins; only the drawing depends on it."""


def indicators(facts: Facts, say: Speech) -> list[Block]:
    """Return the indicators as a table and as a drawing."""
    grade = facts.grade
    levels = [say.pack.level_words(level) for level in HIGHER]
    columns = (
        Column(say(INDICATOR), 2.25),
        Column(say(VALUE), 1.25, "right"),
        *(Column(say(words), 1.05, "center") for words in levels),
        Column(say(LEVEL), 1.4, "center"),
        Column(say(STATE), 0.95, "center"),
    )
    rows = tuple(_row(facts, name, say) for name in grade.indicators)
    drawing = bullets([_bullet(facts, name, say) for name in grade.indicators], _names(say))
    alt = "; ".join(f"{say.name(name)} {value_text(grade, name, say)}" for name in grade.indicators)
    return [
        Heading(say(HEADING)),
        Table(columns, rows),
        Text(say(ROUNDED), "note"),
        *_beside(facts, say),
        Figure(drawing, say(PLACES), alt),
    ]


def _row(facts: Facts, name: str, say: Speech) -> tuple[Cell, ...]:
    grade, found = facts.grade, facts.grade.indicators[name]
    bounds = (Cell(bound_text(grade, name, level, say), strong=level == found.level) for level in HIGHER)
    return (
        Cell(say.name(name)),
        Cell(value_text(grade, name, say), strong=True),
        *bounds,
        Cell(say.level(found.level), found.level),
        Cell(say(phrases.LINE_STATUS[found.status])),
    )


def _beside(facts: Facts, say: Speech) -> list[Block]:
    """Return what is shown beside the values and never decides."""
    document = facts.grade.evidence.document
    delivered, submitted = document.get("deliveries"), document.get("first_pass")
    found: list[str] = []
    if delivered:
        sums = (sum(row["nonconforming"] for row in delivered), sum(row["units"] for row in delivered))
        found.append(say.fill(BESIDE_SIGMA, sigma=continuous_sigma(*sums)))
        worst = worst_delivery(delivered)
        found += (
            [say.fill(WORST_SIGMA, id=label(worst[0]), value=f"{Decimal(worst[1]):,.2f}")] if worst else []
        )
    worst = worst_first_pass(submitted) if submitted else None
    found += (
        [say.fill(WORST_YIELD, id=label(worst[0]), value=say.percent(Decimal(worst[1])))] if worst else []
    )
    return [Text((" " if say.language == "en" else "").join(found), "note")] if found else []


def _names(say: Speech) -> list[str]:
    return [say(say.pack.level_words(one.level)) for one in say.pack.levels]


def _bullet(facts: Facts, name: str, say: Speech) -> Bullet:
    grade, found = facts.grade, facts.grade.indicators[name]
    bounds = tuple(bound_text(grade, name, level, say) for level in HIGHER)
    value = value_text(grade, name, say)
    shown = value if found.value else say(phrases.LINE_STATUS[found.status])
    where = _place(facts, name) if found.value and found.status == "measured" else None
    return Bullet(say.name(name), shown, where, found.level, bounds)


def _place(facts: Facts, name: str) -> float:
    grade = facts.grade
    steps = [step.numerator / step.denominator for step in grade.book.ladders[name].asked.values()]
    value = float(grade.indicators[name].value or 0)
    if name.endswith("_loss"):
        return max(1.0, place(value, [WORST[name], *steps[1:]], BEST[name], WORST[name] * 1.01))
    return place(value, steps, BEST[name], WORST[name], scale="log" if name == "sigma" else "linear")
