"""Nothing is lost, nothing is said twice, and nobody hears what they may not see."""

import concurrent.futures
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from serving.warnings import outbox, register
from serving.warnings.addressing import due_at
from serving.warnings.channels.message import UndeliveredError
from serving.warnings.finding import Kind, Rhythm
from serving.warnings.keeping import OUTBOX
from serving.warnings.outbox import LEASE_SECONDS, MOST_ATTEMPTS
from serving.warnings.register import acknowledge, every, reconcile
from serving.warnings.subscriptions import change, drop
from tests.serving.warned import ENGINEER, PLANNER, chance, chart, charts, forecasts


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.id)).all()


def said(engine):
    return [row.what for row in rows(engine)]


def test_a_reader_is_told_once_again_when_worse_and_once_of_the_end(engine, reader):
    mine = [reader()]
    for weight in (0.8, 0.82, 0.94):
        reconcile(engine, [forecasts(chance(weight))], mine)
    assert said(engine) == ["raised"]  # never fifteen points worse
    reconcile(engine, [forecasts(chance(0.96))], mine)
    assert said(engine) == ["raised", "worse"]
    reconcile(engine, [forecasts()], mine)
    reconcile(engine, [forecasts()], mine)
    assert said(engine) == ["raised", "worse", "resolved"]
    reconcile(engine, [forecasts(chance(0.8))], mine)
    assert said(engine)[-1] == "back"


def test_each_hears_from_the_probability_that_each_chose(engine, reader):
    careful, usual = reader(chance=0.6), reader(chance=0.9)
    reconcile(engine, [forecasts(chance(0.7))], [careful, usual])
    assert [row.subscription_id for row in rows(engine)] == [careful.subscription.id]
    reconcile(engine, [forecasts(chance(0.92))], [careful, usual])
    assert [row.subscription_id for row in rows(engine)][1:] == [
        careful.subscription.id,
        usual.subscription.id,
    ]


def test_charts_ask_for_details_forecasts_for_numbers(engine, reader):
    mine = {person.name: reader(person, chance=0.5) for person in (ENGINEER, PLANNER)}
    found = [charts(chart(3.0), chart(3.0, "E2")), forecasts(chance(0.8), chance(0.8, "E2"))]
    reconcile(engine, found, list(mine.values()))
    kinds = {one.id: (one.kind, one.enterprise_id) for one in every(engine)}
    heard = {(row.subscription_id, *kinds[row.warning_id]) for row in rows(engine)}
    li, wang = (mine[name].subscription.id for name in ("li", "wang"))
    assert heard == {(li, "chart", "E1"), (li, "forecast", "E1"), (wang, "forecast", "E1")}


def test_what_was_not_asked_for_is_not_said(engine, reader):
    reconcile(
        engine,
        [charts(chart(3.0), chart(3.0, "E2")), forecasts(chance(0.9))],
        [reader(kinds=frozenset({Kind.CHART}), enterprises=frozenset({"E2"}))],
    )
    assert len(rows(engine)) == 1


def test_what_somebody_has_acknowledged_is_not_said_to_others_any_more(engine, reader):
    reconcile(engine, [forecasts(chance(0.8))], [])
    acknowledge(engine, every(engine)[0].id, "li")
    reconcile(engine, [forecasts(chance(0.8))], [reader()])
    assert said(engine) == []


def test_warnings_and_what_is_said_of_them_are_written_together_or_not_at_all(engine, reader, monkeypatch):
    mine = [reader()]
    monkeypatch.setattr(register, "address", lambda *_: (_ for _ in ()).throw(RuntimeError("cut off")))
    with pytest.raises(RuntimeError):
        reconcile(engine, [forecasts(chance(0.8))], mine)
    assert every(engine) == []
    monkeypatch.undo()
    reconcile(engine, [forecasts(chance(0.8))], mine)
    assert said(engine) == ["raised"]


def test_of_several_processes_one_gets_a_message(engine, reader):
    both = [reader(), reader()]
    reconcile(engine, [forecasts(chance(0.8)), charts(chart(3.0))], both)
    with concurrent.futures.ThreadPoolExecutor(4) as many:
        taken = [one for part in many.map(lambda _: list(outbox.take(engine)), range(4)) for one in part]
    assert sorted(one.subscription_id for one in taken) == [one.subscription.id for one in both]
    assert all(len(one.entries) == 2 for one in taken)  # all that is due to a reader is one message


def test_a_process_that_dies_leaves_the_message_to_the_next_under_the_same_id(engine, reader):
    reconcile(engine, [forecasts(chance(0.8))], [reader()])
    (first,) = outbox.take(engine)
    assert list(outbox.take(engine)) == []  # leased
    later = datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS + 1)
    reconcile(engine, [charts(chart(3.0))], [])
    (again,) = outbox.take(engine, later)
    assert (again.id, again.entries) == (first.id, first.entries)
    outbox.sent(engine, again)
    assert list(outbox.take(engine, later + timedelta(days=1))) == []


def test_what_fails_is_tried_again_with_longer_pauses_and_given_up_after_days(engine, reader):
    reconcile(engine, [forecasts(chance(0.8))], [reader()])
    now, began, names = datetime.now(UTC), datetime.now(UTC), set()
    for attempt in range(MOST_ATTEMPTS):
        (parcel,) = outbox.take(engine, now)
        names.add(parcel.id)
        assert parcel.attempts == attempt
        outbox.failed(engine, parcel, "no answer", now=now)
        (row,) = rows(engine)
        now = datetime.fromisoformat(row.due_at) + timedelta(seconds=1)
    assert (row.state, row.fault, len(names)) == ("given_up", "no answer", 1)
    assert timedelta(days=2) < now - began < timedelta(days=5)
    assert list(outbox.take(engine, now + timedelta(days=30))) == []


def test_a_subscription_that_ends_takes_what_waits_with_it(engine, reader):
    mine = reader()
    reconcile(engine, [forecasts(chance(0.8))], [mine])
    drop(engine, mine.person.name, mine.subscription.id)
    assert list(outbox.take(engine)) == []
    assert [row.state for row in rows(engine)] == ["dropped"]


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        (Rhythm.AT_ONCE, "2026-03-04T09:30:00+00:00"),  # a Wednesday
        (Rhythm.DAILY, "2026-03-05T00:00:00+00:00"),
        (Rhythm.WEEKLY, "2026-03-09T00:00:00+00:00"),
    ],
)
def test_messages_leave_at_once_the_next_morning_or_on_monday(rhythm, due):
    assert due_at(rhythm, "2026-03-04T09:30:00+00:00", 0) == due


def test_a_change_of_somebody_faster_is_refused(engine, reader):
    from serving.warnings.subscriptions import StaleSubscriptionError

    one = reader().subscription
    change(engine, one)
    with pytest.raises(StaleSubscriptionError):
        change(engine, one)


def test_faults_carry_whether_trying_again_helps():
    assert UndeliveredError("gone", for_good=True).for_good
    assert not UndeliveredError("away").for_good
