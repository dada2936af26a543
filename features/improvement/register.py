"""The register of improvement: accepts recommendations, moves actions on, keeps what was promised.

Every act is one transaction of the state database, with a change in the journal for every field that differs.
The records follow by an import (`recording.settle`); until then the action is marked as not yet recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import sqlalchemy as sa

from features import journal
from features.improvement.action import OPEN, Action, Status, day_faults, to_fields
from features.improvement.keeping import (
    ACTIONS,
    PROMISES,
    SUBJECT,
    load,
    load_promise,
    read,
    replayed,
    write,
)
from features.improvement.promise import Promise, Source, key_of, promise_of
from features.improvement.refusals import ActionRefused
from features.journal import Change
from features.settings import Settings
from features.store import ledger
from features.store.database import exclusive, open_database
from features.store.lock import locked

MACHINE: Final = "zhuoyue"
"""Who stands in the history where no person acted."""
LONGEST: Final = 200


class Register:
    """All actions that were accepted or moved here. Who acts is said by the caller: pages and API
    name whoever signed in, the command line takes a claim.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """Use `Register.open`."""
        self._engine = engine

    @classmethod
    def open(cls, settings: Settings) -> Register:
        """Open the register of `settings`; raises StateDatabaseError."""
        return cls(open_database(settings))

    def __enter__(self) -> Register:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def find(self, action_id: str) -> Action | None:
        """Return an action as the register last left it, None for one that it never touched."""
        with self._engine.connect() as connection:
            return read(connection, action_id)

    def promises(self, enterprise_id: str | None = None) -> dict[str, Promise]:
        """Return what was promised, by action id, of one enterprise or of all."""
        query = sa.select(PROMISES).order_by(PROMISES.c.given_on, PROMISES.c.action_id)
        if enterprise_id is not None:
            query = query.where(PROMISES.c.enterprise_id == enterprise_id)
        with self._engine.connect() as connection:
            return {row.action_id: load_promise(row) for row in connection.execute(query)}

    def history(self, action_id: str) -> list[Change]:
        """Return every change of an action, oldest first."""
        with self._engine.connect() as connection:
            return journal.history(connection, SUBJECT + action_id)

    def accept(
        self, row: Mapping[str, Any], source: Source, by: str, title: str, start: date, others: list[Action]
    ) -> Action:
        """Make a planned action of a published recommendation and keep the promise beside it.

        The same recommendation again returns the action that it became, unless that was dropped. `others` are
        the actions of the records.

        Raises:
            ActionRefused: the row promises nothing, a name is missing, or the lever has an open action.
        """
        faults = named("by", by) + named("title", title) + day_faults("start", start)
        if faults:
            raise ActionRefused(*faults)
        with self._writing() as connection:
            mine = [load(one) for one in connection.execute(sa.select(ACTIONS))]
            known = {one.action_id: one for one in mine} | {one.action_id: one for one in others}
            before = self._accepted(connection, key_of(row, source), known)
            if before is not None:
                return before
            promise = promise_of(row, source, _free_id(known), by, journal.now())
            _refuse_second(promise, list(known.values()))
            return write(connection, None, _planned(promise, title, start), "accept", by, promise)

    def _accepted(self, connection: sa.Connection, key: str, known: Mapping[str, Action]) -> Action | None:
        query = sa.select(PROMISES.c.action_id).where(PROMISES.c.key == key)
        found = [known[name] for name in connection.execute(query).scalars() if name in known]
        return next((one for one in found if one.status is not Status.DROPPED), None)

    def change(self, before: Action, after: Action, act: str, by: str) -> Action:
        """Write what became of an action; `before` is how the records have it now.

        What the records took in from elsewhere since the register last wrote is noted in the journal first.
        """
        if faults := named("by", by):
            raise ActionRefused(*faults)
        with self._writing() as connection:
            kept = read(connection, before.action_id)
            if kept is None or to_fields(kept) != to_fields(before):
                kept = write(connection, kept, before, "import", MACHINE)
            if to_fields(kept) == to_fields(after):
                return kept
            return write(connection, kept, after, act, by)

    def unrecorded(self) -> list[Action]:
        """Return the actions whose last change does not stand in the records yet."""
        query = sa.select(ACTIONS).where(ACTIONS.c.unrecorded).order_by(ACTIONS.c.id)
        with self._engine.connect() as connection:
            return [load(row) for row in connection.execute(query)]

    def mark_recorded(self, action: Action) -> None:
        """Note that this version of an action stands in the records."""
        mine = (ACTIONS.c.id == action.action_id) & (ACTIONS.c.version == action.version)
        with self._engine.begin() as connection:
            connection.execute(sa.update(ACTIONS).where(mine).values(unrecorded=False))

    @contextmanager
    def recording(self, home: Path) -> Iterator[None]:
        """Be the only one who brings actions into the records, on all hosts that share them."""
        with self._engine.connect() as connection:
            uid = connection.execute(sa.select(ledger.identity.c.uid)).scalar_one()
        own = hashlib.sha256(f"improvement {uid}".encode()).hexdigest()
        with locked(home / ".improvement.lock"), exclusive(self._engine, own):
            yield

    def verify(self, known: str | None = None) -> journal.Verdict:
        """Check the chain of changes, and that every action and promise is what its changes make it."""
        with self._engine.connect() as connection:
            verdict = journal.verify(connection, known)
            rows = connection.execute(sa.select(ACTIONS)).all()
            faults = [fault for row in rows for fault in replayed(connection, row)]
            gone = journal.subjects(connection, SUBJECT) - {SUBJECT + row.id for row in rows}
        faults += [f"{name} is missing; its changes are there" for name in sorted(gone)]
        return verdict._replace(faults=verdict.faults + tuple(faults))

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            journal.queue(connection)
            yield connection


def named(field: str, text: str) -> list[str]:
    """Return what is wrong with a name or a title."""
    fine = bool(text.strip()) and len(text) <= LONGEST and text.isprintable()
    return [] if fine else [f"{field}: found {text!r:.60}; allowed: one line of 1 to {LONGEST} characters"]


def _free_id(known: Mapping[str, Action]) -> str:
    number = len(known) + 1
    while f"AC-{number:04d}" in known:
        number += 1
    return f"AC-{number:04d}"


def _refuse_second(promise: Promise, others: list[Action]) -> None:
    """Refuse a second open action on a lever: nobody could tell the two apart."""
    for other in others:
        same = (other.enterprise_id, other.parameter_id) == (promise.enterprise_id, promise.parameter_id)
        if same and other.status in OPEN:
            said = f"{promise.enterprise_id}: {other.action_id} on {promise.parameter_id} is {other.status}"
            raise ActionRefused(f"{said}; allowed: close or drop it first (`zhuoyue actions move`)")


def _planned(promise: Promise, title: str, start: date) -> Action:
    return Action(
        action_id=promise.action_id,
        enterprise_id=promise.enterprise_id,
        title=title.strip(),
        parameter_id=promise.parameter_id,
        from_value=promise.from_value,
        to_value=promise.to_value,
        started_on=start,
        finished_on=None,
        cost=None,
        status=Status.PLANNED,
    )
