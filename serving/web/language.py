"""Chinese and English: sentences from `messages/<language>/<room>.yaml`, numbers and dates by habit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path

import yaml

CODES = ("zh", "en")
MESSAGES = Path(__file__).with_name("messages")
RATES = frozenset({"ftq", "internal_loss", "external_loss"})
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HARD_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

Number = float | int | Decimal


@dataclass(frozen=True)
class Language:
    """One language of the product; `language("key", name=value)` is a sentence of its catalogue."""

    code: str
    messages: Mapping[str, str]

    @property
    def tag(self) -> str:
        """BCP 47 tag for `<html lang>`."""
        return "zh-CN" if self.code == "zh" else "en"

    @property
    def other(self) -> str:
        """Code of the language that the switch offers."""
        return "en" if self.code == "zh" else "zh"

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence `key` with its blanks filled; KeyError names a key that is missing."""
        if key not in self.messages:
            raise KeyError(f"no message {key!r} in serving/web/messages/{self.code}/")
        return self.messages[key].format(**values)

    def has(self, key: str) -> bool:
        """Say whether the catalogue holds `key`."""
        return key in self.messages

    def either(self, key: str, fallback: str) -> str:
        """Return the sentence `key`, or `fallback` for a word that the catalogue does not know."""
        return self(key) if self.has(key) else fallback

    def number(self, value: Number, digits: int = 0) -> str:
        """Return a number with thousands separated and a real minus sign."""
        quantum = Decimal(1).scaleb(-digits)
        rounded = exact(value).quantize(quantum, rounding=ROUND_HALF_EVEN)
        text = f"{abs(rounded):,f}"
        return f"{MINUS}{text}" if rounded < 0 else text

    def percent(self, fraction: Number, digits: int = 2) -> str:
        """Return a fraction as per cent."""
        space = "" if self.code == "zh" else HARD_SPACE
        return f"{self.number(exact(fraction) * 100, digits)}{space}%"

    def chance(self, probability: float) -> str:
        """Return a probability without false certainty: below 1 % and above 99 % only bounds are said."""
        if probability < 0.01:
            return f"<{self.percent(0.01, 0)}"
        return f">{self.percent(0.99, 0)}" if probability > 0.99 else self.percent(probability, 0)

    def money(self, amount: Number) -> str:
        """Return CNY with three significant digits: 元, 万元, 亿元, or CNY, thousand, million, billion."""
        value = exact(amount)
        steps = (
            ((8, "money.large"), (4, "money.middle"))
            if self.code == "zh"
            else ((9, "money.huge"), (6, "money.large"), (3, "money.middle"))
        )
        for power, key in steps:
            if abs(value) >= Decimal(10) ** power:
                return self(key, amount=self.short(value.scaleb(-power)))
        return self("money.plain", amount=self.number(value))

    def short(self, value: Number) -> str:
        """Return three significant digits, in plain notation."""
        number = exact(value)
        if number == 0:
            return "0"
        return self.number(number, max(0, 2 - number.adjusted()))

    def target(self, target: str, value: Number, digits: int = 2) -> str:
        """Return a value of a forecast target in its own unit: per cent, ppm, or a bare Cpk."""
        if target in RATES:
            return self.percent(value, digits)
        if target in {"ppm", "sigma"}:
            whole = abs(exact(value)) >= 100
            return f"{self.number(value, 0) if whole else self.short(value)} ppm"
        return self.number(value, digits)

    def signed(self, target: str, value: Number, digits: int = 2) -> str:
        """Return a difference of a target with its sign; rates in percentage points."""
        sign = "+" if exact(value) > 0 else ""
        if target in RATES:
            return sign + self("unit.points", value=self.number(exact(value) * 100, digits))
        return sign + self.target(target, value, digits)

    def span(self, target: str, low: Number, high: Number, digits: int = 2) -> str:
        """Return an interval of a target with its unit once."""
        return _once(self.target(target, low, digits), self.target(target, high, digits))

    def signed_span(self, target: str, low: Number, high: Number, digits: int = 2) -> str:
        """Return an interval of differences with its unit once."""
        return _once(self.signed(target, low, digits), self.signed(target, high, digits), self("unit.to"))

    def period(self, label: str, *, short: bool = False) -> str:
        """Return `2025-03`, `2025-W07` or `2025-03-09` as a reader says it."""
        parts = re.split("-", label)
        if parts[1].startswith("W"):
            key, values = "period.week", {"year": parts[0], "week": str(int(parts[1][1:]))}
        else:
            key = "period.day" if len(parts) == 3 else "period.month"
            values = {"year": parts[0], "month": str(int(parts[1])), "name": MONTHS[int(parts[1]) - 1]}
            values |= {"day": str(int(parts[2]))} if len(parts) == 3 else {}
        return self(f"{key}.short" if short else key, **values)

    def listing(self, items: list[str]) -> str:
        """Return several words as one list."""
        return ("、" if self.code == "zh" else ", ").join(items)


@cache
def language(code: str) -> Language:
    """Return a language of the product; KeyError for any other code."""
    if code not in CODES:
        raise KeyError(f"no language {code!r}; there are {', '.join(CODES)}")
    messages: dict[str, str] = {}
    for file in sorted((MESSAGES / code).glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}  # noqa: S506
        if twice := messages.keys() & loaded.keys():
            raise KeyError(f"{file}: said elsewhere already: {', '.join(sorted(twice))}")
        messages |= {key: value.replace(" %", f"{HARD_SPACE}%") for key, value in loaded.items()}
    return Language(code, messages)


def preferred(accept_language: str) -> str:
    """Return the first of our languages in an Accept-Language header, Chinese if none is named."""
    for part in accept_language.lower().split(","):
        code = part.strip().partition(";")[0].partition("-")[0]
        if code in CODES:
            return code
    return "zh"


def _once(low: str, high: str, dash: str = "–") -> str:
    """Join two values and drop the first one's unit if the second has the same."""
    unit = re.search(r"[^\d.,]*$", high)
    shared = unit.group() if unit else ""
    return f"{low.removesuffix(shared) if shared else low}{dash}{high}"


def exact(value: Number) -> Decimal:
    """Return a number as the decimal that people would write, never its binary expansion."""
    return value if isinstance(value, Decimal) else Decimal(str(value))
