"""A database of before the improvement actions upgrades in place; the way back leaves the rest."""

from contextlib import nullcontext

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from features.improvement import Register, accept, recorded
from features.settings import Settings
from features.store import Store
from features.store.database import MIGRATIONS, _prepare_sqlite, open_database
from tests.features.engines import postgres_schema
from tests.features.improvement.conftest import SOURCE, recommendation


def config(connection):
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request, tmp_path):
    """Settings of a home whose state database stands at 0002, with an enterprise and a lever in it."""
    with nullcontext() if request.param == "sqlite" else postgres_schema() as url:
        settings = Settings(home=tmp_path / "home", database_url=url, threads=1)
        settings.home.mkdir()
        address = url or f"sqlite:///{settings.home / 'state.db'}"
        engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
        if url is None:
            sa.event.listen(engine, "connect", _prepare_sqlite)
        with engine.begin() as connection:
            command.upgrade(config(connection), "0002")
        (tmp_path / "enterprises.csv").write_text("enterprise_id,name\nE1,First Plant\n")
        (tmp_path / "parameters.csv").write_text("enterprise_id,parameter_id,kind\nE1,temp,actionable\n")
        with Store(settings, engine) as store:
            store.import_paths([tmp_path / "enterprises.csv", tmp_path / "parameters.csv"])
        assert not sa.inspect(engine).has_table("promises")
        engine.dispose()
        yield settings


def test_there_and_back(older):
    with Register.open(older) as register:
        made = accept(register, older, recommendation(), SOURCE, "Li")
        assert register.verify().faults == ()
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), register._engine.begin() as connection:
            connection.execute(sa.text("UPDATE promises SET benefit = 1"))
    engine = open_database(older)
    with engine.begin() as connection:
        command.downgrade(config(connection), "0002")
    assert not {"promises", "improvement_actions"} & set(sa.inspect(engine).get_table_names())
    engine.dispose()
    assert [one.action_id for one in recorded(older)] == [made.action_id]
    with Register.open(older) as register:
        assert register.promises() == {}
