"""The chain of changes: read back, and every way in which somebody could have meddled with it shows."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from features import journal
from features.journal import GENESIS, Change
from features.settings import Settings
from features.store.database import open_database


@pytest.fixture
def engine(tmp_path):
    opened = open_database(Settings(home=tmp_path))
    with opened.begin() as connection:
        journal.queue(connection)
        journal.append(connection, [change(n) for n in range(1, 4)])
    with opened.begin() as connection:
        journal.queue(connection)
        journal.append(connection, [change(n) for n in range(4, 6)])
    yield opened
    opened.dispose()


def change(number):
    old = None if number == 1 else ["卓越", number - 1]
    return Change(
        "S", number, "edit", f"field{number % 2}", old, ["卓越", number], "Li", "2026-03-31T00:00:00+00:00"
    )


def verdict(engine, known=None):
    with engine.connect() as connection:
        return journal.verify(connection, known)


def alter(engine, statement):
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_changes_come_back_as_they_were_written(engine):
    with engine.connect() as connection:
        found = journal.history(connection, "S")
        assert [one._replace(seq=0, hash="") for one in found] == [change(n) for n in range(1, 6)]
        assert [one.version for one in journal.history(connection, "S", after=3)] == [4, 5]
        assert journal.history(connection, "other") == []
    assert journal.replay(found) == {"field1": ["卓越", 5], "field0": ["卓越", 4]}


def test_the_hash_is_what_the_documentation_says(engine):
    """Computed by hand, as an auditor with another program would."""
    with engine.connect() as connection:
        found = journal.history(connection, "S")
    last = "0" * 64
    for one in found:
        texts = [json.dumps(value, separators=(",", ":")) for value in (one.old, one.new)]
        row = [last, one.subject, one.version, one.action, one.field, *texts, one.who, one.at, one.seq]
        last = hashlib.sha256(json.dumps(row, separators=(",", ":")).encode()).hexdigest()
        assert one.hash == last
    assert verdict(engine) == journal.Verdict(5, last, ())


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE changes SET who = 'Wang' WHERE seq = 2", "change 2 (S, field0) is not what was written"),
        ("UPDATE changes SET at = '2026-04-01T00:00:00+00:00' WHERE seq = 5", "change 5"),
        ("UPDATE changes SET new = '5' WHERE seq = 1", "change 1"),
        ("UPDATE changes SET old = 'null' WHERE seq = 3", "change 3"),
        ("UPDATE changes SET hash = 'x' WHERE seq = 4", "change 4"),
        ("DELETE FROM changes WHERE seq = 1", "changes 1 to 1 are missing"),
        ("DELETE FROM changes WHERE seq IN (2, 3)", "changes 2 to 3 are missing"),
        ("DELETE FROM changes WHERE seq = 5", "the chain ends with change 4, its head says 5"),
        ("DELETE FROM changes", "the chain ends with change 0, its head says 5"),
        ("UPDATE changes_head SET seq = 4", "the chain ends with change 5, its head says 4"),
        ("UPDATE changes SET seq = seq + 10 WHERE seq = 5", "changes 5 to 14 are missing"),
    ],
)  # fmt: skip
def test_meddling_shows(engine, statement, words):
    assert verdict(engine).faults == ()
    alter(engine, statement)
    assert words in "; ".join(verdict(engine).faults)


def test_a_chain_that_was_written_anew_lacks_a_hash_that_was_noted(engine):
    noted = verdict(engine).head
    alter(engine, "DELETE FROM changes")
    alter(engine, f"UPDATE changes_head SET seq = 0, hash = '{GENESIS}'")
    with engine.begin() as connection:
        journal.queue(connection)
        journal.append(connection, [change(n)._replace(who="Wang") for n in range(1, 6)])
    assert verdict(engine).faults == ()
    assert f"no change has the hash {noted}" in verdict(engine, noted).faults[0]


def test_a_noted_hash_is_still_found_when_the_chain_has_grown(engine):
    noted = verdict(engine).head
    with engine.begin() as connection:
        journal.queue(connection)
        journal.append(connection, [change(6)])
    assert verdict(engine, noted).faults == ()


def test_an_act_that_is_given_up_leaves_nothing(engine):
    before = verdict(engine)

    with engine.connect() as connection:
        journal.queue(connection)
        journal.append(connection, [change(6)])
        connection.rollback()
    assert verdict(engine) == before
