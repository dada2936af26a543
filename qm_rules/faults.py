"""Faults: what is wrong with an evidence, said so that the person who sent it can mend it."""

from __future__ import annotations

import json
from dataclasses import dataclass

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands, what was found there and what is allowed.

    `path` is written like `first_pass[2].submitted`; `$` is the evidence as a whole.
    """

    path: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}; allowed: {self.allowed}"

    def to_dict(self) -> dict[str, str]:
        """Return the fault as the answer to a bad line prints it."""
        return {"path": self.path, "found": self.found, "allowed": self.allowed}


class EvidenceError(ValueError):
    """An evidence was refused; `faults` holds everything that is wrong with it, never only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class PolicyError(ValueError):
    """A policy was asked for that the pack does not know, or with a value that it does not allow."""


class PackError(ValueError):
    """A file of an edition is not what it should be: names the file, the key and what is allowed."""


def shown(value: object) -> str:
    """Return what was found, short, on one line and always printable (lone surrogates escaped)."""
    if isinstance(value, dict):
        return f"an object with {len(value)} keys"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, Unreadable):
        return value.text
    if isinstance(value, str):
        return printable(json.dumps(value[:SHOWN_CHARACTERS], ensure_ascii=False) + _rest(value))
    return _scalar(value)


def printable(text: str) -> str:
    """Return the text with lone surrogates escaped, so that it can be written as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _rest(text: str) -> str:
    return f" … ({len(text)} characters)" if len(text) > SHOWN_CHARACTERS else ""


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int) and value.bit_length() > 512:
        return f"a whole number of {value.bit_length()} bits"
    text = str(value) if isinstance(value, int | float) else f"{type(value).__name__} {value!r:.60}"
    return printable(text)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a JSON number that the evidence file has no place for: a fraction, NaN, a huge integer."""

    text: str
