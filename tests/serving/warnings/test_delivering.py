"""From a finding to a receiver, end to end; and what is dropped because somebody may not see it any more."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from serving.access import LOCAL_ADMINISTRATOR, Role
from serving.access.accounts import Accounts
from serving.access.person import Scope
from serving.warnings import deliver_until, outbox
from serving.warnings.addressing import Reader
from serving.warnings.channels.message import UndeliveredError
from serving.warnings.delivering import deliver, look_daily
from serving.warnings.finding import Channel
from serving.warnings.register import reconcile
from serving.warnings.settings import KEY_FILE, WarningSettings, signing_secret
from serving.warnings.subscriptions import Subscription, add
from serving.warnings.wanted import try_out
from tests.serving.warned import ENTERPRISES, chance, chart, charts, forecasts
from tests.serving.warnings.test_webhook import Receiver


@pytest.fixture
def home(settings, engine):
    return settings


@pytest.fixture
def receiver():
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def subscribed(engine, receiver, person):
    url = f"http://127.0.0.1:{receiver.server_port}/"
    one = add(engine, Subscription(person.name, Channel.WEBHOOK, url, language="en"))
    return Reader(one, person, ENTERPRISES)


WAYS = WarningSettings(webhook_allow="127.0.0.1")


def test_a_warning_reaches_its_receiver_once(home, engine, receiver):
    mine = [subscribed(engine, receiver, LOCAL_ADMINISTRATOR)]
    reconcile(engine, [charts(chart(3.0)), forecasts(chance(0.85))], mine)
    assert deliver(engine, home, WAYS) == {"sent": 1, "failed": 0, "dropped": 0}
    assert deliver(engine, home, WAYS) == {"sent": 0, "failed": 0, "dropped": 0}
    ((_, _, body),) = receiver.got
    assert b"Process Testing (20): more nonconforming units" in body
    assert b"A forecast, not a grade" in body
    assert {row["state"] for row in outbox.history(engine, mine[0].subscription.id)} == {"sent"}


def test_a_scope_that_was_taken_away_stops_what_waits(home, engine, receiver):
    accounts = Accounts(engine)
    li = _user(accounts, "li", ("E1",))
    mine = [subscribed(engine, receiver, li)]
    reconcile(engine, [charts(chart(3.0), chart(3.0, "E2"))], mine)
    assert len(outbox.history(engine, mine[0].subscription.id)) == 1  # E2 was never addressed
    _scoped(accounts, "li", ("E2",))
    assert deliver(engine, home, WAYS)["dropped"] == 1
    assert receiver.got == []


def test_a_receiver_that_is_away_gets_it_later(home, engine, receiver):
    mine = [subscribed(engine, receiver, LOCAL_ADMINISTRATOR)]
    receiver.status = 503
    reconcile(engine, [forecasts(chance(0.85))], mine)
    assert deliver(engine, home, WAYS)["failed"] == 1
    (row,) = outbox.history(engine, mine[0].subscription.id)
    assert (row["state"], row["attempts"], row["fault"]) == ("waiting", 1, "127.0.0.1 answered 503")


def test_a_broken_message_does_not_hold_up_the_others(home, engine, receiver):
    mine = [subscribed(engine, receiver, LOCAL_ADMINISTRATOR) for _ in range(2)]
    reconcile(engine, [forecasts(chance(0.85))], mine)
    calls = []

    def compose(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise ZeroDivisionError("broken")
        raise UndeliveredError("away")

    assert deliver(engine, home, WAYS, compose)["failed"] == 2
    assert len(calls) == 2


def test_a_trial_message_goes_to_its_subscription_once(home, engine, receiver):
    one = subscribed(engine, receiver, LOCAL_ADMINISTRATOR).subscription
    try_out(engine, one)
    try_out(engine, one)
    assert deliver(engine, home, WAYS)["sent"] == 1
    assert b"A trial message" in receiver.got[0][2]


def test_the_postman_stops_when_told(home, receiver, engine, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_WEBHOOK_ALLOW", "127.0.0.1")
    stopping = threading.Event()
    postman = threading.Thread(target=deliver_until, args=(home, stopping))
    reconcile(engine, [forecasts(chance(0.85))], [subscribed(engine, receiver, LOCAL_ADMINISTRATOR)])
    postman.start()
    for _ in range(100):
        if receiver.got:
            break
        stopping.wait(0.1)
    stopping.set()
    postman.join(timeout=20)
    assert not postman.is_alive()
    assert len(receiver.got) == 1


def test_a_day_without_records_is_looked_at_once_by_one_of_several(home, engine):
    now = datetime.now(UTC)
    assert [look_daily(engine, now), look_daily(engine, now + timedelta(hours=23))] == [True, False]
    assert look_daily(engine, now + timedelta(hours=25))


def test_secrets_differ_stay_and_are_not_in_the_database(home):
    first = signing_secret(home.home, 1)
    assert first == signing_secret(home.home, 1)
    assert first != signing_secret(home.home, 2)
    assert (home.home / KEY_FILE).stat().st_mode & 0o077 == 0


def _user(accounts, name, enterprises):
    accounts.add(name, [Role.ENGINEER], Scope(enterprises=frozenset(enterprises)), "test", password=None)
    return accounts.find(name).person


def _scoped(accounts, name, enterprises):
    accounts.change(name, "test", scope=Scope(enterprises=frozenset(enterprises)))
