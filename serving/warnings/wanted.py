"""Checks of a subscription before it is kept: an address that can be had, enterprises that may be seen."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from features import journal
from serving.access import Person, Role
from serving.warnings.channels import mail, webhook
from serving.warnings.finding import Channel
from serving.warnings.keeping import OUTBOX, text_of
from serving.warnings.settings import WarningSettings
from serving.warnings.subscriptions import Subscription, SubscriptionError

Enterprises = Mapping[str, Mapping[str, Any]]
LONGEST_LIST = 1000


def checked(wanted: Subscription, person: Person, enterprises: Enterprises, ways: WarningSettings) -> None:
    """Refuse what cannot be had; raises SubscriptionError with what was found and what is allowed."""
    hidden = sorted(
        name
        for name in wanted.enterprises
        if name not in enterprises or not person.sees_numbers(enterprises[name])
    )
    if hidden:
        raise SubscriptionError(f"enterprises: found {', '.join(hidden[:5])[:200]}; allowed: those you see")
    if not set(available(person, ways)) & {wanted.channel}:
        raise SubscriptionError(
            f"channel: found {wanted.channel}; it is not set up here, or not yours to use"
        )
    try:
        _check_address(wanted, ways)
    except (mail.MailAddressError, webhook.UnsafeAddressError) as error:
        raise SubscriptionError(str(error)) from error


def available(person: Person, ways: WarningSettings) -> tuple[Channel, ...]:
    """Return the ways a person may use; MQTT is an administrator's: who reads a broker reads all of it."""
    found = [Channel.PAGE, Channel.WEBHOOK]
    if ways.smtp_url is not None:
        found.append(Channel.MAIL)
    if ways.mqtt_url is not None and person.has(Role.ADMIN):
        found.append(Channel.MQTT)
    return tuple(found)


def _check_address(wanted: Subscription, ways: WarningSettings) -> None:
    if wanted.channel is Channel.MAIL:
        mail.checked(wanted.address, ways.mail_domains)
    elif wanted.channel is Channel.WEBHOOK:
        _check_url(wanted.address, webhook.Allowed.of(ways.webhook_allow))
    elif wanted.address:
        raise SubscriptionError(f"address: found one; allowed is none for {wanted.channel}")


def _check_url(url: str, allowed: webhook.Allowed) -> None:
    """Check what can be told without asking for names; each is looked at again when something is sent."""
    parts = webhook.checked(url)
    host = (parts.hostname or "").rstrip(".").lower()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if parts.scheme != "https" and host not in allowed.hosts:
            raise webhook.UnsafeAddressError(
                "webhook: found http; allowed is https, http only inside the house"
            ) from None
    else:
        webhook.safe_address(url, allowed, lambda name, _port: [name])


def try_out(engine: sa.Engine, subscription: Subscription) -> None:
    """Put a message into the outbox that only says that it arrived."""
    at = journal.now()
    mine = (OUTBOX.c.subscription_id == subscription.id) & (OUTBOX.c.warning_id == 0)
    with engine.begin() as connection:
        journal.queue(connection)
        number = connection.execute(sa.select(sa.func.count()).select_from(OUTBOX).where(mine)).scalar() or 0
        waiting = mine & (OUTBOX.c.state == "waiting")
        if connection.execute(sa.select(OUTBOX.c.id).where(waiting).limit(1)).first():
            return  # one that waits already says as much
        row = {
            "warning_id": 0,
            "subscription_id": subscription.id,
            "number": number + 1,
            "what": "test",
            "weight": 0.0,
            "content": text_of(
                {"id": 0, "kind": "test", "enterprise_id": None, "period": at[:7], "facts": {}}
            ),
            "state": "waiting",
            "attempts": 0,
            "due_at": at,
        }
        connection.execute(sa.insert(OUTBOX), [row])
