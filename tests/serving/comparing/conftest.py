"""A home of forty enterprises whose practices are written by hand, served to any person."""

import json

import numpy as np
import pandas as pd
import pytest

from features.periods import to_index
from features.settings import Settings
from features.store import Store
from models.outlook import FOLDER, POINTER
from models.outlook_files import write_rows
from models.portfolio.kept import ROWS
from models.portfolio.publishing import keep
from models.practices.kept import write
from models.practices.own_rates import keep_rates
from models.practices.process import COLUMNS
from serving.access import Role
from tests.models.portfolio.portfolios import Plant, found
from tests.serving.planner.conftest import person
from tests.serving.province import clients

COUNT = 40
IDS = [f"P{at:02d}" for at in range(COUNT)]
BEST = IDS[-8:]
"""A fifth: their yields are the highest."""


def plants():
    """Half in Zhejiang, half in Hubei, alternating; yields rise."""
    regions = ("330100", "420100")
    return [
        Plant(name, 2, region=regions[at % 2], industry="C3411", ftq=0.8 + at / 400)
        for at, name in enumerate(IDS)
    ]


def practice_rows():
    """Leaders run the furnace 20 degrees cooler; lot sizes are anybody's."""
    rng = np.random.default_rng(1)
    temperature = np.where(np.isin(IDS, BEST), 820, 840) + rng.normal(0, 2, COUNT)
    lots = rng.lognormal(5, 0.3, COUNT)
    rows = [(name, "level", "furnace_temp", value) for name, value in zip(IDS, temperature, strict=True)]
    rows += [(name, "lot_size", "", value) for name, value in zip(IDS, lots, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def verdict_rows():
    told = {
        "subject": "furnace_temp",
        "verdict": "fewer",
        "estimate": -0.2,
        "low": -0.3,
        "high": -0.1,
        "code": None,
    }
    return pd.DataFrame([{"enterprise_id": "P00", **told}])


def months():
    """Two months of 2025 for everybody."""
    count = 2 * COUNT
    return pd.DataFrame(
        {
            "enterprise_id": np.repeat(IDS, 2),
            "product_id": "",
            "frequency": "month",
            "t": np.tile([to_index("2025-11"), to_index("2025-12")], COUNT),
            "ftq": np.full(count, 0.9),
            "q.units": 100.0,
            "q.nonconforming": 2.0,
            "q.submitted": 100.0,
            "q.output_value": 1000.0,
            "q.internal_amount": 30.0,
            "q.external_amount": 10.0,
        }
    )


def write_home(home, *, practices=True):
    """Records (the register and one parameter) and a publication by hand."""
    columns = {"enterprise_id": "id", "region_code": "region", "industry_code": "industry", "size": "size"}
    rows = [
        {name: getattr(p, own) for name, own in columns.items()} | {"name": f"{p.id} 厂"} for p in plants()
    ]
    (home / "in").mkdir(parents=True)
    pd.DataFrame(rows).to_csv(home / "in" / "enterprises.csv", index=False)
    lever = {"parameter_id": "furnace_temp", "name": "淬火炉温", "unit": "℃", "kind": "actionable"}
    pd.DataFrame([{"enterprise_id": name, **lever} for name in IDS]).to_csv(
        home / "in" / "parameters.csv", index=False
    )
    with Store.open(Settings(home=home)) as store:
        store.import_paths([home / "in"])
    folder = home / FOLDER / "20260101T000000-hand"
    folder.mkdir(parents=True)
    for kind in ("attainment", "recommendations"):
        write_rows([], folder, kind)
    keep(folder, found(plants()), {"model_version": "hand", "files": [], "plan_targets": []})
    table = pd.read_parquet(folder / ROWS)
    table = table.assign(
        **{"value.cpk": table["value.ftq"] * 2, "value.internal_loss": 1 - table["value.ftq"]}
    )
    table.to_parquet(folder / ROWS, index=False)
    keep_rates(folder, months())
    if practices:
        write(folder, practice_rows(), verdict_rows())
    facts = {
        "folder": folder.name,
        "model_version": "hand",
        "fingerprint": "",
        "created_at": "2026-01-01T00:00:00+00:00",
    }
    (home / FOLDER / POINTER).write_text(json.dumps(facts | {"as_of": None}), encoding="utf-8")


@pytest.fixture(scope="session")
def compared_home(tmp_path_factory):
    """Made once; read only."""
    home = tmp_path_factory.mktemp("comparing") / "home"
    write_home(home)
    return home


@pytest.fixture(scope="session")
def client_of(compared_home):
    """A client for a person, one server each."""
    with clients() as client_of:
        yield lambda who, home=compared_home: client_of(home, who)


@pytest.fixture(scope="session")
def national(client_of):
    return client_of(person(Role.PLANNER, everything=True))


@pytest.fixture(scope="session")
def zhejiang(client_of):
    """Sees numbers of a province, nobody's records."""
    return client_of(person(Role.PLANNER, regions=("33",)))


@pytest.fixture(scope="session")
def engineer(client_of):
    return client_of(person(Role.ENGINEER, enterprises=("P00",)))
