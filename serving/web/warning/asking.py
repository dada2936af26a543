"""Which warnings somebody may see: the one question behind page, badge and API."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

from fastapi import Request

from serving.access import Person

if TYPE_CHECKING:
    from serving.warnings.keeping import Warned
    from serving.warnings.subscriptions import Subscription

BELIEVED_SECONDS = 3.0
"""How long the list of warnings is believed before the database is asked again: every page shows a badge."""
LATELY_DAYS = 30


class Shown:
    """The present warnings, read at most every few seconds by all requests together."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._lock = threading.Lock()
        self._read = float("-inf")
        self._rows: list[Warned] = []

    def rows(self, engine: Any) -> list[Warned]:  # noqa: ANN401 - an engine, imported where it is needed
        """Return open warnings and those resolved lately."""
        from serving.warnings.register import every, recently

        with self._lock:
            if monotonic() - self._read >= BELIEVED_SECONDS:
                self._rows = every(engine, resolved_since=recently(LATELY_DAYS))
                self._read = monotonic()
            return self._rows

    def forget(self) -> None:
        """Ask the database at the next question: somebody has just changed something here."""
        with self._lock:
            self._read = float("-inf")


def shown(request: Request) -> Shown:
    """Return what this application remembers of warnings."""
    found = getattr(request.app.state, "warnings_shown", None)
    if found is None:
        found = request.app.state.warnings_shown = Shown()
    kept: Shown = found
    return kept


def engine_of(request: Request) -> Any:  # noqa: ANN401 - an engine, imported where it is needed
    """Return the engine of the state database."""
    return request.app.state.database.engine


def seen_by(request: Request, person: Person) -> list[Warned]:
    """Return the warnings that a person may see, the newest first."""
    from serving.warnings.subscriptions import sees

    enterprises = request.app.state.reading.enterprises()
    return [one for one in shown(request).rows(engine_of(request)) if sees(person, one, enterprises)]


def own_filter(request: Request, person: Person) -> Subscription:
    """Return the person's choice of what the page shows; the usual one where none was made."""
    from serving.warnings.finding import Channel
    from serving.warnings.subscriptions import Subscription, of_person

    mine = of_person(engine_of(request), person.name)
    usual = Subscription(person.name, Channel.PAGE)
    return next((one for one in mine if one.channel is Channel.PAGE), usual)


def badge(request: Request, person: Person) -> int:
    """Return how many warnings wait for this person; 0 where that cannot be told at the moment."""
    try:
        wanted = own_filter(request, person)
        return sum(one.state == "open" and wanted.wants(one) for one in seen_by(request, person))
    except Exception:  # the page itself reports what is wrong; a badge must not hide that report
        return 0
