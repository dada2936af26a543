"""The outbox: what waits is leased, sent and ticked off; what fails is tried again for three days.

Delivery is *at least once*: a row is ticked off after the receiver has taken it, so a process that dies in
between sends it again. Every message keeps one id through all attempts (`webhook-id`, `Message-ID`, `id` in
MQTT), by which a receiver can drop the second copy; none of the three protocols can promise more.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from serving.warnings.keeping import OUTBOX

LEASE_SECONDS: Final = 120
MOST_TOGETHER: Final = 100
"""Warnings in one message."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, MOST_ATTEMPTS = 30, 6 * 3600, 20
"""Pauses double from the first to the longest: twenty attempts are three days."""
KEPT_DAYS: Final = 90


@dataclass(frozen=True)
class Entry:
    """One warning in a message: what is said of it, and the facts as they were."""

    row: int
    what: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Parcel:
    """One message on its way: `id` stays the same through all attempts."""

    id: str
    subscription_id: int
    attempts: int
    entries: tuple[Entry, ...]


def take(engine: sa.Engine, now: datetime | None = None) -> Iterator[Parcel]:
    """Lease what is due, one parcel after the other; another process gets none of these meanwhile."""
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    for subscription_id, message in _due(engine, at):
        parcel = _lease(engine, subscription_id, message, at)
        if parcel is not None:
            yield parcel


def _free(at: str) -> sa.ColumnElement[bool]:
    leased = OUTBOX.c.leased_until.is_not(None) & (OUTBOX.c.leased_until > at)
    return (OUTBOX.c.state == "waiting") & (OUTBOX.c.due_at <= at) & ~leased


def _due(engine: sa.Engine, at: str) -> list[tuple[int, str | None]]:
    pairs = sa.select(OUTBOX.c.subscription_id, OUTBOX.c.message).where(_free(at)).distinct()
    with engine.connect() as connection:
        rows = connection.execute(pairs.order_by(OUTBOX.c.subscription_id).limit(500)).all()
    return [(row.subscription_id, row.message) for row in rows]


def _lease(engine: sa.Engine, subscription_id: int, message: str | None, at: str) -> Parcel | None:
    """Take the rows of a message that was begun, or make a new one of those that belong to none.

    The update itself asks once more whether they are free: of two processes one gets them.
    """
    mine = _free(at) & (OUTBOX.c.subscription_id == subscription_id)
    mine &= OUTBOX.c.message.is_(None) if message is None else OUTBOX.c.message == message
    name = message or uuid.uuid4().hex
    until = datetime.fromisoformat(at) + timedelta(seconds=LEASE_SECONDS)
    with engine.begin() as connection:
        few = sa.select(OUTBOX.c.id).where(mine).order_by(OUTBOX.c.id).limit(MOST_TOGETHER).scalar_subquery()
        values = {"message": name, "leased_until": until.isoformat(timespec="seconds")}
        taken = connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id.in_(few), mine).values(values))
        if not taken.rowcount:
            return None
        rows = connection.execute(sa.select(OUTBOX).where(OUTBOX.c.message == name).order_by(OUTBOX.c.id))
        entries = [(row.id, row.what, json.loads(row.content), row.attempts) for row in rows]
    attempts = max(tries for *_, tries in entries)
    return Parcel(name, subscription_id, attempts, tuple(Entry(*rest) for *rest, _ in entries))


def sent(engine: sa.Engine, parcel: Parcel, now: datetime | None = None) -> None:
    """Tick a parcel off."""
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    _close(
        engine, parcel, state="sent", sent_at=at, attempts=parcel.attempts + 1, leased_until=None, fault=None
    )


def failed(
    engine: sa.Engine, parcel: Parcel, fault: str, *, for_good: bool = False, now: datetime | None = None
) -> None:
    """Note why it did not go out and when it is tried again; `for_good`: never."""
    attempts = parcel.attempts + 1
    pause = min(FIRST_PAUSE_SECONDS * 2 ** min(parcel.attempts, 30), LONGEST_PAUSE_SECONDS)
    due = (now or datetime.now(UTC)) + timedelta(seconds=pause)
    _close(
        engine,
        parcel,
        state="given_up" if for_good or attempts >= MOST_ATTEMPTS else "waiting",
        attempts=attempts,
        due_at=due.isoformat(timespec="seconds"),
        leased_until=None,
        fault=fault[:500],
    )


def drop(engine: sa.Engine, rows: Sequence[int]) -> None:
    """Take rows out that may not be said any more."""
    if rows:
        with engine.begin() as connection:
            statement = sa.update(OUTBOX).where(OUTBOX.c.id.in_(list(rows)))
            connection.execute(statement.values(state="dropped", leased_until=None))


def _close(engine: sa.Engine, parcel: Parcel, **values: Any) -> None:  # noqa: ANN401 - columns
    mine = (OUTBOX.c.message == parcel.id) & (OUTBOX.c.state == "waiting")
    with engine.begin() as connection:
        connection.execute(sa.update(OUTBOX).where(mine).values(values))


def history(engine: sa.Engine, subscription_id: int, limit: int = 20) -> list[dict[str, Any]]:
    """Return what was said to a subscription last: state, attempts, when, and the last fault."""
    names = ("id", "warning_id", "what", "state", "attempts", "due_at", "sent_at", "fault", "message")
    query = sa.select(*(OUTBOX.c[name] for name in names)).where(OUTBOX.c.subscription_id == subscription_id)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(OUTBOX.c.id.desc()).limit(limit))
        return [dict(row._mapping) for row in rows]


def counts(engine: sa.Engine) -> dict[str, int]:
    """Return how many rows wait, were sent, were given up."""
    query = sa.select(OUTBOX.c.state, sa.func.count()).group_by(OUTBOX.c.state)
    with engine.connect() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query)}


def wait_until(engine: sa.Engine) -> str | None:
    """Return when the next row is due, None if nothing waits."""
    query = sa.select(sa.func.min(OUTBOX.c.due_at)).where(OUTBOX.c.state == "waiting")
    with engine.connect() as connection:
        found: str | None = connection.execute(query).scalar()
    return found
