"""One enterprise's row of the overview in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from serving.web.language import Language
from serving.web.scales import LEVELS
from serving.web.views.actions import parameter_value
from serving.web.views.selecting import Line, line_level
from serving.web.views.words import Row, item_name, level_name, parameter_name, target_name


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
