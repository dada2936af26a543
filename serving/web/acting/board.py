"""What the boards offer to whoever may write, and the board over all enterprises that somebody may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from serving.access import Person, Role
from serving.web.language import Language
from serving.web.reading import Reading
from serving.web.views.actions import action_views
from serving.web.views.words import Row, parameter_name

if TYPE_CHECKING:
    from features.improvement import Action
    from serving.web.acting.deeds import Deeds

PER_PAGE: Final = 50
STATES: Final = ("planned", "doing", "checking", "done", "dropped")


def writing_view(
    t: Language, library: Reading, enterprise_id: str, actions: Sequence[Action], person: Person
) -> dict[str, Any]:
    """Return the forms of an enterprise's board: advice to accept, and what each action may become."""
    url = f"/improvement/{quote(enterprise_id, safe='')}"
    return {
        "writes": person.has(Role.ENGINEER),
        "post": {name: f"{url}/{name}" for name in ("accept", "move", "amend")},
        "today": datetime.now(UTC).date().isoformat(),
        "outlook": library.state().outlook_id,
        "advice": _advice(t, library, enterprise_id, actions),
        "forms": {one.action_id: _form(t, one) for one in actions},
    }


def _advice(
    t: Language, library: Reading, enterprise_id: str, actions: Sequence[Action]
) -> list[dict[str, Any]]:
    """Return the published recommendations on levers that no open action moves."""
    from features.improvement.action import OPEN

    busy = {one.parameter_id for one in actions if one.status in OPEN}
    rows = library.outlook("recommendations", enterprise_id)
    free = [row for row in rows if row.get("rank") is not None and row["parameter_id"] not in busy]
    return action_views(t, free, library.parameters().get(enterprise_id, {}))


def _form(t: Language, action: Action) -> dict[str, Any]:
    from features.improvement.action import ALLOWED

    return {
        "version": action.tag,
        "title": action.title,
        "cost": "" if action.cost is None else f"{action.cost:f}",
        "cost_text": "" if action.cost is None else t("acting.cost.was", amount=t.money(action.cost)),
        "moves": [
            {"to": to.value, "text": t(f"acting.move.{action.status.value}.{to.value}")}
            for to in ALLOWED[action.status]
        ],
    }


def everybodys_view(
    t: Language,
    acting: Deeds,
    parameters: Mapping[str, Mapping[str, Row]],
    state: str,
    wanted: str,
    page: int,
) -> dict[str, Any]:
    """Return the list over all enterprises: open actions first, the latest start first among them."""
    rows, every = acting.library.enterprises(), acting.seen()
    named = [one for one in every if _is(rows, one, wanted)]
    found = [one for one in named if one.status.value == state] if state in STATES else named
    found.sort(key=lambda one: (STATES.index(one.status.value), -one.started_on.toordinal(), one.action_id))
    last = max(1, -(-len(found) // PER_PAGE))
    page = min(page, last)
    verdicts, shown = acting.verdicts(), found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "counts": [
            {
                "state": one,
                "text": t(f"acting.state.{one}"),
                "count": sum(action.status.value == one for action in named),
                "url": _url(one, wanted, 1),
                "active": one == state,
            }
            for one in STATES
        ],
        "rows": [_line(t, one, rows, parameters, verdicts.get(one.action_id)) for one in shown],
        "total": t("acting.total", count=len(found)),
        "all_url": _url("", wanted, 1) if state else "",
        "q": wanted,
        "chosen": state,
        "writes": acting.person.has(Role.ENGINEER),
        "pages": {
            "at": page,
            "count": last,
            "before": _url(state, wanted, page - 1) if page > 1 else None,
            "after": _url(state, wanted, page + 1) if page < last else None,
        },
    }


def _is(rows: Mapping[str, Row], action: Action, wanted: str) -> bool:
    """Say whether a search fits an action: its id, its title, or its enterprise's id or name."""
    name = str(rows[action.enterprise_id].get("name") or "")
    texts = (action.action_id, action.title, action.enterprise_id, name)
    return not wanted or any(wanted.casefold() in text.casefold() for text in texts)


def _url(state: str, wanted: str, page: int) -> str:
    asked = {"state": state, "q": wanted, "page": str(page) if page > 1 else ""}
    kept = {name: value for name, value in asked.items() if value}
    return f"/actions?{urlencode(kept)}" if kept else "/actions"


def _line(
    t: Language,
    action: Action,
    rows: Mapping[str, Row],
    parameters: Mapping[str, Mapping[str, Row]],
    verdict: Row | None,
) -> dict[str, Any]:
    from serving.web.views.improvement import MARKS, days_text

    board = f"/improvement/{quote(action.enterprise_id, safe='')}"
    own = parameters.get(action.enterprise_id, {})
    mark = MARKS[verdict["verdict"]] if verdict else ""
    return {
        "id": action.action_id,
        "title": action.title,
        "url": f"{board}#{quote(action.action_id, safe='')}",
        "enterprise": rows[action.enterprise_id].get("name") or action.enterprise_id,
        "board": board,
        "state": action.status.value,
        "state_text": t(f"acting.state.{action.status.value}"),
        "days": days_text(t, action),
        "lever": parameter_name(action.parameter_id, own) if action.parameter_id else t("improve.no_lever"),
        "cost": t.money(action.cost) if action.cost is not None else t("none.dash"),
        "mark": mark,
        "verdict": t(f"improve.verdict.{mark}") if mark else t("none.dash"),
    }
