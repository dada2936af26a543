"""Which subscription is told of which warning: in the very transaction that raises it, so nothing is lost.

A subscription is told of a warning once, again only when it has got worse by `WORSE`, and once more at its
end. What it was told is what stands in the outbox; the database allows no row of the same number twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from serving.access import Person
from serving.warnings.finding import WORSE, Rhythm
from serving.warnings.keeping import OUTBOX, WARNINGS, Warned, text_of, warned
from serving.warnings.subscriptions import Subscription, sees

RECENT_DAYS: Final = 2
"""Resolved warnings are looked back at so long, to tell of their end."""
Enterprises = Mapping[str, Mapping[str, Any]]


class Reader(NamedTuple):
    """A subscription whose person is known, with the enterprises of the store."""

    subscription: Subscription
    person: Person
    enterprises: Enterprises

    def allowed(self, one: Warned) -> bool:
        """Say whether the person may see it now."""
        return sees(self.person, one, self.enterprises)


class Told(NamedTuple):
    """What one subscription heard of one warning: how often, how bad it was, whether of its end last."""

    times: int = 0
    weight: float = 0.0
    ended: bool = False


def address(connection: sa.Connection, readers: Sequence[Reader], at: str, digest_hour: int) -> int:
    """Write into the outbox what every reader is to be told now; return how many rows."""
    if not readers:
        return 0
    since = (datetime.fromisoformat(at) - timedelta(days=RECENT_DAYS)).isoformat(timespec="seconds")
    query = sa.select(WARNINGS).where(WARNINGS.c.open | (WARNINGS.c.resolved_at >= since))
    present = [warned(row) for row in connection.execute(query.order_by(WARNINGS.c.id))]
    heard = _heard(connection, [one.id for one in present])
    rows = []
    for reader in readers:
        due = due_at(reader.subscription.rhythm, at, digest_hour)
        for one in present:
            told = heard[one.id].get(reader.subscription.id, Told())
            what = _due(reader, one, told)
            if what is not None:
                rows.append(_row(reader.subscription, one, what, told.times + 1, due))
    if rows:
        connection.execute(sa.insert(OUTBOX), rows)
    return len(rows)


def _due(reader: Reader, one: Warned, told: Told) -> str | None:
    """Return what is to be said (`raised`, `worse`, `back`, `resolved`), None for nothing."""
    if not reader.allowed(one):
        return None
    if not one.open:
        return "resolved" if told.times and not told.ended and reader.subscription.endings else None
    if not reader.subscription.wants(one):
        return None
    if not told.times:
        return "raised" if one.acknowledged_at is None else None
    if told.ended:
        return "back"  # whoever heard of its end would take it for over
    return "worse" if one.weight >= told.weight + WORSE[one.kind] else None


def _heard(connection: sa.Connection, warning_ids: list[int]) -> dict[int, dict[int, Told]]:
    found: dict[int, dict[int, Told]] = defaultdict(dict)
    columns = (OUTBOX.c.warning_id, OUTBOX.c.subscription_id, OUTBOX.c.weight, OUTBOX.c.what)
    for start in range(0, len(warning_ids), 500):
        mine = OUTBOX.c.warning_id.in_(warning_ids[start : start + 500])
        for row in connection.execute(sa.select(*columns).where(mine).order_by(OUTBOX.c.number)):
            before = found[row.warning_id].get(row.subscription_id, Told())
            found[row.warning_id][row.subscription_id] = Told(
                before.times + 1, max(before.weight, row.weight), row.what == "resolved"
            )
    return found


def _row(subscription: Subscription, one: Warned, what: str, number: int, due: str) -> dict[str, Any]:
    return {
        "warning_id": one.id,
        "subscription_id": subscription.id,
        "number": number,
        "what": what,
        "weight": one.weight,
        "content": text_of(content_of(one)),
        "state": "waiting",
        "attempts": 0,
        "due_at": due,
    }


def content_of(one: Warned) -> dict[str, Any]:
    """Return what a message says of a warning: facts, no words."""
    return {
        "id": one.id,
        "kind": str(one.kind),
        "enterprise_id": one.enterprise_id,
        "period": one.period,
        "weight": one.weight,
        "raised_at": one.raised_at,
        "resolved_at": one.resolved_at,
        "facts": one.facts,
    }


def due_at(rhythm: Rhythm, at: str, hour: int) -> str:
    """Return when a message of this rhythm leaves: at once, at the next `hour` UTC, or on the next Monday."""
    now = datetime.fromisoformat(at).astimezone(UTC)
    if rhythm is Rhythm.AT_ONCE:
        return now.isoformat(timespec="seconds")
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    while then <= now or (rhythm is Rhythm.WEEKLY and then.weekday() != 0):
        then += timedelta(days=1)
    return then.isoformat(timespec="seconds")
