"""Where quality money goes, and which processes lose most at first submission."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from qm_rules.trace import phrases
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Figure, Heading
from serving.reports.drawing.bars import Bar, pareto, shortfall_bars
from serving.reports.facts import Facts
from serving.reports.speech import WIDE, Speech

HEADING = Words("质量损失与一次交验", "Quality losses and first submissions")
KINDS = (Words("内部质量损失", "internal"), Words("外部质量损失", "external"))
CUMULATIVE = Words("累计占比", "cumulative share")
PARETO = Words(
    "质量损失构成(排列图),合计 {total}",
    "Quality losses by category (Pareto chart), total {total}",
)
YIELDS = Words(
    "各工序初次交验不合格率(由高到低,{shown}/{all} 道工序)",
    "Share not passed at first submission by process, worst first ({shown} of {all} processes)",
)
MOST = 14


def losses(facts: Facts, say: Speech) -> list[Block]:
    """Return the drawings of losses and of first submissions, as far as there is something to draw."""
    blocks = [*_pareto(facts, say), *_yields(facts, say)]
    return [Heading(say(HEADING), 2), *blocks] if blocks else []


def _pareto(facts: Facts, say: Speech) -> list[Block]:
    found = facts.grade.evidence.document.get("losses") or {}
    amounts = [
        (category, Decimal(amount), family == "external")
        for family, one in found.items()
        for category, amount in one.get("amounts", {}).items()
        if Decimal(amount)
    ]
    if not amounts:
        return []
    amounts.sort(key=lambda one: -one[1])
    total = Decimal(0)
    for _, amount, _ in amounts:
        total = WIDE.add(total, amount)
    bars = [
        Bar(
            _category(category, say),
            float(amount),
            f"{say.short_money(amount)} · {amount / total:.1%}",
            outside,
        )
        for category, amount, outside in amounts
    ]
    drawing = pareto(bars, (say(KINDS[0]), say(KINDS[1])), say(CUMULATIVE))
    alt = "; ".join(f"{bar.name} {bar.value}" for bar in bars)
    return [Figure(drawing, say.fill(PARETO, total=say.money(total)), alt)]


def _category(category: str, say: Speech) -> str:
    return say(phrases.CATEGORIES[category]) if category in phrases.CATEGORIES else label(category)


def _yields(facts: Facts, say: Speech) -> list[Block]:
    rows = facts.grade.evidence.document.get("first_pass") or []
    lost = [(1 - Fraction(row["passed_first"], row["submitted"]), row) for row in rows]
    lost.sort(key=lambda one: (-one[0], one[1]["product_id"], one[1]["process_id"]))
    several = len({row["product_id"] for row in rows}) > 1
    bars = [
        Bar(
            _process(facts, row, several=several),
            float(share),
            f"{float(share):.3%} · {row['submitted'] - row['passed_first']:,} / {row['submitted']:,}",
        )
        for share, row in lost[:MOST]
    ]
    if not bars:
        return []
    alt = "; ".join(f"{bar.name} {bar.value}" for bar in bars)
    return [Figure(shortfall_bars(bars), say.fill(YIELDS, shown=len(bars), all=len(rows)), alt)]


def _process(facts: Facts, row: dict[str, str], *, several: bool) -> str:
    name = facts.names.process(row["product_id"], row["process_id"])
    return f"{label(row['product_id'])} · {name}" if several else name
