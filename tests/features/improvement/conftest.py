"""A home with two enterprises and a lever, and a recommendation as it is published."""

import shutil

import pytest

from features.improvement import Register, Source
from features.settings import Settings
from features.store import Store

SOURCE = Source("20260101T000000-x", "model-1", "f" * 64, "2026-01-01T00:00:00+00:00", "2025-12")


def recommendation(**other):
    return {
        "enterprise_id": "E1",
        "rank": 1,
        "parameter_id": "temp",
        "parameter_name": "炉温",
        "unit": "°C",
        "from": 850.0,
        "to": 856.5,
        "target": "ftq",
        "effect": {"estimate": 0.012, "low": 0.004, "high": 0.02},
        "benefit": 250_000.0,
        "cost": 3_000.0,
        "confidence": "fair",
        **other,
    }


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    home = tmp_path_factory.mktemp("improvement") / "home"
    home.mkdir()
    (home / "enterprises.csv").write_text("enterprise_id,name\nE1,First Plant\nE2,第二厂\n", encoding="utf-8")
    rows = "enterprise_id,parameter_id,kind\nE1,temp,actionable\nE1,speed,actionable\nE2,temp,actionable\n"
    (home / "parameters.csv").write_text(rows)
    with Store.open(Settings(home=home, threads=1)) as store:
        store.import_paths([home / "enterprises.csv", home / "parameters.csv"])
    return home


@pytest.fixture
def settings(tmp_path, template):
    shutil.copytree(template, tmp_path / "home")
    return Settings(home=tmp_path / "home", threads=1, memory_limit="500MB")


@pytest.fixture
def register(settings):
    with Register.open(settings) as opened:
        yield opened
