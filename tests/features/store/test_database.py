"""The state database: migrated by Alembic, on SQLite and on PostgreSQL alike."""

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from features.settings import Settings
from features.store import ImportConflict, Store
from features.store.database import HEAD, MIGRATIONS, StateDatabaseError, exclusive, open_database
from tests.features.engines import postgres_schema


def test_head_is_what_alembic_finds():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_sqlite_keeps_a_write_ahead_log_and_flushes_fully(settings):
    engine = open_database(settings)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    engine.dispose()


def test_a_newer_database_is_refused(settings):
    engine = open_database(settings)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE zhuoyue_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StateDatabaseError, match="install the newer one"):
        Store.open(settings)


def test_an_unreachable_database_is_named_without_its_password(tmp_path):
    pytest.importorskip("psycopg", reason="needs the postgres extra")
    url = "postgresql+psycopg://me:sesame@127.0.0.1:1/none?connect_timeout=2"
    with pytest.raises(StateDatabaseError, match="ZHUOYUE_DATABASE_URL") as error:
        Store.open(Settings(home=tmp_path, database_url=url))
    assert "sesame" not in str(error.value)


@pytest.fixture
def postgres(tmp_path):
    with postgres_schema() as url:
        yield Settings(home=tmp_path / "home", database_url=url)


def test_importers_on_several_hosts_wait_for_each_other_on_postgresql(postgres):
    with Store.open(postgres) as store:
        key = {"key": int(store._snapshot.uid[:15], 16)}
        ask = sa.text("SELECT pg_try_advisory_lock(:key)")
        with exclusive(store._engine, store._snapshot.uid), store._engine.connect() as other_host:
            assert other_host.execute(ask, key).scalar() is False
        with store._engine.connect() as other_host:
            assert other_host.execute(ask, key).scalar() is True


def test_the_ledger_on_postgresql(tmp_path, postgres, rows, write):
    with Store.open(postgres) as store:
        report = store.import_paths([write(tmp_path / "in", rows)])
        assert sum(row.new for row in report.tables) == sum(map(len, rows.values()))
        before = store.fingerprint()
        assert {
            row.new for row in store.import_paths([write(tmp_path / "zh", rows, "csv", "zh")]).tables
        } == {0}
        assert store.fingerprint() == before
        rows["measurements"][0]["value"] = "7"
        folder = write(tmp_path / "other", rows)
        with pytest.raises(ImportConflict):
            store.import_paths([folder])
        store.import_paths([folder], on_conflict="replace")
        assert store.fingerprint() != before
    with Store.open(postgres) as again:
        values = again.table("measurements").sort("piece").collect("pyarrow").to_arrow()["value"].to_pylist()
        assert values == [7.0, 9.99]
    assert not (postgres.home / "state.db").exists()
