"""The postman: takes what is due from the outbox, asks once more who may see it, and sends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
import structlog

from serving.warnings import outbox
from serving.warnings.channels.message import Message, UndeliveredError
from serving.warnings.finding import Channel
from serving.warnings.keeping import LOOKS
from serving.warnings.looking import Audience
from serving.warnings.outbox import Entry, Parcel
from serving.warnings.register import MACHINE, UnknownWarningError, find
from serving.warnings.settings import WarningSettings, signing_secret
from serving.warnings.subscriptions import Subscription, UnknownSubscriptionError, get

if TYPE_CHECKING:
    from features.settings import Settings

PAUSE_SECONDS: Final = 5.0
DAILY: Final = "daily"
WORDS: Final = "serving.web.warning_words:composed"
"""What puts a message into words. Named, not imported: pages import this room, so it cannot import them."""
Compose = Callable[[str, Subscription, tuple[Entry, ...], str], Message]
"""Message id, reader, entries and address of the pages → the message."""


def deliver_until(settings: Settings, stopping: threading.Event) -> None:
    """Deliver what is due every few seconds until `stopping`; several processes may do so at once."""
    from features.store.database import open_database

    log, engine = structlog.get_logger("zhuoyue.warnings"), None
    try:
        while not stopping.is_set():
            try:
                engine = engine or open_database(settings, pooled=True)
                deliver(engine, settings)
                look_daily(engine)
            except Exception as error:  # the database or the records are away: what waits keeps waiting
                log.warning("warnings are not delivered at the moment", error=str(error).partition("\n")[0])
            stopping.wait(PAUSE_SECONDS)
    finally:
        if engine is not None:
            engine.dispose()


def look_daily(engine: sa.Engine, now: datetime | None = None) -> bool:
    """Ask for a look if the last one asked for is a day old: silence is found while nothing comes.

    Of several processes one asks; the look itself is a job and runs in a process of its own.
    """
    from serving.jobs import enqueue

    at = now or datetime.now(UTC)
    before = (at - timedelta(days=1)).isoformat(timespec="seconds")
    mine = (LOOKS.c.kind == DAILY) & (LOOKS.c.at <= before)
    values = {"at": at.isoformat(timespec="seconds"), "facts": "{}"}
    with engine.begin() as connection:
        asked = connection.execute(sa.update(LOOKS).where(mine).values(values)).rowcount
    if not asked and not _first(engine, values):
        return False
    enqueue(engine, "warn", {}, MACHINE)
    return True


def _first(engine: sa.Engine, values: dict[str, str]) -> bool:
    """Say whether nobody has ever asked; of several processes the database lets one in."""
    with engine.connect() as connection:
        if connection.execute(sa.select(LOOKS.c.at).where(LOOKS.c.kind == DAILY)).first():
            return False
    try:
        with engine.begin() as connection:
            connection.execute(sa.insert(LOOKS).values(kind=DAILY, **values))
    except sa.exc.IntegrityError:
        return False
    return True


def deliver(
    engine: sa.Engine,
    settings: Settings,
    ways: WarningSettings | None = None,
    compose: Compose | None = None,
) -> dict[str, int]:
    """Send what is due now; return how many messages were sent, failed or dropped."""
    ways = ways or WarningSettings()
    done = {"sent": 0, "failed": 0, "dropped": 0}
    audience = Audience(engine, settings)
    for parcel in outbox.take(engine):
        done[_deliver(engine, settings, audience, ways, compose or _words(), parcel)] += 1
    return done


def _words() -> Compose:
    module, _, name = WORDS.partition(":")
    found: Compose = getattr(import_module(module), name)
    return found


def _deliver(
    engine: sa.Engine,
    settings: Settings,
    audience: Audience,
    ways: WarningSettings,
    compose: Compose,
    parcel: Parcel,
) -> str:
    log = structlog.get_logger("zhuoyue.warnings").bind(
        message=parcel.id, subscription=parcel.subscription_id
    )
    try:
        subscription = get(engine, None, parcel.subscription_id)
    except UnknownSubscriptionError:
        outbox.drop(engine, [entry.row for entry in parcel.entries])
        return "dropped"
    kept = _still_visible(engine, audience, subscription, parcel)
    if not kept.entries:
        return "dropped"
    try:
        message = compose(kept.id, subscription, kept.entries, ways.public_url)
        dispatch(settings, ways, subscription, message)
    except UndeliveredError as error:
        outbox.failed(engine, kept, str(error), for_good=error.for_good)
        log.warning("not delivered", channel=str(subscription.channel), reason=str(error)[:200])
        return "failed"
    except Exception as error:  # one broken message must not keep the others from leaving
        outbox.failed(engine, kept, f"{type(error).__name__}: {error}")
        log.error("not delivered", channel=str(subscription.channel), exc_info=error)
        return "failed"
    outbox.sent(engine, kept)
    return "sent"


def _still_visible(
    engine: sa.Engine, audience: Audience, subscription: Subscription, parcel: Parcel
) -> Parcel:
    """Drop what the person may not see any more: roles and scopes change while messages wait."""
    reader = audience.reader(subscription) if subscription.active else None
    gone: list[Entry] = []
    kept: list[Entry] = []
    for entry in parcel.entries:
        try:
            seen = reader is not None and reader.allowed(find(engine, int(entry.content["id"])))
        except UnknownWarningError:
            seen = entry.what == "test" and reader is not None
        (kept if seen else gone).append(entry)
    outbox.drop(engine, [entry.row for entry in gone])
    return replace(parcel, entries=tuple(kept))


def dispatch(settings: Settings, ways: WarningSettings, one: Subscription, message: Message) -> None:
    """Send a message by the channel of a subscription; raises UndeliveredError."""
    from serving.warnings.channels import mail, mqtt, webhook

    if one.channel is Channel.WEBHOOK:
        allowed = webhook.Allowed.of(ways.webhook_allow)
        webhook.send(message, one.address, signing_secret(settings.home, one.id), allowed)
    elif one.channel is Channel.MAIL:
        if ways.smtp_url is None:
            raise UndeliveredError("no mail server is set (ZHUOYUE_SMTP_URL)")
        mail.send(message, one.address, ways.smtp_url.get_secret_value(), ways.mail_from)
    elif one.channel is Channel.MQTT:
        if ways.mqtt_url is None:
            raise UndeliveredError("no MQTT broker is set (ZHUOYUE_MQTT_URL)")
        mqtt.send(message, ways.mqtt_url.get_secret_value(), ways.mqtt_topic)
