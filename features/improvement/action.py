"""An improvement action as the record table `actions` has it, with its way through plan, do, check, act.

    planned ──► doing ──► checking ──► done
       │          │ ▲         │ │
       └► dropped ◄┘ └────────┘ └► dropped

`finished_on` is the day on which the doing ended, so it comes with `checking`; the months after it are what a
verdict looks at. Going back from `checking` to `doing` takes it away again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from features.improvement.refusals import ActionRefused


class Status(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    DOING = "doing"
    CHECKING = "checking"
    DONE = "done"
    DROPPED = "dropped"


ALLOWED: Final[Mapping[Status, tuple[Status, ...]]] = {
    Status.PLANNED: (Status.DOING, Status.DROPPED),
    Status.DOING: (Status.CHECKING, Status.DROPPED),
    Status.CHECKING: (Status.DONE, Status.DOING, Status.DROPPED),
    Status.DONE: (),
    Status.DROPPED: (),
}
OPEN: Final = (Status.PLANNED, Status.DOING, Status.CHECKING)
"""States in which an action may still change the lines."""


@dataclass(frozen=True)
class Action:
    """A row of the record table `actions`; `version` counts its changes in the register (0: none yet)."""

    action_id: str
    enterprise_id: str
    title: str
    parameter_id: str | None
    from_value: float | None
    to_value: float | None
    started_on: date
    finished_on: date | None
    cost: Decimal | None
    status: Status
    version: int = 0

    @property
    def tag(self) -> str:
        """The same as long as nothing of the action is changed, by an act or by an import of records."""
        text = json.dumps(to_fields(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Between these the records take a day."""


def day_faults(what: str, day: date) -> list[str]:
    """Return what is wrong with a day that the records would not take."""
    if FIRST_DAY <= day <= LAST_DAY:
        return []
    return [f"{what}: found {day}; allowed: {FIRST_DAY} to {LAST_DAY}"]


def moved(action: Action, to: Status, on: date, today: date) -> Action:
    """Return the action in its next state as of a day; raises ActionRefused naming what is allowed.

    Moving to `doing` sets the day of the start, moving to `checking` the day of the finish.
    """
    allowed = ALLOWED[action.status]
    if to not in allowed:
        way = ", ".join(allowed) or "nothing; accept or record another action"
        raise ActionRefused(f"move: {action.action_id} is {action.status}, found {to}; allowed: {way}")
    if faults := day_faults("on", on):
        raise ActionRefused(*faults)
    if on > today:
        raise ActionRefused(f"on: found {on}, a day to come; allowed: {today} or before")
    if to is Status.DOING:
        started = action.started_on if action.status is Status.CHECKING else on
        return replace(action, status=to, started_on=started, finished_on=None)
    if action.status is not Status.PLANNED and on < action.started_on:
        raise ActionRefused(f"on: found {on}; allowed: {action.started_on}, the day of the start, or after")
    if action.finished_on is not None and on < action.finished_on:
        raise ActionRefused(f"on: found {on}; allowed: {action.finished_on}, the day of the finish, or after")
    return replace(action, status=to, finished_on=on if to is Status.CHECKING else action.finished_on)


MOST_COST: Final = Decimal(10) ** 12


def amended(action: Action, title: str | None = None, cost: Decimal | None = None) -> Action:
    """Return the action with another title or cost (CNY, once); what is None stays.

    Raises ActionRefused for a dropped action and for a cost below zero.
    """
    if action.status is Status.DROPPED:
        raise ActionRefused(f"amend: {action.action_id} is dropped; allowed: an action that is not dropped")
    if cost is not None and not (cost.is_finite() and 0 <= cost <= MOST_COST):
        raise ActionRefused(f"cost: found {cost}; allowed: CNY, from 0 to {MOST_COST:.0e}")
    return replace(
        action,
        title=action.title if title is None else title.strip(),
        cost=action.cost if cost is None else cost.quantize(Decimal("0.01")),
    )


def to_fields(action: Action) -> dict[str, Any]:
    """Return an action as JSON, without its version; nothing stands for None."""
    plain = {**asdict(action), "status": action.status.value}
    del plain["version"]
    for name in ("started_on", "finished_on", "cost"):
        plain[name] = None if plain[name] is None else str(plain[name])
    return {name: value for name, value in plain.items() if value is not None}


def from_fields(fields: Mapping[str, Any], version: int = 0) -> Action:
    """Return the action of `to_fields`, or of a row of the records."""
    return Action(
        action_id=fields["action_id"],
        enterprise_id=fields["enterprise_id"],
        title=fields["title"],
        parameter_id=fields.get("parameter_id") or None,
        from_value=fields.get("from_value"),
        to_value=fields.get("to_value"),
        started_on=_day(fields["started_on"]),
        finished_on=_day(fields["finished_on"]) if fields.get("finished_on") else None,
        cost=Decimal(str(fields["cost"])) if fields.get("cost") is not None else None,
        status=Status(fields.get("status") or ("done" if fields.get("finished_on") else "doing")),
        version=version,
    )


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
