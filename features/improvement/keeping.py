"""How the state database keeps actions and promises; every change is in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

import sqlalchemy as sa

from features import journal
from features.improvement.action import Action, from_fields, to_fields
from features.improvement.promise import Promise, Source
from features.journal import Change

_metadata = sa.MetaData()
ACTIONS = sa.Table(
    "improvement_actions",
    _metadata,
    *(sa.Column(name, sa.String) for name in ("id", "enterprise_id", "document")),
    sa.Column("version", sa.Integer),
    sa.Column("unrecorded", sa.Boolean),
)
PROMISES = sa.Table(
    "promises",
    _metadata,
    *(sa.Column(name, sa.String) for name in ("action_id", "enterprise_id", "parameter_id", "target", "key")),
    *(sa.Column(name, sa.String) for name in ("given_on", "given_to", "source", "row")),
    *(sa.Column(name, sa.Float) for name in ("from_value", "to_value", "low", "high", "benefit", "cost")),
)
SUBJECT: Final = "action:"
"""How the journal calls an action: this and its id."""
PROMISED: Final = "promise"
"""The field of the journal that holds the promise."""


def read(connection: sa.Connection, action_id: str) -> Action | None:
    """Return an action as the register last left it, None for one that it never touched."""
    row = connection.execute(sa.select(ACTIONS).where(ACTIONS.c.id == action_id)).one_or_none()
    return None if row is None else load(row)


def load(row: Any) -> Action:  # noqa: ANN401 - a row of `ACTIONS`
    """Return the action of a row."""
    return from_fields(json.loads(row.document), row.version)


def write(
    connection: sa.Connection,
    before: Action | None,
    after: Action,
    act: str,
    by: str,
    promise: Promise | None = None,
) -> Action:
    """Write the next version of an action, its changes to the journal, and mark it as not yet recorded."""
    after = replace(after, version=(before.version if before else 0) + 1)
    row = {
        "id": after.action_id,
        "enterprise_id": after.enterprise_id,
        "version": after.version,
        "unrecorded": True,
        "document": json.dumps(to_fields(after), ensure_ascii=True, sort_keys=True),
    }
    known = ACTIONS.c.id == after.action_id
    statement = sa.insert(ACTIONS) if before is None else sa.update(ACTIONS).where(known)
    connection.execute(statement.values(row))
    old, new = (to_fields(before) if before else {}), to_fields(after)
    if promise is not None:
        connection.execute(sa.insert(PROMISES), promise_row(promise))
        new[PROMISED] = asdict(promise)
    journal.append(connection, _changes(after, old, new, act, by))
    return after


def _changes(
    action: Action, old: Mapping[str, Any], new: Mapping[str, Any], act: str, by: str
) -> list[Change]:
    at, subject = journal.now(), SUBJECT + action.action_id
    return [
        Change(subject, action.version, act, name, old.get(name), new.get(name), by, at)
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name)
    ]


def promise_row(promise: Promise) -> dict[str, Any]:
    """Return the row of a promise."""
    nested = {"source": asdict(promise.source), "row": dict(promise.row)}
    texts = {name: json.dumps(value, ensure_ascii=True, sort_keys=True) for name, value in nested.items()}
    return {**{column.name: getattr(promise, column.name) for column in PROMISES.c}, **texts}


def load_promise(row: Any) -> Promise:  # noqa: ANN401 - a row of `PROMISES`
    """Return the promise of a row."""
    fields = dict(row._mapping)
    nested = {"source": Source(**json.loads(fields["source"])), "row": json.loads(fields["row"])}
    return Promise(**{**fields, **nested})


def replayed(connection: sa.Connection, row: Any) -> list[str]:  # noqa: ANN401 - a row of `ACTIONS`
    """Say where an action or its promise is not what the journal says."""
    changes = journal.history(connection, SUBJECT + row.id)
    made = journal.replay(changes)
    promised = made.pop(PROMISED, None)
    found = connection.execute(sa.select(PROMISES).where(PROMISES.c.action_id == row.id)).one_or_none()
    faults = []
    version = max((change.version for change in changes), default=0)
    stored = (json.loads(row.document), row.version, row.enterprise_id)
    if (made, version, made.get("enterprise_id")) != stored:
        faults.append(f"{row.id} is not what its changes make it")
    kept = None if found is None else json.loads(json.dumps(asdict(load_promise(found))))
    if kept != promised:
        faults.append(f"{row.id}: the promise is not the one that was given")
    return faults
