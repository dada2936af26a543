"""产品质量水平: how many fewer nonconforming units reach the level, and which products have them.

More good deliveries would lower the rate too, but nobody improves quality by selling more; so deliveries
stay as they are. Zero nonconforming units reach every level, whatever the number of units.
"""

from __future__ import annotations

from qm_rules.confidence import counts_miss
from qm_rules.indicators import MILLION
from qm_rules.shortfall.figures import Lack, share
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.trace.numbers import whole
from qm_rules.words import NOTHING, Words, label, sentences

_FEWER = Words(
    "交付 {units} 件不变,不良品须减少 {fewer} 件:由 {has} 件降到不超过 {most} 件。",
    "At the same {units} units delivered, {fewer} fewer nonconforming units: from {has} to at most {most}.",
)
_THIN = Words(
    "交付量小:即使零不良,也要交付 {units} 件,单侧 95 % 置信界才达到该等级。",
    "Few deliveries: even without a defect the one-sided 95 % bound takes {units} units to reach this level.",
)
_HAS = Words(
    "产品 {id}:不良品 {has} 件,占 {share}", "Product {id}: {has} nonconforming units, {share} of all"
)
_ALONE = Words("{has};仅此产品减到 {most} 件即可。", "{has}; alone enough if reduced to {most}.")
_NOT_ALONE = Words("{has};仅此产品不够。", "{has}; not enough alone.")


def fewer_units(lack: Lack) -> Shortfall:
    """Return the nonconforming units that must go, in all and where they are."""
    rows = lack.grade.evidence.document["deliveries"]
    units, has = (sum(row[key] for row in rows) for key in ("units", "nonconforming"))
    most = units * lack.step.numerator // (lack.step.denominator * MILLION)
    fewer = has - most
    said = _FEWER.fill(units=whole(units), fewer=whole(fewer), has=whole(has), most=whole(most))
    found = [(row["nonconforming"], row["product_id"]) for row in rows if row["nonconforming"]]
    parts = tuple(
        _part(count, name, fewer, has) for count, name in sorted(found, key=lambda one: (-one[0], one[1]))
    )
    thin = sentences((said, _thin(lack, units)))
    return Shortfall(lack.gap.to_level, "sigma", "units", thin, str(fewer), "nonconforming units", parts)


def _part(count: int, name: str, fewer: int, total: int) -> Part:
    said = _HAS.fill(id=label(name), has=whole(count), share=share(count, total))
    text, least = (_ALONE, count - fewer) if count >= fewer else (_NOT_ALONE, 0)
    sentence = text.fill(has=said, most=whole(least))
    return Part(name, str(count), str(least), str(count - least), sentence)


def _thin(lack: Lack, units: int) -> Words:
    bound = lack.step.numerator, lack.step.denominator * MILLION
    if not counts_miss(0, units, bound):
        return NOTHING
    low, high = units, units * 2
    while counts_miss(0, high, bound):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if counts_miss(0, middle, bound) else (low, middle)
    return _THIN.fill(units=whole(high))
