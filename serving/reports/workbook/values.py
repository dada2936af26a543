"""What a cell may hold, and what becomes of texts and numbers that a spreadsheet cannot hold."""

from __future__ import annotations

import hashlib
import re

Value = str | int | float | bool | None

LONGEST = 1000
"""Characters of a text that a cell is given."""

DIGITS = 15
"""Significant digits that every spreadsheet keeps (IEEE 754 double; Excel cuts what is typed there)."""

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def safe_text(text: str) -> str:
    """Return a text that the file format can hold: no control characters, not too long, never markup.

    What cannot stand as it is ends in its hash, so that two different ids never become one.
    """
    looks_like_markup = text.startswith("<r>") and text.endswith("</r>")
    if len(text) <= LONGEST and not looks_like_markup and not _UNFIT.search(text):
        return text
    return f"{_UNFIT.sub('�', text[:LONGEST])}…{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def cell_number(text: str | int | None) -> float | None:
    """Return the exact number of the evidence as a spreadsheet holds it: the nearest double."""
    return None if text is None else float(text)


def is_kept(exact: str | int | None) -> bool:
    """Say whether a spreadsheet keeps the number as it is: at most 15 significant digits."""
    if exact is None:
        return True
    whole, _, part = str(exact).lstrip("-").partition(".")
    digits = f"{whole}{part.rstrip('0')}" if part.strip("0") else whole.rstrip("0")
    return len(digits.lstrip("0")) <= DIGITS
