"""The overview: every enterprise in one searchable, sortable, filterable list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from serving.web.language import Language
from serving.web.scales import LEVELS
from serving.web.views.overview_rows import row_view
from serving.web.views.selecting import (
    COLUMNS,
    FALLING_FIRST,
    PAGE,
    SORTABLE,
    Line,
    Query,
    line_level,
    select,
)
from serving.web.views.words import Row, level_name


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
