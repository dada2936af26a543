"""A job as people and programs see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from serving.access import Person, Role


class State(StrEnum):
    """Where a job is; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True)
class Job:
    """One piece of work outside the requests.

    Times are seconds since 1970 by the database's clock, so that several hosts agree. `attempt` counts how
    often it was begun, `deaths` how often a process died of it; `done` of `total` steps are done, 0 of 0: the
    end is not known. `cancelling`: somebody wants it to stop, and it has not yet.
    """

    number: int
    id: str
    kind: str
    arguments: dict[str, Any]
    who: str
    enterprise_id: str | None
    key: str | None
    lane: str | None
    state: State
    queued_at: float
    started_at: float | None
    finished_at: float | None
    worker: str | None
    attempt: int
    deaths: int
    cancelling: bool
    stage: str
    done: int
    total: int
    result: dict[str, Any] | None
    error: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ENDS

    def seen_by(self, person: Person, roles: tuple[Role, ...]) -> bool:
        """Say whether a person may know of it: who asked for it, and of work for all the kind's `roles`."""
        if person.has() or self.who == person.name:
            return True
        return self.enterprise_id is None and bool(roles) and person.has(*roles)


def iso(seconds: float | None) -> str | None:
    """Return a time as ISO 8601 in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
