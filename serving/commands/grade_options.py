"""What `zhuoyue grade` was asked for: which edition, which reading, which form of answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qm_rules import Pack, Policy


class Language(StrEnum):
    """In which language a table speaks; `both` is Chinese first, English second."""

    zh = "zh"
    en = "en"
    both = "both"


@dataclass(frozen=True, slots=True)
class Options:
    """The options that evidence files and the store have in common."""

    policy: list[str] = field(default_factory=list)
    compare: bool = False
    trace: bool = False
    edition: str | None = None
    in_force_on: str | None = None
    language: Language | None = None
    fmt: str | None = None

    def pack(self) -> Pack:
        """Return the edition by id or by date, by default the newest; raises PackError."""
        from qm_rules import PackError, edition_in_force, load_pack

        if self.in_force_on is None:
            return load_pack(self.edition)
        if self.edition is not None:
            found = f"found {self.in_force_on!r} beside --edition {self.edition!r}"
            raise PackError(f"--in-force-on: {found}; allowed: one of the two")
        return load_pack(edition_in_force(_day(self.in_force_on)))

    def chosen(self) -> Policy:
        """Return the reading that was asked for; raises PolicyError where it cannot be read."""
        from qm_rules import Policy

        return Policy.parse(self.policy)

    def languages(self) -> tuple[str, ...]:
        """Return the languages of a table, Chinese first; a trace speaks both unless told otherwise."""
        asked = self.language or (Language.both if self.trace else Language.zh)
        return ("zh", "en") if asked is Language.both else (asked.value,)

    def is_table(self, *, by_default: bool) -> bool:
        """Say whether people are to read the answer; `by_default` where no form was named, on a terminal."""
        return self.fmt == "table" or (self.fmt is None and by_default and sys.stdout.isatty())


def _day(text: str) -> date:
    from qm_rules import PackError

    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise PackError(f"--in-force-on: found {text!r}; allowed: a day YYYY-MM-DD")
    return day
