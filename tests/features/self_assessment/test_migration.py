"""A database of before upgrades in place, its records untouched; the way back leaves them too."""

from contextlib import nullcontext

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from features.self_assessment import Register
from features.settings import Settings
from features.store import Store
from features.store.database import HEAD, MIGRATIONS, _prepare_sqlite, open_database
from tests.features.engines import postgres_schema
from tests.features.self_assessment.conftest import Office


def config(connection):
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request, tmp_path):
    """Settings of a home whose state database stands at 0001, with records in it."""
    schema = nullcontext() if request.param == "sqlite" else postgres_schema()
    with schema as url:
        settings = Settings(home=tmp_path / "home", database_url=url, threads=1)
        settings.home.mkdir()
        engine = sa.create_engine(
            url or f"sqlite:///{settings.home / 'state.db'}", poolclass=sa.pool.NullPool
        )
        if url is None:
            sa.event.listen(engine, "connect", _prepare_sqlite)
        (tmp_path / "enterprises.csv").write_text("enterprise_id,name\nE1,First Plant\n")
        with engine.begin() as connection:
            command.upgrade(config(connection), "head")
        with Store(settings, engine) as store:
            store.import_paths([tmp_path / "enterprises.csv"])
        with engine.begin() as connection:
            command.downgrade(config(connection), "0001")
        assert not sa.inspect(engine).has_table("changes")
        yield settings
        engine.dispose()


def rows_of_the_ledger(settings):
    engine = open_database(settings)
    with engine.connect() as connection:
        found = {
            name: connection.execute(sa.text(f"SELECT * FROM {name}")).all()
            for name in ("store_identity", "imports", "import_tables", "import_sources", "files")
        }
    engine.dispose()
    return found


def test_an_older_database_is_upgraded_in_place(older):
    engine = sa.create_engine(
        older.database_url.get_secret_value()
        if older.database_url
        else f"sqlite:///{older.home / 'state.db'}"
    )
    with engine.connect() as connection:
        before = {
            name: connection.execute(sa.text(f"SELECT * FROM {name}")).all()
            for name in ("store_identity", "imports", "import_tables", "import_sources", "files")
        }
    engine.dispose()
    with Register.open(older) as register:
        office = Office(register, older)
        office.declare(office.filled(3))
        assert register.verify().faults == ()
    after = rows_of_the_ledger(older)
    assert all(set(map(str, before[name])) <= set(map(str, after[name])) for name in before)
    assert before["store_identity"] == after["store_identity"]
    with Store.open(older) as store:
        assert store.enterprises() == ["E1"]
        assert store.table("enterprises").collect("pyarrow").to_arrow()["name"].to_pylist() == ["First Plant"]
    assert len(office.records()) == 9


def test_the_way_back_and_forth(older):
    before = rows_of_the_ledger(older)
    engine = open_database(older)
    with engine.begin() as connection:
        command.downgrade(config(connection), "0001")
    assert not {"changes", "changes_head", "self_assessments"} & set(sa.inspect(engine).get_table_names())
    engine.dispose()
    assert rows_of_the_ledger(older) == before
    with Register.open(older) as register:
        assert (register.count(), register.verify().rows) == (0, 0)
    engine = open_database(older)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM zhuoyue_version")).scalar() == HEAD
    engine.dispose()
