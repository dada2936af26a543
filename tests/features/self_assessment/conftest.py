"""Homes with two enterprises, on SQLite and on a real PostgreSQL, and the hands of the people who assess."""

import shutil
from dataclasses import dataclass
from datetime import date

import pytest

from features.records.schema import ITEMS
from features.self_assessment import Answer, Link, Register, begin, declare, review
from features.settings import Settings
from features.store import Store
from tests.features.engines import postgres_schema

TODAY = date(2026, 3, 31)


def answers(level=3, why="as the handbook says", items=ITEMS):
    return {item: Answer(level, why, (Link("handbook", "https://example.org/qm"),)) for item in items}


@dataclass
class Office:
    """A register with its records, and short ways to act in it."""

    register: Register
    settings: Settings

    def begin(self, enterprise="E1", as_of="2026-02", by="Li"):
        return begin(self.register, self.settings, enterprise, as_of, by).id

    def filled(self, level=3, enterprise="E1", as_of="2026-02", by="Li"):
        name = self.begin(enterprise, as_of, by)
        self.register.answer(name, answers(level), by)
        return name

    def declare(self, name, on=TODAY, by="Li", role="quality director", version=None):
        return declare(self.register, self.settings, name, by, role, on, version)

    def review(self, name, differing=None, on=TODAY, by="Zhang", organisation="Certifiers", version=None):
        return review(self.register, self.settings, name, by, organisation, on, differing or {}, version)

    def records(self):
        """The rows of `assessments`, by source and item."""
        with Store.open(self.settings) as store:
            rows = store.table("assessments").collect("pyarrow").to_arrow().to_pylist()
        return {
            (row["source"], row["item_id"], row["assessed_on"], row["enterprise_id"]): row for row in rows
        }


def settings_with_enterprises(home, **more):
    settings = Settings(home=home, threads=1, memory_limit="500MB", **more)
    home.mkdir(parents=True, exist_ok=True)
    table = home / "enterprises.csv"
    table.write_text("enterprise_id,name\nE1,First Plant\nE2,第二厂\n", encoding="utf-8")
    with Store.open(settings) as store:
        store.import_paths([table])
    return settings


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request, tmp_path):
    """Settings of a home with enterprises E1 and E2."""
    if request.param == "sqlite":
        yield settings_with_enterprises(tmp_path / "home")
        return
    with postgres_schema() as url:
        yield settings_with_enterprises(tmp_path / "home", database_url=url)


@pytest.fixture
def office(home):
    with Register.open(home) as register:
        yield Office(register, home)


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A home on SQLite to copy: migrating and importing anew for every test would take seconds."""
    home = tmp_path_factory.mktemp("template") / "home"
    settings_with_enterprises(home)
    return home


@pytest.fixture
def embedded(tmp_path, template):
    """An office on SQLite, for what does not depend on the database."""
    settings = Settings(home=tmp_path / "home", threads=1, memory_limit="500MB")
    shutil.copytree(template, settings.home)
    with Register.open(settings) as register:
        yield Office(register, settings)


@pytest.fixture
def answer_all():
    return answers
