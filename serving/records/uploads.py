"""Files on their way in: kept under `home/uploads/ID` until they are imported or a day has passed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa

from features.store.permits import Permit

if TYPE_CHECKING:
    from features.settings import Settings

FOLDER = "uploads"
KEPT = timedelta(days=1)
"""So long files wait for somebody to say yes."""
REMEMBERED = timedelta(days=90)
"""So long is known what became of them; the ledger and the journal keep imports for good."""
MOST_WAITING = 20
"""Uploads of one person that may wait at a time."""
_uploads = sa.Table(
    "uploads",
    sa.MetaData(),
    *(sa.Column(name, sa.String) for name in ("id", "who", "at", "state", "files", "permit")),
    sa.Column("bytes", sa.BigInteger),
    *(sa.Column(name, sa.String) for name in ("outcome", "job")),
)


class State(StrEnum):
    """Where an upload is."""

    ARRIVED = "arrived"
    CHECKED = "checked"
    IMPORTING = "importing"
    IMPORTED = "imported"
    GONE = "gone"


class TooManyUploadsError(Exception):
    """Somebody has too many uploads waiting."""


class NotWaitingError(Exception):
    """Somebody else has imported or removed the upload meanwhile."""


@dataclass(frozen=True)
class Upload:
    """Some files that one person brought together, and what is known of them."""

    id: str
    who: str
    at: str
    state: State
    files: tuple[tuple[str, int], ...]
    bytes: int
    permit: Permit
    outcome: dict[str, Any] | None
    job: str | None


class Uploads:
    """The register of uploads."""

    def __init__(self, engine: sa.Engine, settings: Settings) -> None:
        """Use the state database and the home folder."""
        self._engine = engine
        self._root = settings.home.absolute() / FOLDER

    def folder(self, upload_id: str) -> Path:
        """Return where the files of an upload lie."""
        return self._root / upload_id

    def arrive(self, who: str, permit: Permit) -> tuple[str, Path]:
        """Return a fresh id and its empty folder; what has waited too long is removed first.

        Raises:
            TooManyUploadsError: too many of this person's wait already.
        """
        self.sweep()
        waiting = sa.select(sa.func.count()).where(
            _uploads.c.who == who, _uploads.c.state.in_([State.ARRIVED, State.CHECKED])
        )
        with self._engine.connect() as connection:
            if connection.execute(waiting).scalar_one() >= MOST_WAITING:
                raise TooManyUploadsError
        upload_id = uuid4().hex
        row = {"id": upload_id, "who": who, "at": _text(datetime.now(UTC)), "state": State.ARRIVED.value}
        row |= {"files": "[]", "permit": _permit_text(permit)}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_uploads), {**row, "bytes": 0})
        self.folder(upload_id).mkdir(parents=True)
        return upload_id, self.folder(upload_id)

    def complete(self, upload_id: str, files: Sequence[tuple[str, int]]) -> None:
        """Note down which files came, with their sizes."""
        size = sum(size for _, size in files)
        self._change(upload_id, None, files=json.dumps(list(files), ensure_ascii=False), bytes=size)

    def move(self, upload_id: str, before: State, after: State, **values: Any) -> bool:  # noqa: ANN401
        """Move an upload on, if it is where the caller thinks; `outcome` is a dict."""
        if "outcome" in values:
            values["outcome"] = json.dumps(values["outcome"], ensure_ascii=False)
        moved = self._change(upload_id, before, state=after, **values)
        if moved and after is State.GONE:
            self.remove_files(upload_id)
        return moved

    def imported(self, connection: sa.Connection, upload_id: str, outcome: dict[str, Any]) -> None:
        """Note down the import, in the transaction that makes it happen; raises if it was done already."""
        query = sa.update(_uploads).where(_uploads.c.id == upload_id, _uploads.c.state == State.IMPORTING)
        text = json.dumps(outcome, ensure_ascii=False)
        if connection.execute(query.values(state=State.IMPORTED, outcome=text)).rowcount != 1:
            raise NotWaitingError(upload_id)

    def remove_files(self, upload_id: str) -> None:
        """Remove the files of an upload that is imported."""
        shutil.rmtree(self.folder(upload_id), ignore_errors=True)

    def assign(self, upload_id: str, job: str) -> None:
        """Note down which job works on it."""
        self._change(upload_id, None, job=job)

    def permit(self, upload_id: str, permit: Permit) -> None:
        """Note down what the person who goes on may bring now."""
        self._change(upload_id, None, permit=_permit_text(permit))

    def find(self, upload_id: str) -> Upload | None:
        """Return one upload."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_uploads).where(_uploads.c.id == upload_id)).one_or_none()
        return None if row is None else _upload(row._asdict())

    def listed(self, who: str, most: int = 50) -> list[Upload]:
        """Return the newest uploads of one person, without those that were removed."""
        mine = sa.select(_uploads).where(_uploads.c.who == who, _uploads.c.state != State.GONE)
        query = mine.order_by(_uploads.c.at.desc()).limit(most)
        with self._engine.connect() as connection:
            return [_upload(row._asdict()) for row in connection.execute(query)]

    def sweep(self) -> None:
        """Remove files that have waited too long, and forget what came of old ones."""
        now = datetime.now(UTC)
        late = sa.select(_uploads.c.id, _uploads.c.state).where(
            _uploads.c.state.in_([State.ARRIVED, State.CHECKED, State.IMPORTING]),
            _uploads.c.at < _text(now - KEPT),
        )
        with self._engine.connect() as connection:
            found = connection.execute(late).all()
        for upload_id, state in found:
            self.move(upload_id, State(state), State.GONE)
        old = sa.delete(_uploads).where(
            _uploads.c.state.in_([State.IMPORTED, State.GONE]), _uploads.c.at < _text(now - REMEMBERED)
        )
        with self._engine.begin() as connection:
            connection.execute(old)

    def _change(self, upload_id: str, before: State | None, **values: Any) -> bool:  # noqa: ANN401
        query = sa.update(_uploads).where(_uploads.c.id == upload_id)
        if before is not None:
            query = query.where(_uploads.c.state == before)
        with self._engine.begin() as connection:
            return connection.execute(query.values(**values)).rowcount == 1


def _upload(row: dict[str, Any]) -> Upload:
    permit = json.loads(row["permit"])
    owners = None if permit["owners"] is None else frozenset(permit["owners"])
    return Upload(
        **{name: row[name] for name in ("id", "who", "at", "bytes", "job")},
        state=State(row["state"]),
        files=tuple((name, size) for name, size in json.loads(row["files"])),
        permit=Permit(owners, permit["reviews"]),
        outcome=json.loads(row["outcome"]) if row["outcome"] else None,
    )


def _permit_text(permit: Permit) -> str:
    owners = None if permit.owners is None else sorted(permit.owners)
    return json.dumps({"owners": owners, "reviews": permit.reviews})


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
