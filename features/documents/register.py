"""A register of documents of one kind: every act is journalled in the transaction that does it.

A version says what a writer had seen. Who made one, its owner, changes it
and takes it back, and nobody else but an administrator.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from features import journal
from features.documents.kinds import Document, Kept, Kind
from features.documents.refusals import (
    NotYourDocumentError,
    StaleDocumentError,
    TooManyDocumentsError,
    UnknownDocumentError,
)

Act = Callable[[sa.Connection, Kept], Kept]


class Register:
    """The documents of one kind in the state database."""

    def __init__(self, engine: sa.Engine, kind: Kind) -> None:
        """Use a migrated engine."""
        self._engine, self._kind, self._rows = engine, kind, rows_of(kind)

    def all(self) -> list[Kept]:
        """Return every document, in order of id."""
        with self._engine.connect() as connection:
            return [_read(row) for row in connection.execute(sa.select(self._rows).order_by(self._rows.c.id))]

    def get(self, document_id: str) -> Kept:
        """Return one; raises UnknownDocumentError."""
        with self._engine.connect() as connection:
            return self._one(connection, document_id)

    def add(self, document: Document, who: str) -> Kept:
        """Keep a new one; raises TooManyDocumentsError."""
        made, most = Kept(uuid.uuid4().hex, 1, who, document), self._kind.most
        with self._engine.begin() as connection:
            journal.queue(connection)
            count = connection.execute(sa.select(sa.func.count()).select_from(self._rows)).scalar_one()
            if count >= most:
                raise TooManyDocumentsError(f"{most} are kept already: take one back first")
            connection.execute(sa.insert(self._rows), _row(made))
            self._tell(connection, made, "set", None, who)
        return made

    def change(
        self, document_id: str, version: int | None, document: Document, who: str, *, any_owner: bool = False
    ) -> Kept:
        """Put other words in place of one; raises Unknown…, NotYour… and StaleDocumentError.

        `version` is the one that was read; None changes whatever is there.
        """

        def act(connection: sa.Connection, old: Kept) -> Kept:
            new = Kept(old.id, old.version + 1, old.owner, document)
            same = self._rows.c.id == old.id
            connection.execute(sa.update(self._rows).where(same).values(**_row(new)))
            self._tell(connection, new, "change", old.document, who)
            return new

        return self._at(document_id, version, who, act, any_owner=any_owner)

    def remove(self, document_id: str, version: int | None, who: str, *, any_owner: bool = False) -> Kept:
        """Take one back; raises as `change`."""

        def act(connection: sa.Connection, old: Kept) -> Kept:
            connection.execute(sa.delete(self._rows).where(self._rows.c.id == old.id))
            self._tell(connection, old, "take back", old.document, who)
            return old

        return self._at(document_id, version, who, act, any_owner=any_owner)

    def _at(self, document_id: str, version: int | None, who: str, act: Act, *, any_owner: bool) -> Kept:
        with self._engine.begin() as connection:
            journal.queue(connection)
            old = self._one(connection, document_id)
            if not any_owner and old.owner != who:
                raise NotYourDocumentError(f"{self._kind.name} {document_id} is {old.owner}'s")
            if version is not None and version != old.version:
                raise StaleDocumentError(
                    f"found version {version}; it stands at {old.version}: read it again"
                )
            return act(connection, old)

    def _one(self, connection: sa.Connection, document_id: str) -> Kept:
        row = connection.execute(sa.select(self._rows).where(self._rows.c.id == document_id)).one_or_none()
        if row is None:
            raise UnknownDocumentError(f"no {self._kind.name} {document_id!r}")
        return _read(row)

    def _tell(
        self, connection: sa.Connection, told: Kept, action: str, old: Document | None, who: str
    ) -> None:
        new = None if action == "take back" else told.document
        subject, at, field = self._kind.subject + told.id, journal.now(), self._kind.name
        change = journal.Change(subject, told.version, action, field, old, new, who, at)
        journal.append(connection, [change])


def faults(connection: sa.Connection, kind: Kind) -> Iterator[str]:
    """Say where the documents of a kind are not what the journal makes them, one after another."""
    kept = {row.id: _read(row) for row in connection.execute(sa.select(rows_of(kind)))}
    for document_id, found in sorted(kept.items()):
        told = journal.history(connection, kind.subject + document_id)
        last = told[-1] if told else None
        if last is None or (last.new, last.version) != (found.document, found.version):
            yield f"{kind.subject}{document_id} is not what its changes make it"
    for subject in sorted(journal.subjects(connection, kind.subject)):
        if subject.removeprefix(kind.subject) not in kept:
            last = journal.history(connection, subject)[-1]
            if last.new is not None:
                yield f"{subject} is missing; its changes are there"


def _row(told: Kept) -> dict[str, Any]:
    text = json.dumps(told.document, ensure_ascii=False, sort_keys=True)
    return {"id": told.id, "version": told.version, "owner": told.owner, "document": text}


def _read(row: sa.Row[Any]) -> Kept:
    return Kept(row.id, row.version, row.owner, json.loads(row.document))


def rows_of(kind: Kind) -> sa.Table:
    """The table of a kind, as the migrations made it."""
    texts = [sa.Column(name, sa.String) for name in ("id", "owner", "document")]
    return sa.Table(kind.table, sa.MetaData(), *texts, sa.Column("version", sa.Integer))
