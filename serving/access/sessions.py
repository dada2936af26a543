"""Sessions of the pages: begun by signing in, found by the hash of their token, ended by either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from serving.access.accounts import User, read_user
from serving.access.tables import SESSIONS, USERS
from serving.access.tokens import digest, new_token

IDLE_SECONDS: Final = 12 * 3600
LONGEST_SECONDS: Final = 7 * 24 * 3600
TOUCH_SECONDS: Final = 300
"""A session that is used is noted this often, not at every request."""
MOST: Final = 20
"""Sessions of one user; a further one ends the oldest."""


@dataclass(frozen=True)
class Session:
    """One browser of one user; times in seconds since 1970."""

    digest: str
    user_name: str
    agent: str
    address: str
    began_at: int
    seen_at: int


class Sessions:
    """All sessions of one state database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep them in this state database."""
        self._engine = engine

    def begin(self, user: User, agent: str, address: str, now: int) -> str:
        """Return the token of a new session: fresh at every sign-in, never one that a browser brought."""
        token = new_token()
        values = {
            "digest": digest(token),
            "user_id": user.id,
            "agent": agent[:200],
            "address": address[:64],
            "began_at": now,
            "seen_at": now,
            "ends_at": now + LONGEST_SECONDS,
        }
        mine = SESSIONS.c.user_id == user.id
        kept = sa.select(SESSIONS.c.digest).where(mine).order_by(SESSIONS.c.seen_at.desc()).limit(MOST - 1)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SESSIONS).where(_over(now)))
            connection.execute(sa.delete(SESSIONS).where(mine, SESSIONS.c.digest.not_in(kept)))
            connection.execute(sa.insert(SESSIONS).values(values))
        return token

    def find(self, session: str, now: int) -> User | None:
        """Return whose session this is (by digest), None for one that is over."""
        columns = sa.select(USERS, SESSIONS.c.seen_at).join_from(
            SESSIONS, USERS, SESSIONS.c.user_id == USERS.c.id
        )
        query = columns.where(SESSIONS.c.digest == session, sa.not_(_over(now)), USERS.c.active)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= TOUCH_SECONDS:
            with self._engine.begin() as connection:
                touched = sa.update(SESSIONS).where(SESSIONS.c.digest == session)
                connection.execute(touched.values(seen_at=now))
        return read_user(row)

    def all(self, now: int, user_id: int | None = None) -> list[Session]:
        """Return the sessions of one user or of all, the latest used first."""
        columns = (
            sa.select(SESSIONS, USERS.c.name).join_from(SESSIONS, USERS, _THEIRS).where(sa.not_(_over(now)))
        )
        query = columns if user_id is None else columns.where(SESSIONS.c.user_id == user_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(SESSIONS.c.seen_at.desc(), SESSIONS.c.digest))
            return [
                Session(row.digest, row.name, row.agent, row.address, row.began_at, row.seen_at)
                for row in rows
            ]

    def end(self, session: str, user_id: int | None = None) -> bool:
        """End one session, of this user only if one is named; say whether there was one."""
        ended = sa.delete(SESSIONS).where(SESSIONS.c.digest == session)
        with self._engine.begin() as connection:
            found = connection.execute(ended if user_id is None else ended.where(_of(user_id)))
        return found.rowcount > 0

    def end_all(self, user_id: int, keep: str = "") -> int:
        """End all sessions of a user except `keep`; return how many."""
        ended = sa.delete(SESSIONS).where(_of(user_id), SESSIONS.c.digest != keep)
        with self._engine.begin() as connection:
            return int(connection.execute(ended).rowcount)


_THEIRS = SESSIONS.c.user_id == USERS.c.id


def _of(user_id: int) -> sa.ColumnElement[bool]:
    return SESSIONS.c.user_id == user_id


def _over(now: int) -> sa.ColumnElement[bool]:
    return sa.or_(SESSIONS.c.ends_at <= now, SESSIONS.c.seen_at <= now - IDLE_SECONDS)
