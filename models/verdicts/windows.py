"""When to look: before the start, not in between, after the finish, until the plant's next action."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from features.periods import Frequency, first_day, index_of
from models.verdicts.lines import Lines
from models.verdicts.placebos import Events, Window

AFTER: Final = 12
"""Periods after the finish that an effect is the mean of, as a promise is."""
LEAST_AFTER: Final = 3
OPEN: Final = 10**6
"""Column of a finish that has not come yet."""


@dataclass(frozen=True)
class Act:
    """What matters of a row of the record table `actions`."""

    action_id: str
    enterprise_id: str
    title: str
    parameter_id: str | None
    from_value: float | None
    to_value: float | None
    started_on: date
    finished_on: date | None
    status: str

    @property
    def happened(self) -> bool:
        """Whether it was begun and not given up: then it may have changed something."""
        return self.status not in ("planned", "dropped")


def acts_of(actions: pd.DataFrame) -> list[Act]:
    """The actions on record; a blank status counts as done where it is finished, else as doing."""
    return [_act(row) for row in actions.to_dict("records")]


def _act(row: Mapping[Hashable, Any]) -> Act:
    begun, ended = _day(row["started_on"]), _day(row["finished_on"])
    assert begun is not None  # noqa: S101 - the table requires it
    low, high = _number(row["from_value"]), _number(row["to_value"])
    status = _text(row["status"]) or ("done" if ended else "doing")
    return Act(
        str(row["action_id"]),
        str(row["enterprise_id"]),
        str(row["title"]),
        _text(row["parameter_id"]),
        low,
        high,
        begun,
        ended,
        status,
    )


def _day(value: object) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[arg-type,call-overload]


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type,call-overload]


def _text(value: object) -> str | None:
    return None if pd.isna(value) or value == "" else str(value)  # type: ignore[call-overload]


def span(act: Act, frequency: Frequency) -> tuple[int, int]:
    """Periods (index) of the start and of the first whole period after the finish."""
    start = index_of(act.started_on, frequency)
    if act.finished_on is None:
        return start, OPEN
    finish = index_of(act.finished_on, frequency)
    return start, finish + (first_day(finish, frequency) < act.finished_on)


def events_of(acts: list[Act], lines: Lines) -> Events:
    """Columns of all actions that happened, by line."""
    place = {name: line for line, name in enumerate(lines.enterprises)}
    found: dict[int, list[tuple[int, int]]] = {}
    for act in acts:
        if act.happened and act.enterprise_id in place:
            start, finish = span(act, lines.frequency)
            found.setdefault(place[act.enterprise_id], []).append((start - lines.first, finish - lines.first))
    return {line: tuple(sorted(spans)) for line, spans in found.items()}


def window_of(act: Act, acts: list[Act], lines: Lines, after: int = AFTER) -> Window | str:
    """Where to look for an action's effect on its line, or the code of why that cannot be told.

    At most `after` periods after the finish are looked at.
    """
    line = lines.enterprises.index(act.enterprise_id)
    start, finish = (t - lines.first for t in span(act, lines.frequency))
    others = [
        tuple(t - lines.first for t in span(other, lines.frequency))
        for other in acts
        if other.happened and other.enterprise_id == act.enterprise_id and other.action_id != act.action_id
    ]
    if any(s <= finish and f > start for s, f in others):
        return "another_action"
    end = min([finish + after, lines.links.shape[1], *(s for s, _ in others if s > finish)])
    if end - finish < LEAST_AFTER:
        return "another_action" if end < lines.links.shape[1] else "too_early"
    return Window.of(line, start, finish, end) if start > 0 else "short_before"
