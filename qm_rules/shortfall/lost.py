"""内外部质量损失率: the money of loss that must go, at the same output value.

The bounds are strict (小于): the costs must fall under bound × output value, so what must go is the smallest
whole number of cents that passes it. Where the window or its data are shorter than a year the amount is
one of those months, and says so.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from qm_rules.evidence.values import EXTERNAL, INTERNAL
from qm_rules.exact import total
from qm_rules.shortfall.figures import Lack, money, percent, plain, rounded, share
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.trace.judging import FAMILIES
from qm_rules.trace.phrases import CATEGORIES
from qm_rules.words import NOTHING, Words, sentences

CENT = Decimal("0.01")

_LESS = Words(
    "总产值不变,{period}损失须减少 {less} 元:由 {has} 元降到 {bound} 元以下。",
    "At the same output value, {less} CNY less loss {period}: from {has} to below {bound} CNY.",
)
_BIGGEST = Words("最大的是{name}({amount} 元)。", "The biggest is {name} ({amount} CNY).")
_YEAR = Words("全年", "a year")
_PART_OF_YEAR = Words("本窗口({n} 个月有数据)内", "in this window ({n} months with data)")
_PART = Words("{name}:{amount} 元,占 {share}。", "{name}: {amount} CNY, {share} of all.")
_TRACK = Words("先统计该项损失:{level_1}(“{quote}”)。", "Start to track these losses: {level_1} (“{quote}”).")
_LEVEL_1 = Words("未做统计即为{level}", "not tracking them is {level}")
_ANY = Words("一经统计,不论多少,即达到{level}。", "Once they are tracked, any rate reaches {level}.")
_BELOW = Words("损失率须 < {rate}。", "The rate must be < {rate}.")
_AT_LEAST = Words(
    "按 level2_loss = literal,{level}只容许损失率 ≥ {rate};更低的损失率支持更高等级。",
    "By level2_loss = literal {level} allows only a rate ≥ {rate}; a lower one supports the higher levels.",
)
_ALLOWED = Words(
    "按现有总产值,{period}损失须低于 {bound} 元。",
    "At the output value as it is, below {bound} CNY {period}.",
)
_HOLE = Words(
    "损失率已低于{level}所印的下限(“{quote}”)。按 level2_loss = literal 的字面读法,"
    "{level}不容许这么低的损失率,此项没有什么可改进;只有其余各项都达到更高等级,才能越过{level}。",
    "The rate is already below the bound printed for {level} (“{quote}”). Taken literally "
    "(level2_loss = literal) {level} does not allow so low a rate: there is nothing to improve here, "
    "and the way leads past {level}, once all else reaches a higher level.",
)


def less_loss(lack: Lack) -> Shortfall:
    """Return the money that must go; what to track, or why nothing can be done, where it is not money."""
    found = lack.grade.indicators[lack.gap.indicator]
    if found.status == "not_tracked":
        return _shortfall(lack, "track", _tracking(lack), None, ())
    if lack.step.operator != "<":
        hole = _HOLE.fill(level=lack.grade.book.pack.level_words(lack.gap.to_level), quote=lack.quote)
        return _shortfall(lack, "money", hole, None, ())
    amounts = lack.grade.evidence.document["losses"][FAMILIES[lack.gap.indicator]]["amounts"]
    has, bound = total(amounts.values()), _bound(lack)
    less = min(_next_cent(Fraction(has) - bound), has)
    parts = _parts(amounts, less)
    said = _LESS.fill(period=_period(lack), less=money(less), has=money(has), bound=_exact(bound))
    biggest = _BIGGEST.fill(name=CATEGORIES[parts[0].id], amount=money(Decimal(parts[0].has)))
    return _shortfall(lack, "money", sentences((said, biggest)), less, parts)


def _shortfall(
    lack: Lack, kind: str, said: Words, less: Decimal | None, parts: tuple[Part, ...]
) -> Shortfall:
    amount, unit = (None, None) if less is None else (f"{less:f}", "CNY")
    return Shortfall(lack.gap.to_level, lack.gap.indicator, kind, said, amount, unit, parts)


def _bound(lack: Lack) -> Fraction:
    return lack.bound * Fraction(lack.grade.evidence.document["output_value"])


def _next_cent(amount: Fraction) -> Decimal:
    """Return the least whole number of cents that is more than the amount."""
    return Decimal(amount * 100 // 1 + 1).scaleb(-2)


def _parts(amounts: dict[str, str], less: Decimal) -> tuple[Part, ...]:
    order = {name: at for at, name in enumerate((*INTERNAL, *EXTERNAL))}
    costs = sorted(amounts.items(), key=lambda one: (-Decimal(one[1]), order[one[0]]))
    everything = Fraction(total(amounts.values()))
    return tuple(_part(name, Decimal(text), everything, less) for name, text in costs if Decimal(text))


def _part(name: str, amount: Decimal, everything: Fraction, less: Decimal) -> Part:
    said = _PART.fill(name=CATEGORIES[name], amount=money(amount), share=share(amount, everything))
    change = min(Fraction(amount), Fraction(less))
    return Part(name, f"{amount:f}", plain(Fraction(amount) - change), plain(change), said)


def _period(lack: Lack) -> Words:
    months = lack.months(FAMILIES[lack.gap.indicator], "output_value")
    whole_year = months >= lack.grade.book.window_months
    return _YEAR if whole_year else _PART_OF_YEAR.fill(n=months)


def _exact(bound: Fraction) -> str:
    """Return the bound in full where it is not endlessly long, else with twelve decimals, rounded down."""
    return money(rounded(bound, 12, up=False)) if len(plain(bound)) > 30 else money(Decimal(plain(bound)))


def _tracking(lack: Lack) -> Words:
    pack = lack.grade.book.pack
    level_1 = pack.indicators[lack.gap.indicator].level_1
    head = _TRACK.fill(level_1=_LEVEL_1.fill(level=pack.level_words(1)), quote=pack.said(level_1["quote"]))
    return sentences((head, _afterwards(lack)))


def _afterwards(lack: Lack) -> Words:
    """Return what the rate must be, once it is known."""
    level = lack.grade.book.pack.level_words(lack.gap.to_level)
    rate = percent(lack.bound)
    if lack.step.operator == ">=":
        return _AT_LEAST.fill(level=level, rate=rate) if lack.bound else _ANY.fill(level=level)
    allowed: Words = NOTHING
    if "output_value" in lack.grade.evidence.document:
        allowed = _ALLOWED.fill(period=_period(lack), bound=_exact(_bound(lack)))
    return sentences((_BELOW.fill(rate=rate), allowed))
