"""A served home, on SQLite and on PostgreSQL, that any person may enter; and a small plant to bring."""

import copy
import shutil
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from features.settings import Settings
from features.store import Store
from serving.access import LOCAL_ADMINISTRATOR, Person, Role, Scope
from serving.web.app import create_app
from tests.features.engines import postgres_schema
from tests.features.store.conftest import ROWS, as_csv, write_tables
from tests.serving.province import served

ENGINEER = Person("li", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"A"})))
NEIGHBOUR = Person("wang", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"B"})))
PLANNER = Person("zhao", frozenset({Role.PLANNER}), Scope(regions=("35",)))


class House:
    """One home, entered over HTTP as whoever it may be."""

    def __init__(self, settings, stack):
        self.settings, self._stack = settings, stack

    def enter(self, person=LOCAL_ADMINISTRATOR):
        url = self._stack.enter_context(served(create_app(self.settings, open_to=person)))
        return self._stack.enter_context(httpx.Client(base_url=url, timeout=60))

    def rows(self, table):
        with Store.open(self.settings) as store:
            return store.table(table).collect("pyarrow").to_arrow().to_pylist()

    def imports(self):
        from features.store import ledger

        with Store.open(self.settings) as store:
            return ledger.read(store.engine).last_import


@contextmanager
def house_on(dialect, home):
    with ExitStack() as stack:
        url = stack.enter_context(postgres_schema()) if dialect == "postgresql" else None
        yield House(Settings(home=home, database_url=url, threads=1, memory_limit="500MB"), stack)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def house(request, tmp_path):
    """An empty home, on each database."""
    with house_on(request.param, tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="session")
def plant_home(tmp_path_factory):
    """A home that holds the small plant; tests take copies."""
    settings = Settings(home=tmp_path_factory.mktemp("plant") / "home", threads=1, memory_limit="500MB")
    with Store.open(settings) as store:
        store.import_paths([write_tables(settings.home.parent / "in", ROWS)])
    return settings.home


@pytest.fixture
def plant(plant_home, tmp_path):
    """A home of one's own that holds the small plant, on SQLite."""
    shutil.copytree(plant_home, tmp_path / "home")
    with house_on("sqlite", tmp_path / "home") as made:
        yield made


@pytest.fixture
def rows():
    """The small plant's rows, to be changed."""
    return copy.deepcopy(ROWS)


@pytest.fixture(autouse=True)
def unwarmed(monkeypatch):
    """Nobody reads grades here; computing them ahead at every start is most of what these tests would do."""
    monkeypatch.setattr("serving.web.app._warm", lambda *_: None)


@pytest.fixture
def files():
    """Turn rows by table into the parts of a form."""

    def made(rows):
        return [("files", (f"{name}.csv", as_csv(name, found).encode())) for name, found in rows.items()]

    return made
