"""A state database on SQLite and on PostgreSQL, two enterprises, and people with different scopes."""

import shutil

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from features.settings import Settings
from features.store import Store
from features.store.database import open_database
from serving.access import LOCAL_ADMINISTRATOR, Person, Role
from serving.access.person import Scope
from serving.warnings.addressing import Reader
from serving.warnings.finding import Channel, Finding, Kind, Look
from serving.warnings.keeping import LOOKS, OUTBOX, SUBSCRIPTIONS, WARNINGS
from serving.warnings.subscriptions import Subscription, add
from tests.features.engines import postgres_schema

ENTERPRISES = {
    "E1": {"enterprise_id": "E1", "name": "One", "region_code": "330200"},
    "E2": {"enterprise_id": "E2", "name": "Two", "region_code": "440100"},
}
ENGINEER = Person("li", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"E1"})))
PLANNER = Person("wang", frozenset({Role.PLANNER}), Scope(regions=("33",)))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A home with two enterprises and a migrated database, to copy."""
    home = tmp_path_factory.mktemp("warned") / "home"
    home.mkdir()
    rows = "enterprise_id,name,region_code\nE1,One,330200\nE2,Two,440100\n"
    (home / "enterprises.csv").write_text(rows, encoding="utf-8")
    with Store.open(Settings(home=home, threads=1)) as store:
        store.import_paths([home / "enterprises.csv"])
    return home


@pytest.fixture(scope="session")
def shared(tmp_path_factory, migrated):
    """One home on PostgreSQL for all tests of this room: its ledger and its files belong together."""
    with postgres_schema() as url:
        home = tmp_path_factory.mktemp("warned-postgresql") / "home"
        settings = Settings(home=home, threads=1, database_url=SecretStr(url))
        with Store.open(settings) as store:
            store.import_paths([migrated / "enterprises.csv"])
        yield settings


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path, migrated):
    if request.param == "postgresql":
        return request.getfixturevalue("shared")
    shutil.copytree(migrated, tmp_path / "home")
    return Settings(home=tmp_path / "home", threads=1)


@pytest.fixture
def engine(settings):
    opened = open_database(settings)
    with opened.begin() as connection:  # the schema of PostgreSQL is shared
        for table in (OUTBOX, SUBSCRIPTIONS, WARNINGS, LOOKS):
            connection.execute(sa.delete(table))
        connection.execute(sa.text("DELETE FROM users"))
    yield opened
    opened.dispose()


def chance(weight, enterprise="E1", raises=True):
    """A forecast that crosses a threshold with this probability."""
    facts = {
        "target": "ftq",
        "indicator": "ftq",
        "level": 4,
        "threshold": 0.97,
        "rising": True,
        "value": "0.98",
    }
    return Finding(
        Kind.FORECAST,
        enterprise,
        "ftq",
        "2025-03",
        weight,
        facts | {"chances": [["2025-03", weight]]},
        raises,
    )


def chart(weight, enterprise="E1", period="2025-01"):
    """A control chart that is news."""
    facts = {
        "chart": "process", "subject": "20", "name": "Testing", "product_id": "P1",
        "test": "shift", "up": True, "p_value": 1e-6, "adjusted": 10**-weight,
        "chart_kind": "p", "points": 8, "beyond": 3, "rules": [1, 2],
    }  # fmt: skip
    return Finding(Kind.CHART, enterprise, "process\tP1\t20", period, weight, facts)


def forecasts(*found):
    return Look.of(Kind.FORECAST, found, forecasts=len(found))


def charts(*found, of=("E1", "E2")):
    return Look.of(Kind.CHART, found, of, charts=9, enterprises=len(of), too_short=0)


@pytest.fixture
def reader(engine):
    """Make readers: a person with a subscription."""

    def made(person=LOCAL_ADMINISTRATOR, **wanted):
        fields = {"channel": Channel.WEBHOOK, "address": "https://example.org/hook", **wanted}
        return Reader(add(engine, Subscription(person.name, **fields)), person, ENTERPRISES)

    return made
