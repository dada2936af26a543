"""One line per enterprise for the overview: grade, next period, chance of the next level, first action."""

from __future__ import annotations

from collections.abc import Mapping

from serving.web.reading import Reading, Row
from serving.web.scales import LEVELS
from serving.web.views.selecting import Line
from serving.web.views.words import target_of


def lines(library: Reading) -> list[Line]:
    """Return every enterprise's line; put together once per state of data and outlook."""
    return library.once("lines", lambda: _lines(library))


def _lines(library: Reading) -> list[Line]:
    told, published = library.overview(), bool(library.state().outlook_id)
    found = []
    for enterprise_id, row in library.enterprises().items():
        own = told.get(enterprise_id, {})
        grade = own.get("grade")
        found.append(
            Line(
                enterprise_id=enterprise_id,
                name=row.get("name") or enterprise_id,
                grade=grade,
                forecast=binding_forecast(own.get("nearest", {}), grade),
                reach=chance_of_next(own.get("reached_by"), grade),
                action=own.get("action"),
                published=published,
            )
        )
    return found


def binding_forecast(nearest: Mapping[str, Row], grade: Row | None) -> Row | None:
    """Return the next period's forecast of the indicator that binds, else of the first-pass yield."""
    binding = grade["binding"] if grade else ()
    for target in [*(target_of(item) for item in binding), "ftq", *nearest]:
        if target and target in nearest:
            return nearest[target]
    return None


def chance_of_next(reached_by: Mapping[str, float] | None, grade: Row | None) -> float | None:
    """Return the probability of reaching the next level at least once within the horizon."""
    level = (grade["level"] or grade["at_most"]) if grade else None
    if not level or level == LEVELS[-1] or not reached_by:
        return None
    return float(reached_by[str(level + 1)])
