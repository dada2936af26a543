"""Requests that must happen once: `Idempotency-Key`, claimed before the work and answered in its transaction.

Whoever sends a key first claims it. The answer is written in the very transaction that makes the import
happen, so there is no moment at which one stands without the other. A refusal wrote nothing; it lets go of
the key, and the same call may come again once its cause is mended.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

KEPT_DAYS = 30
"""How long an answer can be had again."""
CLAIMED_MINUTES = 15
"""After so long without an answer whoever had the key is taken for dead, and the next may try."""
_requests = sa.Table(
    "requests",
    sa.MetaData(),
    *(sa.Column(name, sa.String) for name in ("who", "key", "digest", "at", "claim", "answer")),
)


class KeyReusedError(Exception):
    """The key was sent before with another request."""


class KeyBusyError(Exception):
    """The request with this key is being worked on."""


def digest_of(*parts: bytes) -> str:
    """Return the SHA-256 of what makes two requests the same."""
    lengths = b"".join(len(part).to_bytes(8) for part in parts)
    return hashlib.sha256(lengths + b"".join(parts)).hexdigest()


class Claim:
    """One attempt to answer the request `key` of `who`."""

    def __init__(self, engine: sa.Engine, who: str, key: str, digest: str) -> None:
        """Nothing is claimed yet."""
        self._engine, self._digest = engine, digest
        self._name = uuid4().hex
        self._mine = (_requests.c.who == who, _requests.c.key == key)
        self._row = {"who": who, "key": key, "digest": digest, "claim": self._name}

    def answer(self) -> str | None:
        """Claim the key, or return the answer that was given before.

        Raises:
            KeyReusedError: it was sent with another request.
            KeyBusyError: somebody is at it.
        """
        now = datetime.now(UTC)
        try:
            with self._engine.begin() as connection:
                self._forget(connection, now - timedelta(days=KEPT_DAYS))
                connection.execute(sa.insert(_requests), {**self._row, "at": _text(now)})
            return None
        except sa.exc.IntegrityError:
            return self._again(now)

    def keep(self, connection: sa.Connection, answer: str) -> None:
        """Write the answer, in the transaction of the work; raises KeyBusyError if the claim was lost."""
        held = sa.and_(*self._mine, _requests.c.claim == self._name)
        done = connection.execute(sa.update(_requests).where(held).values(answer=answer))
        if done.rowcount != 1:
            raise KeyBusyError

    def release(self) -> None:
        """Let go of the key, unless there is an answer."""
        held = sa.and_(*self._mine, _requests.c.claim == self._name, _requests.c.answer.is_(None))
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_requests).where(held))

    def _again(self, now: datetime) -> str | None:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_requests).where(*self._mine)).one_or_none()
        if row is None:  # let go of this moment
            raise KeyBusyError
        if row.digest != self._digest:
            raise KeyReusedError
        if row.answer is not None:
            return str(row.answer)
        if row.at > _text(now - timedelta(minutes=CLAIMED_MINUTES)) or not self._take_over(row.claim, now):
            raise KeyBusyError
        return None

    def _take_over(self, claim: str, now: datetime) -> bool:
        held = sa.and_(*self._mine, _requests.c.claim == claim, _requests.c.answer.is_(None))
        with self._engine.begin() as connection:
            taken = connection.execute(
                sa.update(_requests).where(held).values(claim=self._name, at=_text(now))
            )
        return taken.rowcount == 1

    def _forget(self, connection: sa.Connection, before: datetime) -> None:
        connection.execute(sa.delete(_requests).where(_requests.c.at < _text(before)))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
