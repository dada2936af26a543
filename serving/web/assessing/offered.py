"""What the pages of self-assessments offer to whoever asks: a form to fill in, to declare, to review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from features.records.schema import ITEMS
from serving.access import Person, Role
from serving.web.assessing.deeds import belongs, today
from serving.web.assessing.filled import as_typed
from serving.web.reading import Row

if TYPE_CHECKING:
    from features.self_assessment import Assessment

MOST_NAMED: Final = 300
"""Enterprises in a list to choose from; with more, the id is typed in."""
Filled = Mapping[str, Mapping[str, str]]
EMPTY: Final = {"level": "", "why": "", "evidence": ""}


def begin_view(enterprises: Mapping[str, Row], person: Person, chosen: str | None) -> dict[str, Any] | None:
    """Return the form that begins a draft; None for whoever may not."""
    if not person.has(Role.ENGINEER):
        return None
    mine = [row for row in enterprises.values() if person.sees_details(row)]
    named = [
        (row["enterprise_id"], row.get("name") or row["enterprise_id"]) for row in mine[: MOST_NAMED + 1]
    ]
    return {
        "named": named if len(named) <= MOST_NAMED else [],
        "chosen": chosen or "",
        "month": _last_month(today()),
    }


def writing_view(
    assessment: Assessment, person: Person, filled: Filled | None, reviewed: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return which forms are offered, and what stands in them."""
    from features.self_assessment import State

    draft, declared = assessment.state is State.DRAFT, assessment.state is State.DECLARED
    mayreview = person.has(Role.ASSESSOR) and not belongs(person, assessment.enterprise_id)
    shown = dict.fromkeys(ITEMS, EMPTY) | as_typed(assessment.answers) | dict(filled or {})
    levels, given = assessment.levels, reviewed or {}
    return {
        "writing": draft and person.has(Role.ENGINEER),
        "reviewing": declared and mayreview,
        "fields": shown,
        "lacking": [item for item in ITEMS if item not in assessment.answers],
        "today": today().isoformat(),
        "organisation": given.get("organisation", ""),
        "findings": [
            {
                "item": item,
                "declared": levels.get(item),
                "found": given.get(f"found.{item}") or str(levels.get(item) or ""),
                "reason": given.get(f"reason.{item}", ""),
            }
            for item in ITEMS
        ],
    }


def _last_month(day: date) -> str:
    """Return the last month that is over, `YYYY-MM`."""
    return (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
