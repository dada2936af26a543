"""Targets in the state database: versions, owners, the journal."""

import threading

import pytest

from features import journal
from features.settings import Settings
from features.store.database import open_database
from features.targets import register as register_module
from features.targets.refusals import (
    NotYourTargetError,
    StaleTargetError,
    TooManyTargetsError,
    UnknownTargetError,
)
from features.targets.register import Register
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
    register = Register(engine)
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
    register = Register(engine)
    kept = register.add(WANTED, "li")
    with pytest.raises(StaleTargetError):
        register.change(kept.id, 7, {}, "li")
    with pytest.raises(NotYourTargetError):
        register.remove(kept.id, 1, "wang")
    with pytest.raises(UnknownTargetError):
        register.remove("nobody's", None, "li")
    assert register.all() == [kept]
    assert len(said(engine, kept)) == 1
    assert register.remove(kept.id, None, "admin", any_owner=True) == kept


def test_not_more_than_so_many(engine, monkeypatch):
    monkeypatch.setattr(register_module, "MOST", 2)
    register = Register(engine)
    register.add(WANTED, "li")
    register.add(WANTED, "li")
    with pytest.raises(TooManyTargetsError):
        register.add(WANTED, "li")


def test_of_two_who_change_one_version_one_wins(engine):
    register = Register(engine)
    kept, results = register.add(WANTED, "li"), []

    def change(count):
        try:
            results.append(register.change(kept.id, 1, WANTED | {"count": count}, "li").version)
        except StaleTargetError:
            results.append("stale")

    threads = [threading.Thread(target=change, args=(count,)) for count in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["2", "stale", "stale", "stale"]
