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
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from features.improvement.action import Action, Status, from_fields, moved
from features.improvement.promise import Source
from features.improvement.refusals import ActionRefused, UnknownActionError
from features.improvement.register import Register
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
        settle_alone(register, settings)
    return made


def move(
    register: Register, settings: Settings, action_id: str, to: str, by: str, on: date | None = None
) -> Action:
    """Move an action to its next state as of a day, by default today (UTC).

    Raises:
        UnknownActionError: the records have no such action.
        ActionRefused: the state or the day is not allowed; it says what is.
    """
    if to not in tuple(Status):
        raise ActionRefused(f"to: found {to!r:.40}; allowed: {', '.join(Status)}")
    with register.recording(settings.home):
        settle_alone(register, settings)
        before = _present(settings, action_id)
        after = register.change(before, moved(before, Status(to), on or today(), today()), "move", by)
        settle_alone(register, settings)
    return after


def settle(register: Register, settings: Settings) -> list[Action]:
    """Bring every action that is not yet recorded into the records; return them."""
    if not register.unrecorded():
        return []
    with register.recording(settings.home):
        return settle_alone(register, settings)


def settle_alone(register: Register, settings: Settings) -> list[Action]:
    """Do what `settle` does, inside `Register.recording`."""
    waiting = register.unrecorded()
    if waiting:
        _bring(waiting, settings)
        for action in waiting:
            register.mark_recorded(action)
    return waiting


def recorded(settings: Settings, enterprise_id: str | None = None) -> list[Action]:
    """Return the actions of the records, of one enterprise or of all, by start."""
    with Store.open(settings) as store:
        frame = store.table(TABLE.name)
        if enterprise_id is not None:
            frame = frame.filter(nw.col("enterprise_id") == enterprise_id)
        rows = frame.collect("pyarrow").to_arrow().to_pylist()
    return sorted(map(from_fields, rows), key=lambda one: (one.started_on, one.action_id))


def _present(settings: Settings, action_id: str) -> Action:
    found = [one for one in recorded(settings) if one.action_id == action_id]
    if not found:
        raise UnknownActionError(f"no action {action_id!r:.60}; `zhuoyue actions list` shows all")
    return found[0]


def _bring(actions: Iterable[Action], settings: Settings) -> None:
    rows = [
        {name: getattr(one, name) for name in TABLE.names} | {"status": one.status.value} for one in actions
    ]
    with tempfile.TemporaryDirectory(prefix="zhuoyue-") as folder, Store.open(settings) as store:
        path = Path(folder) / "actions.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=TABLE.arrow), path)
        store.import_paths([path], on_conflict="replace")


def _title(row: Mapping[str, Any]) -> str:
    name, unit = row.get("parameter_name") or row.get("parameter_id"), row.get("unit") or ""
    start, end = row.get("from"), row.get("to")
    numbers = f" {start:.4g} → {end:.4g} {unit}" if start is not None and end is not None else ""
    return f"{name}{numbers}".strip()


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(UTC).date()
