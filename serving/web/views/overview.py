"""The overview: every enterprise in one searchable, sortable, filterable list; all of it from the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from serving.web.language import Language
from serving.web.scales import LEVELS
from serving.web.views.actions import parameter_value
from serving.web.views.words import Row, item_name, level_name, parameter_name, target_name

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


def overview_view(
    t: Language, lines: Sequence[Line], query: Query, parameters: Mapping[str, Mapping[str, Row]]
) -> dict[str, Any]:
    """Return what the overview shows."""
    found = select(lines, query)
    count = max(1, -(-len(found) // PAGE))
    at = min(max(query.page, 1), count)
    shown = found[(at - 1) * PAGE : at * PAGE]
    return {
        "lead": _lead(t, lines),
        "distribution": (parts := distribution(t, lines, query)),
        "distribution_text": t.listing(
            [t("overview.distribution.part", name=part["name"], count=part["count"]) for part in parts]
        ),
        "query": query,
        "kept": {name: getattr(query, name) for name in ("level", "sort", "order") if getattr(query, name)},
        "columns": [_column(t, query, name) for name in COLUMNS],
        "rows": [row_view(t, line, parameters.get(line.enterprise_id, {})) for line in shown],
        "count_text": t("overview.count", shown=t.number(len(shown)), count=t.number(len(found))),
        "pages": {
            "at": at,
            "count": count,
            "before": replace(query, page=at - 1).url() if at > 1 else None,
            "after": replace(query, page=at + 1).url() if at < count else None,
        },
    }


def _lead(t: Language, lines: Sequence[Line]) -> str:
    ends = [line.grade["window"]["end"] for line in lines if line.grade]
    latest = t.period(max(ends)) if ends else t("none.dash")
    return t("overview.lead", count=t.number(len(lines)), latest=latest)


def distribution(t: Language, lines: Sequence[Line], query: Query) -> list[dict[str, Any]]:
    """Return how many enterprises stand on each level, each with an address that shows only those."""
    counts = Counter(str(line_level(line) or "none") for line in lines)
    ids = [str(level) for level in LEVELS] + (["none"] if counts["none"] else [])
    offset, parts = 0.0, []
    for part_id in ids:
        share = counts[part_id] / max(len(lines), 1)
        active = query.level == part_id
        parts.append(
            {
                "id": part_id,
                "name": level_name(t, int(part_id) if part_id != "none" else None),
                "count": counts[part_id],
                "count_text": t.number(counts[part_id]),
                "share_text": t.percent(share, 0),
                "offset": round(100 * offset, 3),
                "width": round(100 * share, 3),
                "active": active,
                "url": replace(query, level="" if active else part_id, page=1).url(),
            }
        )
        offset += share
    return parts


def _column(t: Language, query: Query, name: str) -> dict[str, Any]:
    column: dict[str, Any] = {
        "id": name,
        "name": t(f"overview.column.{name}"),
        "url": None,
        "arrow": "",
        "sorted": None,
    }
    if name not in SORTABLE:
        return column
    here = query.sort == name
    first = "desc" if name in FALLING_FIRST else "asc"
    turned = "asc" if query.order == "desc" else "desc"
    column["url"] = replace(query, sort=name, order=turned if here else first, page=1).url()
    if here:
        falling = query.order == "desc"
        column |= {"arrow": "↓" if falling else "↑", "sorted": "descending" if falling else "ascending"}
    return column


def row_view(t: Language, line: Line, parameters: Mapping[str, Row]) -> dict[str, Any]:
    """Return one enterprise's row in words."""
    grade = line.grade
    binding = list(grade["binding"]) if grade else []
    level = line_level(line)
    return {
        "id": line.enterprise_id,
        "name": line.name,
        "url": f"/enterprises/{quote(line.enterprise_id, safe='')}",
        "level": level,
        "status": grade["status"] if grade else "incomplete",
        "at_most": grade["at_most"] if grade else None,
        "binding_text": item_name(t, binding[0]) if binding and level != LEVELS[-1] else t("none.dash"),
        "binding_more": _more(t, binding) if level != LEVELS[-1] else "",
        "forecast": _forecast(t, line.forecast),
        "reach": _reach(t, line),
        "reach_none": t("overview.top") if level == LEVELS[-1] else t("none.dash"),
        "action": _action(t, line.action, parameters),
        "action_none": t("overview.no_action") if line.published else t("none.dash"),
    }


def _more(t: Language, items: Sequence[str]) -> str:
    return t("overview.more", count=len(items), rest=len(items) - 1) if len(items) > 1 else ""


def _forecast(t: Language, row: Row | None) -> dict[str, str] | None:
    if row is None:
        return None
    low, high = (row["quantiles"][name] for name in ("0.05", "0.95"))
    return {
        "value": t.target(row["target"], row["mean"]),
        "what": target_name(t, row["target"]),
        "interval": t.span(row["target"], low, high),
    }


def _reach(t: Language, line: Line) -> dict[str, Any] | None:
    level = line_level(line) or (line.grade or {}).get("at_most")
    if line.reach is None or not level or level == LEVELS[-1]:
        return None
    name = t("overview.reach", level=level_name(t, level + 1))
    return {"text": t.chance(line.reach), "probability": line.reach, "level": level + 1, "name": name}


def _action(t: Language, row: Row | None, parameters: Mapping[str, Row]) -> dict[str, str] | None:
    if row is None:
        return None
    what = t(
        "actions.move",
        name=parameter_name(row["parameter_id"], parameters, row.get("parameter_name")),
        start=parameter_value(t, row["from"], row, parameters, unit=False),
        end=parameter_value(t, row["to"], row, parameters),
    )
    worth = t("overview.worth", benefit=t.money(row["benefit"])) if row.get("benefit") is not None else ""
    return {"what": what, "worth": worth}
