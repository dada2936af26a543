"""The enterprises of a chain as they were published: official answer, chances, what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.outlook import Outlook

Row = Mapping[str, Any]
YEAR = 12
GRADES = "grades"


@dataclass(frozen=True)
class Member:
    """One enterprise: `grade` is its official answer (`Grade.to_dict()`, empty where there is none), `moves`
    the published recommendations, best first, `falls` the probability that the official window a year ahead
    stands below today's level (None: not forecast).
    """

    enterprise_id: str
    grade: Row = field(default_factory=dict)
    moves: Sequence[Row] = ()
    falls: float | None = None

    @property
    def level(self) -> int | None:
        """Official level; None where something needed was not supplied."""
        return self.grade.get("level")

    @property
    def performance(self) -> int | None:
        """Level of the performance dimension alone."""
        found: int | None = self.grade.get("dimensions", {}).get("performance")
        return found

    @property
    def period(self) -> str:
        """Last month of the official window."""
        return str(self.grade.get("window", {}).get("end", ""))


def members_of(outlook: Outlook, enterprise_ids: Sequence[str]) -> dict[str, Member]:
    """Read some enterprises from an outlook; nothing is computed anew."""
    return {name: _member(outlook, name) for name in enterprise_ids}


def _member(outlook: Outlook, name: str) -> Member:
    answers = outlook.shelf(GRADES).rows(name)
    grade = answers[0]["grade"] if answers else {}
    moves = [row for row in outlook.recommendations(name) if row["rank"] is not None]
    return Member(name, grade, sorted(moves, key=lambda row: int(row["rank"])), _falls(outlook, name, grade))


def _falls(outlook: Outlook, name: str, grade: Row) -> float | None:
    level = grade.get("level")
    rows = [r for r in outlook.attainment(name) if r["basis"] == "window" and r["horizon"] == YEAR]
    if level is None or not rows:
        return None
    return float(sum(share for at, share in rows[0]["probabilities"].items() if int(at) < level))
