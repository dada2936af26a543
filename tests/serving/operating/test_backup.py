"""A back-up is whole and consistent while others write; restored it is what it was, on either database."""

import json
import shutil
import sqlite3
import tarfile
import threading

import pytest
import sqlalchemy as sa

from features import journal
from features.settings import Settings
from features.store import Store
from features.store.database import HEAD, open_database, revision_of
from serving.journal.checking import check
from serving.operating.archive import manifest
from serving.operating.backup import backup
from serving.operating.refusals import BackupError, RestoreRefusedError
from serving.operating.restore import restore
from tests.command import zhuoyue
from tests.features.engines import postgres_schema


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path):
    """An empty home, and an empty database of either kind."""
    if request.param == "sqlite":
        yield Settings(home=tmp_path / "elsewhere", threads=1)
        return
    with postgres_schema() as url:
        yield Settings(home=tmp_path / "elsewhere", threads=1, database_url=url)


def live(settings):
    """Add what an installation has beside records: models, an outlook, MLflow's database, locks, a user."""
    home = settings.home
    (home / "champion" / "v1").mkdir(parents=True)
    (home / "champion" / "v1" / "model.txt").write_text("trees")
    (home / "champion" / "current.json").write_text('{"version": "v1"}')
    for name in ("20260101-a", "20260102-b"):
        (home / "outlook" / name).mkdir(parents=True)
        (home / "outlook" / name / "forecasts.shelf").write_bytes(b"rows")
    (home / "outlook" / "current.json").write_text('{"folder": "20260102-b"}')
    with sqlite3.connect(home / "mlflow.db") as connection:
        connection.execute("CREATE TABLE runs (id TEXT)")
        connection.execute("INSERT INTO runs VALUES ('r1')")
    connection.close()
    (home / ".migrate.lock").touch()
    engine = open_database(settings)
    journal.record(engine, "user:li", "new", "admin", roles=["engineer"], name="李")
    with engine.begin() as opened:
        opened.execute(
            sa.text("INSERT INTO self_assessments VALUES ('X', 'E1', 'draft', 1, :flag, '{}')"),
            {"flag": True},
        )
        opened.execute(sa.text("DELETE FROM self_assessments"))
    engine.dispose()


def rows(settings):
    """Every row of every table, and every record."""
    engine = open_database(settings)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        found = {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in metadata.sorted_tables
        }
    engine.dispose()
    with Store.open(settings) as store:
        return found, store.fingerprint(), store.enterprises()


def test_what_is_restored_is_what_was_backed_up(filled, elsewhere, tmp_path):
    live(filled)
    done = backup(filled, tmp_path / "all.tar.gz")
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o077 == 0
    restored = restore(elsewhere, tmp_path / "all.tar.gz")
    assert restored.check.faults == []
    assert restored.check.head == done.head
    assert rows(elsewhere) == rows(filled)
    home = elsewhere.home
    assert (home / "champion" / "v1" / "model.txt").read_text() == "trees"
    assert [path.name for path in (home / "outlook").iterdir() if path.is_dir()] == ["20260102-b"]
    with sqlite3.connect(home / "mlflow.db") as connection:
        assert connection.execute("SELECT id FROM runs").fetchall() == [("r1",)]
    connection.close()
    assert not (home / ".restoring").exists()
    more = tmp_path / "enterprises.csv"
    more.write_text("enterprise_id,name\nE9,Ninth\n")
    with Store.open(elsewhere) as store:  # numbering goes on where it was
        store.import_paths([more])
    assert check(elsewhere).faults == []


def test_a_back_up_is_of_one_moment_while_records_are_imported(filled, tmp_path):
    stop, made = threading.Event(), []

    def import_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            file = tmp_path / "more" / "enterprises.csv"
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"enterprise_id,name\nN{number},new\n")
            with Store.open(filled) as store:
                store.import_paths([file])
            made.append(number)

    importer = threading.Thread(target=import_on)
    importer.start()
    try:
        while not made:
            stop.wait(0.05)
        for number in range(3):
            backup(filled, tmp_path / f"{number}.tar")
    finally:
        stop.set()
        importer.join()
    assert len(made) > 1
    for number in range(3):
        other = Settings(home=tmp_path / f"home{number}", threads=1)
        restored = restore(other, tmp_path / f"{number}.tar")
        assert restored.check.faults == []
        with Store.open(other) as store:
            assert store.enterprises()[:2] == ["E1", "E2"]


@pytest.fixture
def small(brought, tmp_path):
    """A home on SQLite, and its back-up."""
    settings = Settings(home=shutil.copytree(brought / "home", tmp_path / "small"), threads=1)
    backup(settings, tmp_path / "all.tar")
    return settings


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_damaged_back_up_is_refused_before_anything_is_touched(small, tmp_path, place):
    data = bytearray((tmp_path / "all.tar").read_bytes())
    with tarfile.open(tmp_path / "all.tar") as tar:
        whole = [info for info in tar if info.size]
    hit = whole[int(len(whole) * place)]
    data[hit.offset_data + hit.size // 2] ^= 1
    (tmp_path / "bad.tar").write_bytes(data)
    other = Settings(home=tmp_path / "other", threads=1)
    with pytest.raises(BackupError):
        restore(other, tmp_path / "bad.tar")
    assert not other.home.exists()


def test_half_a_back_up_and_no_back_up_are_refused(small, tmp_path):
    data = (tmp_path / "all.tar").read_bytes()
    for name, content in (("half.tar", data[: len(data) // 2]), ("none.tar", b"hello"), ("empty.tar", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BackupError):
            manifest(tmp_path / name)


@pytest.mark.parametrize("name", ["../out", "/etc/out", "home/../../out"])
def test_a_member_that_would_leave_the_folder_is_refused(tmp_path, name):
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="has no place"):
        manifest(tmp_path / "evil.tar")


def test_nothing_is_overwritten(small, tmp_path):
    with pytest.raises(RestoreRefusedError, match="is not empty"):
        restore(small, tmp_path / "all.tar")
    with pytest.raises(BackupError, match="there already"):
        backup(small, tmp_path / "all.tar")


def test_a_record_file_that_was_altered_is_not_backed_up_as_if_it_were_right(small, tmp_path):
    file = next(small.records.rglob("*.parquet"))
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(BackupError, match="is not what was imported"):
        backup(small, tmp_path / "second.tar")
    assert not list(tmp_path.glob("*second*"))


def test_a_back_up_of_a_newer_version_is_refused(small, tmp_path, monkeypatch):
    monkeypatch.setattr("serving.operating.restore.HEAD", "0001")
    with pytest.raises(RestoreRefusedError, match="install the newer one"):
        restore(Settings(home=tmp_path / "other"), tmp_path / "all.tar")


def test_an_older_back_up_is_restored_and_migrated(brought, tmp_path):
    """Made at revision 0003, before there were users and jobs."""
    from features.store.database import open_empty

    old = Settings(home=tmp_path / "old", threads=1)
    open_empty(old, "0003").dispose()
    backup(old, tmp_path / "old.tar")
    assert revision_of(old) == "0003"
    new = Settings(home=tmp_path / "new", threads=1)
    restore(new, tmp_path / "old.tar")
    assert revision_of(new) == HEAD


def test_the_commands(small, tmp_path):
    made = zhuoyue("backup", tmp_path / "by-command.tar", ZHUOYUE_HOME=small.home)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["rows"] > 10
    back = zhuoyue("restore", tmp_path / "by-command.tar", ZHUOYUE_HOME=tmp_path / "again")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["head"] == json.loads(made.stdout)["head"]
    twice = zhuoyue("restore", tmp_path / "by-command.tar", ZHUOYUE_HOME=tmp_path / "again")
    assert (twice.returncode, "is not empty" in twice.stderr) == (2, True)
    upgraded = zhuoyue("upgrade", "--backup", tmp_path / "before.tar", ZHUOYUE_HOME=small.home)
    assert json.loads(upgraded.stdout) == {"from": HEAD, "to": HEAD, "changed": False}
    assert manifest(tmp_path / "before.tar")["revision"] == HEAD
    new = zhuoyue("upgrade", ZHUOYUE_HOME=tmp_path / "fresh")
    assert json.loads(new.stdout) == {"from": None, "to": HEAD, "changed": True}
