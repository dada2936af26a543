"""One line per enterprise for the overview: grade, next period, chance of the next level, first action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serving.web.reading import Kind, Reading, Row
from serving.web.scales import LEVELS
from serving.web.views.selecting import Line
from serving.web.views.words import target_of

HORIZON = 12


def lines(library: Reading) -> list[Line]:
    """Return every enterprise's line; put together once per state, because it reads the whole outlook."""
    return library.once("lines", lambda: _lines(library))


def _lines(library: Reading) -> list[Line]:
    grades = library.grades()
    published = bool(library.state().outlook_id)
    nearest = _by_enterprise(library, "forecasts", lambda row: row["horizon"] == 1 and not row["product_id"])
    chances = _by_enterprise(library, "attainment", lambda row: row["horizon"] <= HORIZON)
    actions = _by_enterprise(library, "recommendations", lambda row: row["rank"] == 1)
    found = []
    for enterprise_id, row in library.enterprises().items():
        grade = grades[enterprise_id].grade if enterprise_id in grades else None
        found.append(
            Line(
                enterprise_id=enterprise_id,
                name=row.get("name") or enterprise_id,
                grade=grade,
                forecast=binding_forecast(nearest.get(enterprise_id, []), grade),
                reach=chance_of_next(chances.get(enterprise_id, []), grade),
                action=next(iter(actions.get(enterprise_id, [])), None),
                published=published,
            )
        )
    return found


def binding_forecast(rows: list[dict[str, Any]], grade: Row | None) -> Row | None:
    """Return the next period's forecast of the indicator that binds, else of the first-pass yield."""
    by_target = {row["target"]: row for row in rows}
    binding = grade["binding"] if grade else ()
    for target in [*(target_of(item) for item in binding), "ftq", *by_target]:
        if target in by_target:
            return by_target[target]
    return None


def chance_of_next(rows: list[dict[str, Any]], grade: Row | None) -> float | None:
    """Return the probability of reaching the next level at least once within the horizon."""
    level = (grade["level"] or grade["at_most"]) if grade else None
    if not level or level == LEVELS[-1] or not rows:
        return None
    basis = "window" if any(row["basis"] == "window" for row in rows) else "period"
    last = max((row for row in rows if row["basis"] == basis), key=lambda row: int(row["horizon"]))
    return float(last["reached_by"][str(level + 1)])


def _by_enterprise(library: Reading, kind: Kind, wanted: Any) -> Mapping[str, list[dict[str, Any]]]:  # noqa: ANN401
    found: dict[str, list[dict[str, Any]]] = {}
    for row in library.outlook(kind):
        if wanted(row):
            found.setdefault(row["enterprise_id"], []).append(row)
    return found
