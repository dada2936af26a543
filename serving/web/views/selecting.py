"""Which enterprises the overview shows, and in which order: all of it from the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from serving.web.views.words import Row

PAGE = 50
COLUMNS = ("name", "level", "binding", "forecast", "reach", "action")
SORTABLE = ("name", "level", "reach", "action")
FALLING_FIRST = frozenset({"level", "reach", "action"})


@dataclass(frozen=True)
class Query:
    """What the address asks for."""

    q: str = ""
    level: str = ""
    sort: str = "name"
    order: str = "asc"
    page: int = 1

    @property
    def active(self) -> bool:
        """Say whether some enterprises are left out."""
        return bool(self.q or self.level)

    def url(self) -> str:
        """Return the address of this view, without what is default anyway."""
        values = {name: value for name, value in vars(self).items() if value != getattr(Query, name)}
        return f"/?{urlencode(values)}" if values else "/"


@dataclass(frozen=True)
class Line:
    """One enterprise before it is put into words; `reach` is the chance of the next level."""

    enterprise_id: str
    name: str
    grade: Row | None
    forecast: Row | None
    reach: float | None
    action: Row | None
    published: bool


def line_level(line: Line) -> int | None:
    """Return the official level of a line, None if it has none."""
    return line.grade["level"] if line.grade else None


def select(lines: Sequence[Line], query: Query) -> list[Line]:
    """Return the lines that a query asks for, sorted; what is unknown comes last in either order."""
    wanted = query.q.strip().casefold()
    found = [
        line
        for line in lines
        if wanted in line.name.casefold() or wanted in line.enterprise_id.casefold()
        if not query.level or query.level == str(line_level(line) or "none")
    ]
    key = _sort_keys()[query.sort if query.sort in SORTABLE else "name"]
    known = sorted(
        (line for line in found if key(line) is not None), key=lambda line: (key(line), line.enterprise_id)
    )
    unknown = [line for line in found if key(line) is None]
    return (known[::-1] if query.order == "desc" else known) + unknown


def _sort_keys() -> dict[str, Callable[[Line], Any]]:
    return {
        "name": lambda line: (line.name, line.enterprise_id),
        "level": line_level,
        "reach": lambda line: line.reach,
        "action": lambda line: (line.action or {}).get("benefit"),
    }
