"""A home whose portfolio is written by hand, served to any person; and the small real province."""

import json

import pandas as pd
import pytest

from features.settings import Settings
from features.store import Store
from models.outlook import FOLDER, POINTER
from models.outlook_files import write_rows
from models.portfolio.publishing import keep
from serving.access import Person, Role, Scope
from tests.models.portfolio.portfolios import Plant, found, steady
from tests.serving.province import clients

PLACES = {"330100": 4, "330200": 3, "420100": 7, "440100": 3, "110000": 6}
"""How many of each city, in order of id."""


def plants():
    """23 enterprises in four provinces; two of Zhejiang climb."""
    made = []
    for region, count in PLACES.items():
        for at in range(count):
            name = f"{region[:4]}-{at}"
            level = 1 + at % 4
            made.append(Plant(name, level, steady(level), region=region, ftq=0.8 + len(made) / 200))
    made[0] = Plant("3301-0", 2, steady(2), {3: [1, 5, 0, 0]}, region="330100", ftq=0.8)
    made[4] = Plant("3302-0", 2, steady(2), {3: [2, 0, 12, 0]}, region="330200", ftq=0.99, size="large")
    return made


def write_home(home):
    """Records (the register alone) and a publication by hand."""
    rows = pd.DataFrame(
        [
            {
                "enterprise_id": p.id,
                "name": f"{p.id} 厂",
                "region_code": p.region,
                "industry_code": p.industry,
                "size": p.size,
            }
            for p in plants()
        ]
    )
    (home / "in").mkdir(parents=True)
    rows.to_csv(home / "in" / "enterprises.csv", index=False)
    with Store.open(Settings(home=home)) as store:
        store.import_paths([home / "in"])
    folder = home / FOLDER / "20260101T000000-hand"
    folder.mkdir(parents=True)
    for kind in ("attainment", "recommendations"):
        write_rows([], folder, kind)
    target = {
        "plan_id": "省计划",
        "level_id": "assurance",
        "baseline_period": "2024-12",
        "by_period": "2026-06",
        "count": 2,
        "region_code": "33",
        "industry_code": "",
        "chain": "",
    }
    keep(folder, found(plants()), {"model_version": "hand", "files": [], "plan_targets": [target]})
    facts = {
        "folder": folder.name,
        "model_version": "hand",
        "fingerprint": "",
        "created_at": "2026-01-01T00:00:00+00:00",
        "as_of": None,
    }
    (home / FOLDER / POINTER).write_text(json.dumps(facts), encoding="utf-8")


@pytest.fixture(scope="session")
def hand_home(tmp_path_factory):
    """Made once; tests that write take another."""
    home = tmp_path_factory.mktemp("planner") / "home"
    write_home(home)
    return home


def person(*roles, regions=(), enterprises=(), everything=False):
    """Somebody with a scope."""
    return Person("li", frozenset(roles), Scope(frozenset(enterprises), tuple(regions), everything))


@pytest.fixture(scope="session")
def desk_of(hand_home):
    """A client for a person, one server each."""
    with clients() as client_of:
        yield lambda who: client_of(hand_home, who)


@pytest.fixture(scope="session")
def national(desk_of):
    """A planner who sees everybody."""
    return desk_of(person(Role.PLANNER, everything=True))


@pytest.fixture(scope="session")
def zhejiang(desk_of):
    """A planner of one province."""
    return desk_of(person(Role.PLANNER, regions=("33",)))


@pytest.fixture(scope="session")
def plant_engineer(desk_of):
    """An engineer of one enterprise."""
    return desk_of(person(Role.ENGINEER, enterprises=("3301-0",)))
