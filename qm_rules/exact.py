"""Exact numbers: decimals as text in, whole numbers in between, one rounding on the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, Inexact
from functools import reduce
from math import gcd

MAX_DIGITS = 100
"""Digits that a count may have, or a decimal on either side of its point: our guard, not the document's."""

DECIMAL_PATTERN = r"-?[0-9]{1,100}(?:\.[0-9]{1,100})?"
is_decimal = re.compile(DECIMAL_PATTERN).fullmatch

_EXACT = Context(prec=4096, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])
_TWELVE = Context(prec=12, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
_SHORT = 10**300

Ratio = tuple[int, int]
"""Numerator and denominator (> 0), not necessarily reduced."""


def total(amounts: Iterable[str]) -> Decimal:
    """Return the exact sum of decimal texts (at most `MAX_DIGITS` on each side of the point)."""
    return reduce(_EXACT.add, map(Decimal, amounts))


def twelve_digits(numerator: int, denominator: int) -> str:
    """Return the ratio with 12 significant digits, half even, no exponent, no trailing zeros."""
    quotient = _TWELVE.divide(Decimal(numerator), Decimal(denominator)).normalize(_TWELVE)
    text = str(quotient)
    return text if "E" not in text else format(quotient, "f")


def exact_text(numerator: int, denominator: int) -> str:
    """Return "numerator/denominator", however long (`str` of an integer stops at 4 300 digits)."""
    if numerator < _SHORT and denominator < _SHORT:
        return f"{numerator}/{denominator}"
    return f"{Decimal(numerator):f}/{Decimal(denominator):f}"


def add_ratios(ratios: Sequence[Ratio]) -> Ratio:
    """Return the sum of the ratios, added pairwise in a balanced tree so that many long ones stay fast."""
    terms = list(ratios)
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        last = [terms[-1]] if len(terms) % 2 else []
        terms = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs] + last
    return terms[0] if terms else (0, 1)


def reduced(numerator: int, denominator: int) -> Ratio:
    """Return the ratio in lowest terms."""
    divisor = gcd(numerator, denominator)
    return numerator // divisor, denominator // divisor
