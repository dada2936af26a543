"""From the register into the records, by the import that all records take.

An act is three steps, each whole or not at all: the state database has it; the store takes the row; the
state database notes that it is there. Whoever is stopped in between leaves an action marked as not yet
recorded, and the next command takes the missing steps. The import is idempotent, so a step taken twice
changes nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from features.improvement.action import Action, Status, amended, from_fields, moved
from features.improvement.promise import Source
from features.improvement.refusals import ActionChanged, ActionRefused, UnknownActionError
from features.improvement.register import MACHINE, Register, named
from features.records.schema import TABLES
from features.settings import Settings
from features.store import Store

TABLE = TABLES["actions"]


def accept(
    register: Register,
    settings: Settings,
    row: Mapping[str, Any],
    source: Source,
    by: str,
    title: str | None = None,
    start: date | None = None,
) -> Action:
    """Accept a published recommendation: it becomes a planned action on record; raises ActionRefused.

    Without `title` it is called by the lever and its move; without `start` it is planned for today (UTC).
    """
    with register.recording(settings.home):
        settle_alone(register, settings)
        called = title or _title(row)
        made = register.accept(row, source, by, called, start or today(), recorded(settings))
        settle_alone(register, settings, by)
    return made


def move(
    register: Register,
    settings: Settings,
    action_id: str,
    to: str,
    by: str,
    on: date | None = None,
    seen: str | None = None,
) -> Action:
    """Move an action to its next state as of a day, by default today (UTC); `seen` is the tag of the action
    as the asker read it.

    Raises:
        UnknownActionError: the records have no such action.
        ActionChanged: it is not any more as it was seen.
        ActionRefused: the state or the day is not allowed; it says what is.
    """
    if to not in tuple(Status):
        raise ActionRefused(f"to: found {to!r:.40}; allowed: {', '.join(Status)}")
    with register.recording(settings.home):
        settle_alone(register, settings)
        before = _present(settings, action_id, seen)
        after = register.change(before, moved(before, Status(to), on or today(), today()), "move", by)
        settle_alone(register, settings, by)
    return after


def amend(
    register: Register,
    settings: Settings,
    action_id: str,
    by: str,
    title: str | None = None,
    cost: Decimal | None = None,
    seen: str | None = None,
) -> Action:
    """Give an action another title or state what it cost (CNY, once); what is None stays.

    Raises what `move` does.
    """
    if faults := named("title", title) if title is not None else []:
        raise ActionRefused(*faults)
    with register.recording(settings.home):
        settle_alone(register, settings)
        before = _present(settings, action_id, seen)
        after = register.change(before, amended(before, title, cost), "amend", by)
        settle_alone(register, settings, by)
    return after


def settle(register: Register, settings: Settings) -> list[Action]:
    """Bring every action that is not yet recorded into the records; return them."""
    if not register.unrecorded():
        return []
    with register.recording(settings.home):
        return settle_alone(register, settings)


def settle_alone(register: Register, settings: Settings, by: str = MACHINE) -> list[Action]:
    """Do what `settle` does, inside `Register.recording`; `by` stands in the ledger of the records."""
    waiting = register.unrecorded()
    if waiting:
        _bring(waiting, settings, by)
        for action in waiting:
            register.mark_recorded(action)
    return waiting


def recorded(
    settings: Settings, enterprise_id: str | None = None, action_id: str | None = None
) -> list[Action]:
    """Return the actions of the records by start: all, those of one enterprise, or one of them."""
    wanted = {"enterprise_id": enterprise_id, "action_id": action_id}
    with Store.open(settings) as store:
        frame = store.table(TABLE.name)
        for name, value in wanted.items():
            frame = frame if value is None else frame.filter(nw.col(name) == value)
        rows = frame.collect("pyarrow").to_arrow().to_pylist()
    return sorted(map(from_fields, rows), key=lambda one: (one.started_on, one.action_id))


def _present(settings: Settings, action_id: str, seen: str | None = None) -> Action:
    found = recorded(settings, action_id=action_id)
    if not found:
        raise UnknownActionError(f"no action {action_id!r:.60}; `zhuoyue actions list` shows all")
    if seen is not None and seen != found[0].tag:
        told = f"{action_id} was changed meanwhile: it is {found[0].status}, version {found[0].tag}"
        raise ActionChanged(f"{told}; allowed: look at it again, then act")
    return found[0]


def _bring(actions: Iterable[Action], settings: Settings, by: str) -> None:
    rows = [
        {name: getattr(one, name) for name in TABLE.names} | {"status": one.status.value} for one in actions
    ]
    with tempfile.TemporaryDirectory(prefix="zhuoyue-") as folder, Store.open(settings) as store:
        path = Path(folder) / "actions.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=TABLE.arrow), path)
        store.import_paths([path], on_conflict="replace", who=by)


def _title(row: Mapping[str, Any]) -> str:
    name, unit = row.get("parameter_name") or row.get("parameter_id"), row.get("unit") or ""
    start, end = row.get("from"), row.get("to")
    numbers = f" {start:.4g} → {end:.4g} {unit}" if start is not None and end is not None else ""
    return f"{name}{numbers}".strip()


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(UTC).date()
