"""A publication by hand, with scenarios that were computed for it by hand."""

import httpx
import numpy as np
import pytest

from features.settings import Settings
from features.store.database import open_database
from models.portfolio import Portfolio
from models.portfolio.bases import BASES
from models.scenarios.keeping import Result, keep
from serving.access import Person, Role, Scope
from serving.scenarios import register
from serving.web.app import create_app
from tests import shared
from tests.serving.planner.conftest import write_home
from tests.serving.province import served

OUTLOOK = "20260101T000000-hand"


def person(*, regions=(), everything=False, role=Role.PLANNER, name="li"):
    """Somebody with a scope."""
    return Person(name, frozenset({role}), Scope(regions=tuple(regions), everything=everything))


@pytest.fixture
def home(tmp_path_factory):
    """A home of one's own."""
    return Settings(home=shared.copy_of(tmp_path_factory, "scenarios-by-hand", write_home))


@pytest.fixture
def engine(home):
    """Its state database."""
    made = open_database(home)
    yield made
    made.dispose()


@pytest.fixture
def client_of(home):
    """A client for a person, one server each."""
    open_ = []

    def client(who):
        serving = served(create_app(home, open_to=who))
        made = httpx.Client(base_url=serving.__enter__(), timeout=60, headers={"accept-language": "en"})
        open_.append((serving, made))
        return made

    yield client
    for serving, made in open_:
        made.close()
        serving.__exit__(None, None, None)


def computed(home, engine, *, costs=None, owner="li", **wish):
    """Keep a scenario; computed so that every Zhejiang enterprise is at level 3 in two months, on every path.

    `costs` are CNY a year by enterprise, one action each.
    """
    document = {"name": "强省", "start": "2026-02"} | wish
    kept = register(engine).add(document, owner)
    portfolio = Portfolio.load(home.home / "outlook" / OUTLOOK)
    rows = [at for at, name in enumerate(portfolio.enterprise_ids) if str(name).startswith("33")]
    names = tuple(str(portfolio.enterprise_ids[at]) for at in rows)
    firsts = {}
    for basis in BASES:
        own = np.array(portfolio.firsts(basis)[:, rows])
        own[1] = np.minimum(own[1], 2)
        firsts[basis] = own
    cost = np.array([(costs or {}).get(name, 0.0) for name in names])
    said = {"carried": "refuted" if "tightened" in wish else None}
    known = np.ones(len(names), dtype=np.bool_)
    result = Result(names, firsts, cost, (cost > 0).astype(np.int64), known, said)
    keep(home, kept.id, "1", OUTLOOK, result)
    return kept
