"""`verify` finds whatever no longer is as the journal tells it: meddling of every kind shows."""

import json

import pytest
import sqlalchemy as sa

from features import journal
from features.store.database import open_database
from models.training import point_to
from models.training.journalled import note
from serving.journal.checking import check
from tests.command import zhuoyue


def alter(settings, statement, **values):
    engine = open_database(settings)
    with engine.begin() as connection:
        connection.execute(sa.text(statement), values)
    engine.dispose()


def some_file(settings):
    return next(iter(sorted(settings.records.rglob("*.parquet"))))


def test_what_nobody_touched_is_in_order(filled):
    done = check(filled)
    assert done.faults == []
    counted = {one.part: one.checked for one in done.findings}
    assert counted["imports"] == 1
    assert counted["record files"] == 6
    assert check(filled, done.head).faults == []
    assert "no change has the hash" in check(filled, "f" * 64).faults[0]


def test_an_altered_record_file_shows_and_is_not_read_when_not_wanted(filled):
    file = some_file(filled)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert check(filled).faults == [f"records/{file.relative_to(filled.records)} is not what was imported"]
    assert check(filled, files=False).faults == []
    file.unlink()
    assert check(filled, files=False).faults == [f"records/{file.relative_to(filled.records)} is missing"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE files SET rows = rows + 1 WHERE table_name = 'enterprises'", "names other files"),
        ("UPDATE changes SET new = '[]' WHERE field = 'files'", "is not what was written"),
        ("DELETE FROM changes WHERE field = 'sources'", "are missing"),
        (
            "INSERT INTO imports (id, at, who, on_conflict) VALUES (2, '2026-01-01', 'x', 'report')",
            "import 2 is in the ledger and not in the journal",
        ),
    ],
)
def test_meddling_with_ledger_or_chain_shows(filled, statement, said):
    alter(filled, statement)
    assert said in "; ".join(check(filled).faults)


def test_an_import_that_was_taken_out_of_the_ledger_shows(filled):
    for table in ("files", "import_tables", "import_sources"):
        alter(filled, f"DELETE FROM {table}")
    alter(filled, "DELETE FROM imports")
    assert "import 1 is in the journal and not in the ledger" in check(filled).faults


def test_another_model_than_the_one_promoted_last_shows(filled):
    home = filled.home / "champion"
    home.mkdir()
    point_to(home, {"version": "v1"})
    assert check(filled).faults == []  # never journalled: from before there was a journal
    note(filled, "promote", "v1", "1", ("better",), "li", replaces=None)
    note(filled, "refuse", "v2", "2", ("worse",), "li")
    assert check(filled).faults == []
    point_to(home, {"version": "v2"})
    assert check(filled).faults == ["model v2 is served, the last one promoted is v1"]


def test_an_altered_file_of_a_publication_shows(filled):
    folder = filled.home / "outlook" / "20260101"
    folder.mkdir(parents=True)
    (folder / "forecasts").write_text("rows")
    engine = open_database(filled)
    journal.record(engine, "outlook:20260101", "publish", "li", files={"forecasts": "0" * 64, "gone": ""})
    journal.record(engine, "outlook:swept", "publish", "li", files={"forecasts": "0" * 64})
    engine.dispose()
    assert check(filled).faults == [
        "outlook:20260101: forecasts is not what was published",
        "outlook:20260101: gone is missing",
    ]


def test_the_command_says_what_is_wrong_and_ends_with_1(filled):
    url = filled.database_url.get_secret_value() if filled.database_url else ""
    where = {"ZHUOYUE_HOME": filled.home, "ZHUOYUE_DATABASE_URL": url}
    fine = zhuoyue("journal", "verify", **where)
    assert fine.returncode == 0, fine.stderr
    noted = json.loads(zhuoyue("journal", "head", **where).stdout)
    assert f"head {noted['head']}" in fine.stderr
    newest = json.loads(zhuoyue("journal", "list", "--kind", "import", "--limit", "1", **where).stdout)
    assert newest[0]["seq"] == noted["entries"]
    some_file(filled).unlink()
    wrong = zhuoyue("journal", "verify", "--known", noted["head"], **where)
    assert wrong.returncode == 1
    assert "fault: records/" in wrong.stderr
