"""The single values of the evidence file: what a count, a month, a decimal, an amount and a text are."""

from __future__ import annotations

import re
from functools import lru_cache

from qm_rules.evidence.shapes import Scalar
from qm_rules.exact import MAX_DIGITS, is_decimal
from qm_rules.json_types import Json

WINDOW_MONTHS = 12
COUNT_LIMIT = 10**MAX_DIGITS
STATISTICS = ("deliveries", "first_pass", "internal", "external", "output_value")
INTERNAL = ("scrap", "rework", "downgrade", "downtime", "incident", "other_internal")
EXTERNAL = ("claims", "returns", "discount", "warranty", "repair_replacement", "goodwill", "other_external")
ITEMS = (
    "qms", "rd_design", "production", "quality_assurance", "supply_chain", "data", "strategy", "culture",
    "innovation",
)  # fmt: skip

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])").fullmatch


def is_text(value: Json) -> bool:
    """Say whether the value is a non-empty string that can be written as UTF-8."""
    return type(value) is str and value != "" and (value.isascii() or _has_utf8(value))


def is_count(value: Json) -> bool:
    """Say whether the value is an integer from 0 on (a boolean is not)."""
    return type(value) is int and 0 <= value < COUNT_LIMIT


def is_month(value: Json) -> bool:
    """Say whether the value is a month `YYYY-MM`."""
    return type(value) is str and _MONTH(value) is not None


def is_exact_decimal(value: Json) -> bool:
    """Say whether the value is a decimal as text, without exponent."""
    return type(value) is str and is_decimal(value) is not None


def is_money(value: Json) -> bool:
    """Say whether the value is a decimal as text that is not below zero."""
    return is_exact_decimal(value) and (value[0] != "-" or not value.strip("-0."))


def is_positive_money(value: Json) -> bool:
    """Say whether the value is a decimal as text above zero."""
    return is_money(value) and value.strip("-0.") != ""


@lru_cache(maxsize=4096)
def months_of(start: str, end: str) -> tuple[str, ...]:
    """Return the months from start to end, both included, at most one more than a window may have."""
    first = _index(start)
    last = min(_index(end), first + WINDOW_MONTHS)
    return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


TEXT = Scalar("a non-empty text that UTF-8 can write", is_text)
COUNT = Scalar(f"a whole number from 0 (no quotes, no point, at most {MAX_DIGITS} digits)", is_count)
SUBMITTED = Scalar(
    "a whole number from 1 (no quotes, no point)", lambda value: is_count(value) and value >= 1
)
FLAG = Scalar("true or false", lambda value: type(value) is bool)
MONTH = Scalar("a month YYYY-MM", is_month)
CPK = Scalar(
    'a decimal in quotes such as "1.412", without exponent; or null',
    lambda v: v is None or is_exact_decimal(v),
)
MONEY = Scalar('an amount in quotes such as "120000.00", not below 0, without exponent', is_money)
OUTPUT_VALUE = Scalar(
    'an amount in quotes such as "98000000.00", above 0, without exponent', is_positive_money
)
ITEM_LEVEL = Scalar("a whole number from 1 to 5", lambda value: type(value) is int and 1 <= value <= 5)
