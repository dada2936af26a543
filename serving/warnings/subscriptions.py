"""Who wants to be told of what, by which way, from which probability on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from features import journal
from serving.access import Person
from serving.warnings.finding import CHANCES, USUAL_CHANCE, Channel, Kind, Rhythm
from serving.warnings.keeping import OUTBOX, SUBSCRIPTIONS, Warned, inserted, text_of

MOST: Final = 20
"""Subscriptions of one person."""


class UnknownSubscriptionError(LookupError):
    """The person has no such subscription."""


class SubscriptionError(ValueError):
    """A subscription that cannot be had."""


@dataclass(frozen=True)
class Subscription:
    """One person, one way. Empty `kinds` and `enterprises` mean all that the person may see."""

    person: str
    channel: Channel
    address: str = ""
    kinds: frozenset[Kind] = frozenset()
    enterprises: frozenset[str] = frozenset()
    chance: float = USUAL_CHANCE
    rhythm: Rhythm = Rhythm.AT_ONCE
    language: str = "zh"
    endings: bool = True
    active: bool = True
    id: int = 0
    created_at: str = ""
    version: int = 1

    def wants(self, one: Warned) -> bool:
        """Say whether a warning is one of those asked for, whatever the person may see."""
        if self.kinds and one.kind not in self.kinds:
            return False
        if self.enterprises and one.enterprise_id not in self.enterprises:
            return False
        return one.kind not in CHANCES or one.weight >= self.chance


def sees(person: Person, one: Warned, enterprises: Mapping[str, Mapping[str, Any]]) -> bool:
    """Say whether a person may know of it: by numbers or details of its enterprise, of the model by role."""
    from serving.access import Role

    if one.enterprise_id is None:
        return person.has(Role.SCIENTIST) or person.scope.everything
    row = enterprises.get(one.enterprise_id)
    if row is None:
        return False
    return person.sees_details(row) if one.kind is Kind.CHART else person.sees_numbers(row)


def of_person(engine: sa.Engine, person: str) -> list[Subscription]:
    """Return the subscriptions of a person, the oldest first."""
    query = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.person == person).order_by(SUBSCRIPTIONS.c.id)
    with engine.connect() as connection:
        return [_load(row) for row in connection.execute(query)]


def active(connection: sa.Connection) -> list[Subscription]:
    """Return everybody's subscriptions that send something."""
    wanted = SUBSCRIPTIONS.c.active & (SUBSCRIPTIONS.c.channel != Channel.PAGE)
    query = sa.select(SUBSCRIPTIONS).where(wanted).order_by(SUBSCRIPTIONS.c.id)
    return [_load(row) for row in connection.execute(query)]


def get(engine: sa.Engine, person: str | None, number: int) -> Subscription:
    """Return one subscription (of this person); raises UnknownSubscriptionError."""
    query = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == number)
    if person is not None:
        query = query.where(SUBSCRIPTIONS.c.person == person)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownSubscriptionError(f"subscription: found {number}; that is none of yours")
    return _load(row)


def add(engine: sa.Engine, wanted: Subscription) -> Subscription:
    """Keep a new subscription; raises SubscriptionError where there are too many."""
    at = journal.now()
    with engine.begin() as connection:
        journal.queue(connection)
        mine = SUBSCRIPTIONS.c.person == wanted.person
        own = sa.select(sa.func.count()).select_from(SUBSCRIPTIONS).where(mine)
        if (connection.execute(own).scalar() or 0) >= MOST:
            raise SubscriptionError(f"subscriptions: found {MOST} already; allowed are no more")
        one = wanted.channel is Channel.PAGE
        if one and connection.execute(own.where(SUBSCRIPTIONS.c.channel == Channel.PAGE)).scalar():
            raise SubscriptionError("channel: found a second 'page'; allowed is one a person")
        kept = replace(wanted, created_at=at, version=1)
        number = inserted(connection, SUBSCRIPTIONS, _row(kept))
        _tell(connection, number, "subscribe", wanted.person, _row(kept))
    return replace(kept, id=number)


def change(engine: sa.Engine, after: Subscription) -> Subscription:
    """Write a subscription anew; `after.version` is the one that was read.

    Raises:
        UnknownSubscriptionError, StaleSubscriptionError.
    """
    with engine.begin() as connection:
        journal.queue(connection)
        mine = (SUBSCRIPTIONS.c.id == after.id) & (SUBSCRIPTIONS.c.person == after.person)
        present = connection.execute(sa.select(SUBSCRIPTIONS.c.version).where(mine)).scalar()
        if present is None:
            raise UnknownSubscriptionError(f"subscription: found {after.id}; that is none of yours")
        if present != after.version:
            raise StaleSubscriptionError(
                f"subscription {after.id}: found version {after.version}, not {present}"
            )
        kept = replace(after, version=present + 1)
        connection.execute(sa.update(SUBSCRIPTIONS).where(mine).values(_row(kept)))
        _tell(connection, after.id, "change", after.person, _row(kept))
    return kept


class StaleSubscriptionError(ValueError):
    """Somebody changed it in between."""


def drop(engine: sa.Engine, person: str, number: int) -> None:
    """End a subscription and whatever still waits for it; raises UnknownSubscriptionError."""
    with engine.begin() as connection:
        journal.queue(connection)
        mine = (SUBSCRIPTIONS.c.id == number) & (SUBSCRIPTIONS.c.person == person)
        if not connection.execute(sa.delete(SUBSCRIPTIONS).where(mine)).rowcount:
            raise UnknownSubscriptionError(f"subscription: found {number}; that is none of yours")
        waiting = (OUTBOX.c.subscription_id == number) & (OUTBOX.c.state == "waiting")
        connection.execute(sa.update(OUTBOX).where(waiting).values(state="dropped"))
        _tell(connection, number, "unsubscribe", person, {"active": False})


def _row(one: Subscription) -> dict[str, Any]:
    return {
        "person": one.person,
        "channel": str(one.channel),
        "address": one.address,
        "kinds": text_of(sorted(one.kinds)),
        "enterprises": text_of(sorted(one.enterprises)),
        "chance": one.chance,
        "rhythm": str(one.rhythm),
        "language": one.language,
        "endings": one.endings,
        "active": one.active,
        "created_at": one.created_at,
        "version": one.version,
    }


def _load(row: Any) -> Subscription:  # noqa: ANN401 - a row of `SUBSCRIPTIONS`
    fields = dict(row._mapping)
    return Subscription(
        **{
            **fields,
            "channel": Channel(fields["channel"]),
            "rhythm": Rhythm(fields["rhythm"]),
            "kinds": frozenset(Kind(name) for name in json.loads(fields["kinds"])),
            "enterprises": frozenset(json.loads(fields["enterprises"])),
        }
    )


def _tell(connection: sa.Connection, number: int, act: str, who: str, facts: Mapping[str, Any]) -> None:
    """Note it in the journal; addresses are people's own business and stay out of it."""
    told = {name: value for name, value in facts.items() if name not in ("address", "person")}
    journal.append(connection, journal.event(f"subscription:{number}", act, who, told))
