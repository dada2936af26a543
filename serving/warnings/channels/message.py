"""A message as every channel gets it: an id that survives retries, words for people, facts for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class UndeliveredError(Exception):
    """It did not go out; `for_good` says that trying again will not help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        """Carry the reason, in words that a person can act on."""
        super().__init__(reason)
        self.for_good = for_good


@dataclass(frozen=True)
class Message:
    """What is sent: `subject` and `text` in the reader's language, `warnings` as plain facts."""

    id: str
    subject: str
    text: str
    html: str
    language: str
    warnings: tuple[dict[str, Any], ...]
