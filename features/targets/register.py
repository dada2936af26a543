"""Targets that planners keep: how many enterprises of a group are to be newly added at a level by a month.

Beside the document's own and those of the record table `plan_targets`. Every act is journalled in the
transaction that does it; a version says what a writer had seen.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from features import journal
from features.targets.refusals import (
    NotYourTargetError,
    StaleTargetError,
    TooManyTargetsError,
    UnknownTargetError,
)

MOST = 500
"""Targets that may be kept at a time."""
_targets = sa.Table(
    "targets",
    sa.MetaData(),
    sa.Column("id", sa.String),
    sa.Column("version", sa.Integer),
    sa.Column("owner", sa.String),
    sa.Column("document", sa.Text),
)
Document = dict[str, Any]


@dataclass(frozen=True)
class KeptTarget:
    """A target as it is kept: `version` 1, 2, …; `owner` made it; `document` says what is wanted."""

    id: str
    version: int
    owner: str
    document: Document


class Register:
    """The targets in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use a migrated engine."""
        self._engine = engine

    def all(self) -> list[KeptTarget]:
        """Return every target, in order of id."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_targets).order_by(_targets.c.id)).all()
        return [_read(row) for row in rows]

    def get(self, target_id: str) -> KeptTarget:
        """Return one target; raises UnknownTargetError."""
        with self._engine.connect() as connection:
            return _one(connection, target_id)

    def add(self, document: Document, who: str) -> KeptTarget:
        """Keep a new target; raises TooManyTargetsError."""
        target = KeptTarget(uuid.uuid4().hex, 1, who, document)
        with self._engine.begin() as connection:
            journal.queue(connection)
            if (connection.execute(sa.select(sa.func.count()).select_from(_targets)).scalar() or 0) >= MOST:
                raise TooManyTargetsError(f"{MOST} targets are kept already: take one back first")
            connection.execute(sa.insert(_targets), _row(target))
            _tell(connection, target, "set", None, who)
        return target

    def change(
        self, target_id: str, version: int | None, document: Document, who: str, *, any_owner: bool = False
    ) -> KeptTarget:
        """Put other words in place of a target; raises Unknown…, NotYour… and StaleTargetError.

        `version` is the one that was read; None changes whatever is there.
        """

        def act(connection: sa.Connection, old: KeptTarget) -> KeptTarget:
            new = KeptTarget(old.id, old.version + 1, old.owner, document)
            same = _targets.c.id == old.id
            connection.execute(sa.update(_targets).where(same).values(**_row(new)))
            _tell(connection, new, "change", old.document, who)
            return new

        return self._at(target_id, version, who, act, any_owner=any_owner)

    def remove(self, target_id: str, version: int | None, who: str, *, any_owner: bool = False) -> KeptTarget:
        """Take a target back; raises as `change`."""

        def act(connection: sa.Connection, old: KeptTarget) -> KeptTarget:
            connection.execute(sa.delete(_targets).where(_targets.c.id == old.id))
            _tell(connection, old, "take back", old.document, who)
            return old

        return self._at(target_id, version, who, act, any_owner=any_owner)

    def _at(
        self,
        target_id: str,
        version: int | None,
        who: str,
        act: Callable[[sa.Connection, KeptTarget], KeptTarget],
        *,
        any_owner: bool,
    ) -> KeptTarget:
        with self._engine.begin() as connection:
            journal.queue(connection)
            old = _one(connection, target_id)
            if not any_owner and old.owner != who:
                raise NotYourTargetError(f"target {target_id} is {old.owner}'s")
            if version is not None and version != old.version:
                raise StaleTargetError(f"found version {version}; it stands at {old.version}: read it again")
            return act(connection, old)


def _one(connection: sa.Connection, target_id: str) -> KeptTarget:
    row = connection.execute(sa.select(_targets).where(_targets.c.id == target_id)).one_or_none()
    if row is None:
        raise UnknownTargetError(f"no target {target_id!r}")
    return _read(row)


def _tell(connection: sa.Connection, target: KeptTarget, action: str, old: Document | None, who: str) -> None:
    new = None if action == "take back" else target.document
    subject, at = f"target:{target.id}", journal.now()
    change = journal.Change(subject, target.version, action, "target", old, new, who, at)
    journal.append(connection, [change])


def _row(target: KeptTarget) -> dict[str, Any]:
    return {**vars(target), "document": json.dumps(target.document, ensure_ascii=False, sort_keys=True)}


def _read(row: sa.Row[Any]) -> KeptTarget:
    return KeptTarget(row.id, row.version, row.owner, json.loads(row.document))
