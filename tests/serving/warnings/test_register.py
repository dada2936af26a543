"""Each warning is raised once, goes on, comes back, resolves itself, and is acknowledged by somebody."""

import concurrent.futures
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from features import journal
from serving.warnings.keeping import WARNINGS
from serving.warnings.register import (
    NotOpenError,
    StaleVersionError,
    UnknownWarningError,
    acknowledge,
    every,
    find,
    looks,
    recently,
    reconcile,
)
from tests.serving.warned import chance, chart, charts, forecasts


def test_the_same_trouble_is_one_warning_however_often_it_is_looked_at(engine):
    first = reconcile(engine, [forecasts(chance(0.8))], [])
    again = reconcile(engine, [forecasts(chance(0.83))], [])
    assert (first.raised, again.raised, again.going_on) == (1, 0, 1)
    (one,) = every(engine)
    assert (one.state, one.weight, one.version) == ("open", 0.83, 1)


def test_two_findings_of_one_identity_are_one_warning_with_the_worse_weight(engine):
    reconcile(engine, [charts(chart(2.1), chart(4.0, period="2024-12"))], [])
    (one,) = every(engine)
    assert one.weight == 4.0


def test_it_resolves_itself_when_it_is_looked_for_and_not_found(engine):
    reconcile(engine, [charts(chart(3.0), chart(3.0, "E2"))], [])
    outcome = reconcile(engine, [charts(of=("E1",))], [])  # E2 was not examined
    assert outcome.resolved == 1
    (left,) = every(engine)
    assert left.enterprise_id == "E2"
    assert {one.state for one in every(engine, resolved_since=recently())} == {"open", "resolved"}


def test_other_kinds_are_left_alone_by_a_look(engine):
    reconcile(engine, [charts(chart(3.0)), forecasts(chance(0.8))], [])
    reconcile(engine, [charts()], [])
    assert [one.kind for one in every(engine)] == ["forecast"]


def test_a_finding_that_only_goes_on_raises_nothing_but_keeps_what_is_open(engine):
    assert reconcile(engine, [forecasts(chance(0.45, raises=False))], []).raised == 0
    reconcile(engine, [forecasts(chance(0.6))], [])
    outcome = reconcile(engine, [forecasts(chance(0.45, raises=False))], [])
    assert (outcome.going_on, outcome.resolved) == (1, 0)


def test_what_comes_back_within_a_month_is_the_same_warning(engine):
    reconcile(engine, [forecasts(chance(0.8))], [])
    reconcile(engine, [forecasts()], [])
    outcome = reconcile(engine, [forecasts(chance(0.8))], [])
    assert (outcome.raised, outcome.returned) == (0, 1)
    (one,) = every(engine)
    assert one.resolved_at is None


def test_what_comes_back_later_is_a_new_one(engine):
    reconcile(engine, [forecasts(chance(0.8))], [])
    reconcile(engine, [forecasts()], [])
    long_ago = (datetime.now(UTC) - timedelta(days=40)).isoformat(timespec="seconds")
    with engine.begin() as connection:
        connection.execute(sa.update(WARNINGS).values(resolved_at=long_ago))
    outcome = reconcile(engine, [forecasts(chance(0.8))], [])
    assert (outcome.raised, outcome.returned) == (1, 0)


def test_the_database_itself_refuses_a_second_open_one(engine):
    reconcile(engine, [forecasts(chance(0.8))], [])
    with engine.connect() as connection:
        row = dict(connection.execute(sa.select(WARNINGS)).one()._mapping)
    row.pop("id")
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.insert(WARNINGS), [row])
    with engine.begin() as connection:
        connection.execute(sa.insert(WARNINGS), [row | {"open": False, "resolved_at": row["raised_at"]}])


def test_two_looks_at_once_raise_one_warning(engine):
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        done = [both.submit(reconcile, engine, [forecasts(chance(0.8))], []) for _ in range(4)]
    assert sum(one.result().raised for one in done) == 1
    assert len(every(engine)) == 1


def test_somebody_takes_note_and_the_journal_says_who(engine):
    reconcile(engine, [forecasts(chance(0.8))], [])
    (one,) = every(engine)
    done = acknowledge(engine, one.id, "li", "  tool changed  ", one.version)
    assert (done.state, done.acknowledged_by, done.note) == ("acknowledged", "li", "tool changed")
    with pytest.raises(StaleVersionError, match="version 1"):
        acknowledge(engine, one.id, "wang", "", one.version)
    with engine.connect() as connection:
        said = journal.history(connection, f"warning:{one.id}", after=-1)
        assert journal.verify(connection).faults == ()
    assert {(row.action, row.who) for row in said} == {("raise", "zhuoyue"), ("acknowledge", "li")}


def test_a_note_is_kept_whatever_it_holds(engine):
    reconcile(engine, [forecasts(chance(0.8))], [])
    done = acknowledge(engine, every(engine)[0].id, "li", "a\0b\ud800c" + "x" * 5000)
    assert done.note.startswith("ab?c")
    assert len(done.note) == 2000


def test_nothing_is_acknowledged_that_is_over_or_not_there(engine):
    reconcile(engine, [forecasts(chance(0.8))], [])
    (one,) = every(engine)
    reconcile(engine, [forecasts()], [])
    with pytest.raises(NotOpenError):
        acknowledge(engine, one.id, "li")
    with pytest.raises(UnknownWarningError):
        find(engine, 9999)


def test_what_was_looked_at_is_kept_by_kind(engine):
    reconcile(engine, [charts(of=("E1",)), forecasts()], [])
    reconcile(engine, [charts(of=("E1", "E2"))], [])
    kept = looks(engine)
    assert kept["chart"]["enterprises"] == 2
    assert set(kept) == {"chart", "forecast"}
