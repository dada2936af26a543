"""One language of a report: picks the words, sets Chinese as it is set in print, says numbers and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from qm_rules import Pack
from qm_rules.words import Words, listed

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
HAN = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…\U00020000-\U0003ffff"
_MARK = re.compile(rf"(?<=[{HAN}])[,;:!?] ?|[,;:!?](?=[{HAN}])")
_BRACKETS = re.compile(r"(.?)\(([^()]*)\)(?=(.?))", re.DOTALL)
_HELD = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|%)")
"""The space between groups of three digits and before per cent, where no line may break."""
_IS_HAN = re.compile(f"[{HAN}]")
NONE = "—"
WIDE = Context(prec=400)
"""Room for every amount that an evidence may hold: none loses a digit on paper."""


@dataclass(frozen=True)
class Speech:
    """Speaks `zh` or `en`. `keep` are the plant's own ids: never set otherwise than they are written."""

    language: str
    pack: Pack
    keep: tuple[str, ...] = ()

    def __call__(self, words: Words) -> str:
        """Return the words in this language."""
        text = words.en if self.language == "en" else chinese(words.zh, self.keep)
        return _HELD.sub("\N{NO-BREAK SPACE}", text)

    def fill(self, words: Words, **values: str | int) -> str:
        """Return the words with their blanks filled; what is filled in is left as it is."""
        text = words.en if self.language == "en" else chinese(words.zh)
        return _HELD.sub("\N{NO-BREAK SPACE}", text.format(**values))

    def name(self, identifier: str) -> str:
        """Return the official name of an indicator, item or dimension."""
        return self(self.pack.words(identifier))

    def names(self, identifiers: tuple[str, ...] | list[str]) -> str:
        """Return several official names as a list."""
        return self(listed(self.pack.words(one) for one in identifiers))

    def level(self, level: int | None) -> str:
        """Return a level by name and number, a dash for none."""
        if level is None:
            return NONE
        name = self(self.pack.level_words(level))
        return f"{name}\N{NO-BREAK SPACE}({level})" if self.language == "en" else f"{name}（{level}）"

    def month(self, label: str) -> str:
        """Return a month `2025-03` as people say it."""
        year, month = label.split("-")
        return f"{MONTHS[int(month) - 1]} {year}" if self.language == "en" else f"{year}年{int(month)}月"

    def span(self, start: str, end: str) -> str:
        """Return two months as a span."""
        return f"{self.month(start)}{' to ' if self.language == 'en' else '至'}{self.month(end)}"

    def day(self, day: date | None) -> str:
        """Return a day as people say it, a dash for none."""
        if day is None:
            return NONE
        if self.language == "en":
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def number(self, value: Decimal | int, digits: int = 0) -> str:
        """Return a number with its thousands apart."""
        return f"{_rounded(Decimal(value), digits):,f}"

    def percent(self, fraction: Decimal, digits: int = 2) -> str:
        """Return a fraction as per cent."""
        return f"{_rounded(fraction * 100, digits):,f}\N{NO-BREAK SPACE}%"

    def money(self, amount: Decimal) -> str:
        """Return CNY to the cent where there are cents."""
        text = self.number(amount, 0 if amount == amount.to_integral_value(context=WIDE) else 2)
        return f"CNY {text}" if self.language == "en" else f"{text} 元"

    def short_money(self, amount: Decimal) -> str:
        """Return CNY in the unit in which people speak: 万元, thousand CNY."""
        if self.language == "en":
            return f"CNY {self.number(WIDE.divide(amount, Decimal(1000)), 1)} k"
        return f"{self.number(WIDE.divide(amount, Decimal(10000)), 2)} 万元"


def chinese(text: str, keep: tuple[str, ...] = ()) -> str:
    """Return Chinese text with full-width punctuation where a Chinese character stands beside it.

    The rules write half-width marks; in print 逗号, 冒号 and 括号 are full-width (GB/T 15834). `keep` is
    left untouched.
    """
    held = [one for one in keep if re.search(r"[,;:!?()]", one)]
    if not held:
        return _set(text)
    pieces = re.split(f"({'|'.join(re.escape(one) for one in sorted(held, key=len, reverse=True))})", text)
    return "".join(piece if index % 2 else _set(piece) for index, piece in enumerate(pieces))


def _set(text: str) -> str:
    if not _IS_HAN.search(text):
        return text
    marked = _MARK.sub(lambda found: FULL[found.group().strip()], re.sub("; ?", "；", text))
    return _BRACKETS.sub(_bracket, marked)


def _bracket(found: re.Match[str]) -> str:
    before, inside, after = found.groups()
    beside = before + inside[:1] + inside[-1:] + after
    return f"{before}（{inside}）" if _IS_HAN.search(beside) else found.group()


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN, context=WIDE)


def safely_rounded(value: Decimal, bounds: tuple[Decimal, ...], digits: int = 2, most: int = 12) -> Decimal:
    """Return the value rounded to the fewest digits that leave it on its side of every bound.

    0.9499999 is never shown as 0.95 where 0.95 is a threshold.
    """
    for places in range(digits, most):
        rounded = _rounded(value, places)
        if all(_side(rounded, bound) == _side(value, bound) for bound in bounds):
            return rounded
    return value


def _side(value: Decimal, bound: Decimal) -> int:
    return (value > bound) - (value < bound)
