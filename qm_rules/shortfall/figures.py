"""How shortfalls write numbers and what all of them ask of a grade."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from qm_rules.evidence.values import months_of
from qm_rules.exact import MAX_DIGITS
from qm_rules.grading import Gap, Grade
from qm_rules.ladder import Step
from qm_rules.words import Words

_WIDE = Context(prec=8 * MAX_DIGITS)


class Lack(NamedTuple):
    """One gap of a grade, with everything that is needed to put it into units."""

    grade: Grade
    gap: Gap

    @property
    def step(self) -> Step:
        """The bound that is missed, as the grade's policy reads it."""
        return self.grade.book.ladders[self.gap.indicator].asked[self.gap.to_level]

    @property
    def bound(self) -> Fraction:
        """The bound as an exact number: a ppm, a Cpk, a fraction."""
        return Fraction(self.step.numerator, self.step.denominator)

    @property
    def quote(self) -> Words:
        """What the document says of the bound."""
        return self._said("quote")

    @property
    def clause(self) -> Words:
        """Where the document says it."""
        return self._said("clause")

    def months(self, *statistics: str) -> int:
        """Return how many months of the window all these statistics cover."""
        document = self.grade.evidence.document
        window, missing = document["window"], document.get("missing_months", {})
        lacking = {month for name in statistics for month in missing.get(name, ())}
        return len(set(months_of(window["start"], window["end"])) - lacking)

    def _said(self, what: str) -> Words:
        pack, level = self.grade.book.pack, self.gap.to_level
        bounds = pack.indicators[self.gap.indicator].bounds
        return pack.said(next(getattr(bound, what) for bound in bounds if bound.level == level))


def rounded(value: Fraction, places: int, *, up: bool) -> Decimal:
    """Return the value with so many decimals, rounded to the side on which it is still enough."""
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    return exact.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_WIDE)


def plain(value: Decimal | Fraction) -> str:
    """Return an exact decimal without exponent and without trailing zeros after the point."""
    if isinstance(value, Fraction):
        value = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """Return an amount in groups of three digits, with two decimals or as many as it has."""
    places = -int(value.as_tuple().exponent)
    shown = value if places >= 2 else value.quantize(Decimal("0.01"), context=_WIDE)
    return f"{shown:,f}".replace(",", " ")


def percent(value: Fraction, places: int = 2, *, up: bool = True) -> str:
    """Return a fraction as per cent, rounded to the side on which it is still enough."""
    return f"{plain(rounded(value * 100, places, up=up))} %"


def share(part: int | Decimal | Fraction, whole: int | Decimal | Fraction) -> str:
    """Return a part as per cent of the whole, with one decimal, half even: for reading, not for acting."""
    value = Fraction(part) / Fraction(whole) * 100
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return f"{exact.quantize(Decimal('0.1'), rounding=ROUND_HALF_EVEN, context=_WIDE):f} %"
