"""The desk at the door: who holds a session or a key. Remembered for seconds, so that reading stays fast."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, time
from typing import TYPE_CHECKING, Final

from serving.access.person import Person
from serving.access.tokens import KEY_MARK, digest, form_token

if TYPE_CHECKING:
    import sqlalchemy as sa

REMEMBERED_SECONDS: Final = 3.0
"""A right that another process takes away is gone after this; one that this process takes away, at once."""
MOST: Final = 20_000
WRONG_PER_MINUTE: Final = 30
"""Keys that nobody has, from one address."""


@dataclass(frozen=True)
class Guest:
    """Who asks by what: `session` and `csrf` are empty for a key, which no browser sends by itself."""

    person: Person
    session: str = ""
    csrf: str = ""
    must_change: bool = False


class Desk:
    """Looks credentials up; safe to share between threads."""

    def __init__(self, engine: Callable[[], sa.Engine]) -> None:
        """Look in the state database that `engine` gives at the first question."""
        self._engine = engine
        self._known: dict[str, tuple[float, Guest]] = {}
        self._wrong: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()
        self._era = 0

    def remembered(self, token: str) -> Guest | None:
        """Return who was found with this token a moment ago; takes microseconds."""
        found = self._known.get(digest(token))
        return found[1] if found is not None and found[0] > monotonic() else None

    def look_up(self, token: str, address: str) -> Guest | None:
        """Return whose token this is, asking the database; None for nobody's."""
        era, name = self._era, digest(token)
        guest = self._key(name) if token.startswith(KEY_MARK) else self._session(name, token)
        with self._lock:
            if guest is None:
                self._count_wrong(address)
            elif era == self._era and not guest.must_change:  # else it changes while we look, or any moment
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[name] = (monotonic() + REMEMBERED_SECONDS, guest)
        return guest

    def tired_of(self, address: str) -> bool:
        """Say whether too many wrong keys came from an address within a minute."""
        since, count = self._wrong.get(address, (0.0, 0))
        return count >= WRONG_PER_MINUTE and monotonic() - since < 60

    def forget(self) -> None:
        """Look everybody up again: rights were changed here."""
        with self._lock:
            self._era += 1
            self._known.clear()

    def _key(self, name: str) -> Guest | None:
        from serving.access.keys import Keys

        person = Keys(self._engine()).find(name, int(time()))
        return Guest(person) if person else None

    def _session(self, name: str, token: str) -> Guest | None:
        from serving.access.sessions import Sessions

        user = Sessions(self._engine()).find(name, int(time()))
        return Guest(user.person, name, form_token(token), user.must_change) if user else None

    def _count_wrong(self, address: str) -> None:
        since, count = self._wrong.get(address, (monotonic(), 0))
        if monotonic() - since >= 60:
            since, count = monotonic(), 0
        if len(self._wrong) >= MOST:
            self._wrong.clear()
        self._wrong[address] = (since, count + 1)
