"""Estimates as people read them: three significant digits, the unit once, never more certain than they are.

Official figures are exact and are written by `serving.reports.speech`; what stands here comes from a model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from qm_rules.words import Words
from serving.reports.speech import NONE, Speech

MINUS, HARD_SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
RATES = frozenset({"ftq", "internal_loss", "external_loss"})
POINTS = Words("{value} 个百分点", "{value} pp")
BETWEEN = Words("{low} 至 {high}", "{low} to {high}")
WITH_INTERVAL = Words("{estimate}（90 % 区间 {span}）", "{estimate} (90 % interval {span})")
NO_INTERVAL = Words("{estimate}（未公布区间）", "{estimate} (no interval published)")
A_YEAR, CHANGE_DIGITS, MOST_PLACES = 12, 2, 6
MONTHS = Words("{value} 个月", "{value} months")
UNDER_MONTH = Words("不到 1 个月", "under 1 month")
OVER_YEAR = Words("1 年内收不回", "not within a year")
AT_ONCE = Words("无费用", "no cost")
MONEY = {
    "zh": ((8, "{amount} 亿元"), (4, "{amount} 万元"), (0, "{amount} 元")),
    "en": (
        (9, "CNY {amount} billion"),
        (6, "CNY {amount} million"),
        (3, "CNY {amount} k"),
        (0, "CNY {amount}"),
    ),
}
"""Powers of ten with the words for them, in the steps in which each language counts."""


def known(value: object) -> float | None:
    """Return a published number, None for what is none: nothing, a text, NaN, an infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def short(value: float, digits: int = 3) -> str:
    """Return so many significant digits in plain notation, with a real minus sign."""
    exact = Decimal(str(value))
    if exact == 0:
        return "0"
    places = digits - 1 - exact.adjusted()
    return _plain(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN), max(0, places))


def money(amount: float | None, say: Speech) -> str:
    """Return CNY in the unit in which people speak, a dash for an amount that nobody knows."""
    if amount is None:
        return NONE
    power, words = _money_unit(abs(amount), say)
    return words.format(amount=short(amount / 10**power)).replace(" ", HARD_SPACE)


def money_span(low: float | None, high: float | None, say: Speech) -> str:
    """Return two amounts with the unit of the larger once, a dash where either is not known."""
    if low is None or high is None:
        return NONE
    power, words = _money_unit(max(abs(low), abs(high)), say)
    ends = (short(end / 10**power) for end in (low, high))
    return words.format(amount=_joined(ends, say)).replace(" ", HARD_SPACE)


def money_estimate(estimate: float | None, low: float | None, high: float | None, say: Speech) -> str:
    """Return an amount with its 90 % interval, or saying that there is none."""
    if estimate is None:
        return NONE
    return _with_interval(money(estimate, say), money_span(low, high, say), say)


def change(target: str, value: float, say: Speech) -> str:
    """Return a difference of an indicator with its sign; of a rate in percentage points."""
    number, unit = _in_unit(target, value)
    signed = _signed(number)
    return say.fill(unit, value=signed) if unit else signed


def change_span(target: str, low: float | None, high: float | None, say: Speech) -> str:
    """Return an interval of differences with its unit once."""
    if low is None or high is None:
        return NONE
    ends = [_in_unit(target, end) for end in (low, high)]
    signed = (_signed(number) for number, _ in ends)
    joined, unit = _joined(signed, say), ends[0][1]
    return say.fill(unit, value=joined) if unit else joined


def change_estimate(target: str, estimate: float, low: float | None, high: float | None, say: Speech) -> str:
    """Return a difference with its 90 % interval."""
    return _with_interval(change(target, estimate, say), change_span(target, low, high, say), say)


def level_of(target: str, value: float) -> str:
    """Return a value of a target in its unit: per cent, ppm, or a bare Cpk."""
    if target in RATES:
        return f"{_plain(Decimal(str(value)) * 100, 2)}{HARD_SPACE}%"
    return f"{short(value)}{HARD_SPACE}ppm" if target == "ppm" else _plain(Decimal(str(value)), 2)


def chance(probability: float) -> str:
    """Return a probability without false certainty: beyond 1 % and 99 % only bounds are said."""
    if probability < 0.01:
        return f"<{HARD_SPACE}1{HARD_SPACE}%"
    if probability > 0.99:
        return f">{HARD_SPACE}99{HARD_SPACE}%"
    return f"{_plain(Decimal(str(probability)) * 100, 0)}{HARD_SPACE}%"


def payback(months: float | None, say: Speech) -> str:
    """Return after how many months the benefit has paid the cost; None is a dash, an infinity never."""
    if months is None:
        return NONE
    if months <= 0:
        return say(AT_ONCE)
    if months > A_YEAR:
        return say(OVER_YEAR)
    return say(UNDER_MONTH) if months < 1 else say.fill(MONTHS, value=_plain(Decimal(str(months)), 1))


def places(values: Sequence[float | None], unit: str) -> list[str]:
    """Return places of a lever in its own unit, with as many digits as tell them apart."""
    ends = [Decimal(str(value)) for value in values if value is not None]
    apart = max(ends, default=Decimal(0)) - min(ends, default=Decimal(0))
    digits = [CHANGE_DIGITS - 1 - apart.adjusted()] if apart else []
    digits += [2 - end.adjusted() for end in ends if end]
    shown = min(max(0, max(digits[:1], default=0), min(digits[1:] or digits, default=0)), MOST_PLACES)
    told = (NONE if value is None else _plain(Decimal(str(value)), shown) for value in values)
    return [f"{text}{HARD_SPACE}{unit}".strip() if text != NONE else NONE for text in told]


def _signed(number: float) -> str:
    text = short(number, CHANGE_DIGITS)
    return f"+{text}" if number > 0 else text


def _with_interval(estimate: str, span: str, say: Speech) -> str:
    if span == NONE:
        return say.fill(NO_INTERVAL, estimate=estimate)
    return say.fill(WITH_INTERVAL, estimate=estimate, span=span)


def _joined(ends: Iterable[str], say: Speech) -> str:
    low, high = ends
    return say.fill(BETWEEN, low=low, high=high)


def _money_unit(amount: float, say: Speech) -> tuple[int, str]:
    steps = MONEY[say.language]
    return next((step for step in steps if amount >= 10 ** step[0]), steps[-1])


def _in_unit(target: str, value: float) -> tuple[float, Words | None]:
    if target in RATES:
        return value * 100, POINTS
    return value, Words("{value} ppm", "{value} ppm") if target == "ppm" else None


def _plain(value: Decimal, digits: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    text = f"{abs(rounded):,f}"
    return f"{MINUS}{text}" if rounded < 0 else text
