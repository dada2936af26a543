"""Numbers as a reader types them into a pocket calculator: exact where short, twelve digits where not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from qm_rules.exact import Ratio, exact_text, reduced, twelve_digits
from qm_rules.words import Words, same

LISTED = 20
"""How many terms or rows are written out; the rest stands as one sum, and how many they are."""

_SHORT_FRACTION = 40
_REDUCIBLE_BITS = 20_000
SIGNS = {">=": "≥", "<=": "≤", "<": "<"}
FAILS = {">=": "<", "<=": ">", "<": "≥"}


def whole(number: int) -> str:
    """Return a whole number in groups of three digits."""
    return f"{number:,}".replace(",", " ")


def equals(numerator: int, denominator: int) -> str:
    """Return ` = 7227/8000 = 0.903375`: the exact fraction if short, then the value, by ≈ where rounded."""
    shown = twelve_digits(numerator, denominator)
    if _is(shown, numerator, denominator):
        return f" = {shown}"
    exact = _short_fraction(numerator, denominator)
    return f" = {exact} ≈ {shown}" if exact else f" ≈ {shown}"


def factor(numerator: int, denominator: int) -> str:
    """Return a number to calculate on with: the decimal if exact, else a short fraction, else rounded."""
    shown = twelve_digits(numerator, denominator)
    exact = "" if _is(shown, numerator, denominator) else _short_fraction(numerator, denominator)
    return f"({exact})" if exact else shown


def _is(shown: str, numerator: int, denominator: int) -> bool:
    """Say whether twelve digits hold the value without rounding."""
    above, below = Decimal(shown).as_integer_ratio()
    return above * denominator == numerator * below


def _short_fraction(numerator: int, denominator: int) -> str:
    """Return the fraction in lowest terms, nothing if it is too long to read."""
    if denominator.bit_length() > _REDUCIBLE_BITS:
        return ""
    exact = exact_text(*reduced(numerator, denominator))
    return exact if len(exact) <= _SHORT_FRACTION else ""


def percent(numerator: int, denominator: int) -> str:
    """Return a rate in percent, with twelve digits."""
    return f"{twelve_digits(100 * numerator, denominator)} %"


def decimal_text(number: Decimal) -> str:
    """Return a decimal without exponent."""
    return f"{number:f}"


def added(terms: Sequence[str], rest: str, more: int) -> Words:
    """Return `a + b + c`; where there are too many, the rest as one number with how many they are."""
    text = " + ".join(terms)
    if not more:
        return same(text)
    return Words(
        f"{text} + {rest} [其余 {whole(more)} 项之和]", f"{text} + {rest} [sum of {whole(more)} more]"
    )


def sum_of(counts: Sequence[int]) -> Words:
    """Return `120 + 60 = 180`, of a single count just the count."""
    if len(counts) == 1:
        return same(whole(counts[0]))
    text = added_counts(counts)
    total = whole(sum(counts))
    return Words(f"{text.zh} = {total}", f"{text.en} = {total}")


def added_counts(counts: Sequence[int]) -> Words:
    """Return `120 + 60`, the counts beyond `LISTED` as one sum."""
    rest = counts[LISTED:]
    return added([whole(count) for count in counts[:LISTED]], whole(sum(rest)), len(rest))


def compared(value: str, exact: Callable[[], Ratio], operator: str, bound: Ratio, *, met: bool) -> str:
    """Return `value ≥ bound`, or `value < bound` where it is not met, with as many digits as show it.

    `value` has twelve digits; `exact` is asked for only where these would mislead.
    """
    left, digits = Decimal(value), 12
    right = rounded(bound, digits)
    while holds(Fraction(left), operator, Fraction(right)) is not met:
        digits *= 2
        left, right = rounded(exact(), digits), rounded(bound, digits)
    return f"{left:f} {(SIGNS if met else FAILS)[operator]} {right:f}"


def rounded(value: Ratio, digits: int) -> Decimal:
    """Return the value with so many significant digits, half even, without trailing zeros."""
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)
    return context.divide(Decimal(value[0]), Decimal(value[1])).normalize(context)


def holds(value: Fraction, operator: str, bound: Fraction) -> bool:
    """Say whether `value operator bound`."""
    if operator == ">=":
        return value >= bound
    return value <= bound if operator == "<=" else value < bound
