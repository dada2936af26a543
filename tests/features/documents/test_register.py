"""Documents in the state database: versions, owners, the journal; targets stand for all kinds."""

import threading

import pytest
import sqlalchemy as sa

from features import journal
from features.documents.kinds import KINDS, TARGETS, Kind
from features.documents.refusals import (
    NotYourDocumentError,
    StaleDocumentError,
    TooManyDocumentsError,
    UnknownDocumentError,
)
from features.documents.register import Register, faults, rows_of
from features.settings import Settings
from features.store.database import open_database
from tests.features.engines import postgres_schema

WANTED = {"level_id": "assurance", "baseline": "2024-12", "by": "2027-12", "count": 30, "region": "33"}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    if request.param == "sqlite":
        made = open_database(Settings(home=tmp_path))
        yield made
        made.dispose()
        return
    with postgres_schema() as url:
        made = open_database(Settings(home=tmp_path, database_url=url))
        yield made
        made.dispose()


def said(engine, target):
    with engine.connect() as connection:
        return [(c.action, c.who, c.old, c.new) for c in journal.history(connection, f"target:{target.id}")]


def test_a_target_is_kept_changed_and_taken_back(engine):
    register = Register(engine, TARGETS)
    first = register.add(WANTED, "li")
    assert register.get(first.id) == first
    second = register.change(first.id, 1, WANTED | {"count": 40}, "li")
    assert (second.version, second.document["count"]) == (2, 40)
    register.remove(first.id, 2, "li")
    assert register.all() == []
    more = WANTED | {"count": 40}
    assert said(engine, first) == [
        ("set", "li", None, WANTED),
        ("change", "li", WANTED, more),
        ("take back", "li", more, None),
    ]
    with engine.connect() as connection:
        assert journal.verify(connection).faults == ()


def test_what_is_refused_changes_nothing(engine):
    register = Register(engine, TARGETS)
    kept = register.add(WANTED, "li")
    with pytest.raises(StaleDocumentError):
        register.change(kept.id, 7, {}, "li")
    with pytest.raises(NotYourDocumentError):
        register.remove(kept.id, 1, "wang")
    with pytest.raises(UnknownDocumentError):
        register.remove("nobody's", None, "li")
    assert register.all() == [kept]
    assert len(said(engine, kept)) == 1
    assert register.remove(kept.id, None, "admin", any_owner=True) == kept


def test_not_more_than_so_many(engine):
    register = Register(engine, Kind("target", "targets", 2))
    register.add(WANTED, "li")
    register.add(WANTED, "li")
    with pytest.raises(TooManyDocumentsError):
        register.add(WANTED, "li")


def test_of_two_who_change_one_version_one_wins(engine):
    register = Register(engine, TARGETS)
    kept, results = register.add(WANTED, "li"), []

    def change(count):
        try:
            results.append(register.change(kept.id, 1, WANTED | {"count": count}, "li").version)
        except StaleDocumentError:
            results.append("stale")

    threads = [threading.Thread(target=change, args=(count,)) for count in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["2", "stale", "stale", "stale"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_its_table_and_stands_as_it_was_journalled(engine, kind):
    register = Register(engine, kind)
    kept, gone = register.add({"name": "甲"}, "li"), register.add({"name": "乙"}, "li")
    register.change(kept.id, 1, {"name": "丙"}, "li")
    register.remove(gone.id, 1, "li")
    with engine.connect() as connection:
        assert list(faults(connection, kind)) == []


def test_what_was_written_past_the_journal_is_found(engine):
    register = Register(engine, TARGETS)
    altered, dropped, slipped = (register.add(WANTED, "li") for _ in range(3))
    rows = rows_of(TARGETS)
    with engine.begin() as connection:
        connection.execute(sa.update(rows).where(rows.c.id == altered.id).values(document="{}"))
        connection.execute(sa.delete(rows).where(rows.c.id == dropped.id))
        connection.execute(sa.update(rows).where(rows.c.id == slipped.id).values(id="slipped-in"))
    with engine.connect() as connection:
        assert set(faults(connection, TARGETS)) == {
            f"target:{altered.id} is not what its changes make it",
            "target:slipped-in is not what its changes make it",
            f"target:{dropped.id} is missing; its changes are there",
            f"target:{slipped.id} is missing; its changes are there",
        }
