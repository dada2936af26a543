"""Guessing is slow: how often a name, an address, and both together may try in a quarter of an hour.

An attempt is counted before the password is looked at, so that guesses sent side by side count too; names
that nobody has are counted like others, so that a lock tells nothing. Somebody who guesses at a name from one
address locks that pair, not the person's own desk; only very many guesses from everywhere lock the name.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

import sqlalchemy as sa

from serving.access.tables import ATTEMPTS

WINDOW_SECONDS: Final = 15 * 60
PAIR, ADDRESS, NAME = 5, 50, 100
"""Attempts a window: one name from one address, any names from one address, one name from anywhere."""


class Attempt(NamedTuple):
    """Who tries from where."""

    name: str
    address: str

    def counters(self) -> dict[str, int]:
        """Return what counts it, with its limit."""
        return {
            _key("pair", self.name, self.address): PAIR,
            _key("address", self.address): ADDRESS,
            _key("name", self.name): NAME,
        }


class Attempts:
    """The counters, shared by all processes."""

    def __init__(self, engine: sa.Engine) -> None:
        """Count in this state database."""
        self._engine = engine

    def count(self, attempt: Attempt, now: int) -> int:
        """Count one; return 0 if it may go on, else the seconds until it may."""
        with self._engine.begin() as connection:
            waits = [_counted(connection, key, limit, now) for key, limit in attempt.counters().items()]
        return max(waits)

    def succeeded(self, attempt: Attempt, now: int) -> None:
        """Forget what a person mistyped before getting it right; the address gives back only this one."""
        pair, address, name = attempt.counters()
        with self._engine.begin() as connection:
            forgotten = ATTEMPTS.c.key.in_([pair, name]) | (ATTEMPTS.c.since <= now - WINDOW_SECONDS)
            connection.execute(sa.delete(ATTEMPTS).where(forgotten))
            back = sa.update(ATTEMPTS).where(ATTEMPTS.c.key == address, ATTEMPTS.c.count > 0)
            connection.execute(back.values(count=ATTEMPTS.c.count - 1))


def _counted(connection: sa.Connection, key: str, limit: int, now: int) -> int:
    """Count in one statement: what many do at the same moment is counted as many."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    over = ATTEMPTS.c.since <= now - WINDOW_SECONDS
    more = {
        "count": sa.case((over, 1), else_=ATTEMPTS.c.count + 1),
        "since": sa.case((over, now), else_=ATTEMPTS.c.since),
    }
    insert = dialect.insert(ATTEMPTS).values(key=key, count=1, since=now)
    counting = insert.on_conflict_do_update(index_elements=["key"], set_=more)
    found = connection.execute(counting.returning(ATTEMPTS.c.count, ATTEMPTS.c.since)).one()
    count, since = found
    return max(1, since + WINDOW_SECONDS - now) if count > limit else 0


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
