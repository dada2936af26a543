"""What the journal tells of imports and grades: who, from what evidence, and each thing once."""

import hashlib
import threading

import pytest

from features import journal
from features.store import ImportRefused, Store
from features.store.database import open_database
from qm_rules import canonical_json
from serving.grading import graded
from serving.journal.issuing import issue
from serving.journal.listing import count, listed
from serving.journal.wanted import Sight, Wanted
from tests.command import zhuoyue

ALL = Sight(everything=True)


def entries(engine, **wanted):
    with engine.connect() as connection:
        return listed(connection, Wanted(**wanted), ALL, 1000)


def answers(settings):
    with Store.open(settings) as store:
        return [grade.to_dict() for grade, _ in graded(store)]


def test_an_import_is_told_with_who_and_the_hashes_of_its_files(filled, engine):
    found = {one.field: one for one in entries(engine, kind="import")}
    assert {one.who for one in found.values()} == {"li"}
    assert {one.subject for one in found.values()} == {"import:1"}
    sources = {path.rpartition("/")[2]: digest for path, digest in found["sources"].new}
    folder = filled.home.parent / "in"
    assert sources == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    assert found["tables"].new["enterprises"] == [2, 2, 0, 0]
    for path, digest, _ in found["files"].new:
        assert hashlib.sha256((filled.records / path).read_bytes()).hexdigest() == digest


def test_an_import_that_is_refused_or_brings_nothing_new_is_not_told(filled, engine, tmp_path):
    bad = tmp_path / "enterprises.csv"
    bad.write_text("enterprise_id,name\n,nobody\n")
    with Store.open(filled) as store:
        with pytest.raises(ImportRefused):
            store.import_paths([bad], who="wang")
        store.import_paths([tmp_path / "in"], who="wang")
    assert {one.subject for one in entries(engine, kind="import")} == {"import:1"}
    assert not entries(engine, who="wang")


def test_a_grade_is_told_once_with_the_hashes_of_evidence_and_answer(filled, engine):
    found = answers(filled)
    assert issue(engine, found, "li") == 2
    assert issue(engine, found, "wang") == 0
    (one,) = entries(engine, subject="grade:E1")
    assert (one.subject, one.action, one.field, one.who) == ("grade:E1", "issue", "2025-01/2025-12", "li")
    answer = found[0]
    assert one.new["evidence_sha256"] == answer["evidence_sha256"]
    assert one.new["answer_sha256"] == hashlib.sha256(canonical_json(answer).encode()).hexdigest()
    assert one.new["edition"] == answer["pack"]["id"]


def test_other_evidence_makes_another_entry(filled, engine, tmp_path):
    issue(engine, answers(filled))
    more = tmp_path / "output_values.csv"
    more.write_text("enterprise_id,period,amount\nE1,2025-12,200000\n")
    with Store.open(filled) as store:
        store.import_paths([more], on_conflict="replace")
    assert issue(engine, answers(filled)) == 1
    first, second = (one.new["evidence_sha256"] for one in entries(engine, subject="grade:E1"))
    assert first != second


def test_processes_that_issue_at_once_tell_it_once(filled, engine):
    found = answers(filled)
    many = [{**found[0], "enterprise_id": f"X{number}"} for number in range(900)]
    told = []

    def run() -> None:
        own = open_database(filled)
        told.append(issue(own, many))
        own.dispose()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [0, 0, 0, 900]
    with engine.connect() as connection:
        assert count(connection, Wanted(kind="grade"), ALL) == 900
        assert journal.verify(connection).faults == ()


def test_an_id_as_long_as_an_id_may_be_can_be_told(filled, engine):
    long = {**answers(filled)[0], "enterprise_id": "长" * 200}
    assert issue(engine, [long]) == 1
    assert entries(engine, kind="grade")[0].subject == "grade:" + "长" * 200


def test_what_the_command_prints_is_what_was_told(filled, engine):
    """`zhuoyue grade --enterprise E1 | tr -d '\\n' | sha256sum` gives the hash in the journal."""
    url = filled.database_url.get_secret_value() if filled.database_url else ""
    where = {"ZHUOYUE_HOME": filled.home, "ZHUOYUE_DATABASE_URL": url}
    printed = zhuoyue("grade", "--enterprise", "E1", **where)
    assert printed.returncode == 0, printed.stderr
    (one,) = entries(engine, subject="grade:E1")
    assert one.new["answer_sha256"] == hashlib.sha256(printed.out.strip()).hexdigest()
    assert zhuoyue("grade", "--enterprise", "E1", **where).out == printed.out
    assert len(entries(engine, kind="grade")) == 1
