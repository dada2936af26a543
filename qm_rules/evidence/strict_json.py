"""Reads JSON so that nothing is lost: keys given twice, NaN, fractions and huge integers stay visible."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from qm_rules.evidence.shapes import ROOT, Repeated
from qm_rules.exact import MAX_DIGITS
from qm_rules.faults import EvidenceError, Fault, Unreadable
from qm_rules.json_types import Json, JsonObject

_SHOWN = 40


def decode_utf8(data: bytes) -> str:
    """Return the text of UTF-8 bytes without a byte order mark; raises EvidenceError if it is not UTF-8."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        found = f"the byte 0x{data[error.start]:02x} at position {error.start}, which is not UTF-8"
        raise EvidenceError((Fault(ROOT, found, "text in UTF-8"),)) from error


def strict_json(text: str) -> Json:
    """Return the value with `Repeated` and `Unreadable` where plain JSON would forget or round something.

    Raises EvidenceError with one fault if the text is not JSON at all or nested too deep to be an evidence.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        found = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise EvidenceError((Fault(ROOT, found, "one JSON object (RFC 8259)"),)) from error
    except RecursionError as error:
        raise EvidenceError(
            (Fault(ROOT, "values nested too deep", "an evidence of at most four levels"),)
        ) from error


def _pairs(pairs: list[tuple[str, Any]]) -> JsonObject:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    counts = Counter(key for key, _ in pairs)
    marked = Repeated(plain)
    marked.repeated = tuple(key for key, count in counts.items() if count > 1)
    return marked


def _integer(text: str) -> int | Unreadable:
    if len(text.lstrip("-")) > MAX_DIGITS:
        return Unreadable(f"{text[:_SHOWN]}… ({len(text)} characters)")
    return int(text)


def _number(text: str) -> Unreadable:
    return Unreadable(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_number, parse_constant=_number
)
