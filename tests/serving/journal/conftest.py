"""A home with a small plant's records, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from features.settings import Settings
from features.store import Store
from features.store.database import open_database
from tests.features.engines import postgres_schema

TABLES = {
    "enterprises": "enterprise_id,name,region_code\nE1,First Plant,320100\nE2,第二厂,330200\n",
    "products": "enterprise_id,product_id\nE1,p\n",
    "processes": "enterprise_id,product_id,process_id,seq\nE1,p,turn,1\n",
    "parameters": "enterprise_id,parameter_id,kind\nE1,temp,actionable\n",
    "output_values": "enterprise_id,period,amount\nE1,2025-12,100000\n",
    "quality_costs": "enterprise_id,period,category,amount\nE1,2025-12,scrap,1000\n",
}


def write_tables(folder: Path, tables: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path) -> Iterator[Settings]:
    """An empty home."""
    if request.param == "sqlite":
        yield Settings(home=tmp_path / "home", threads=1)
        return
    with postgres_schema() as url:
        yield Settings(home=tmp_path / "home", threads=1, database_url=url)


@pytest.fixture(scope="session")
def brought(tmp_path_factory) -> Path:
    """A folder with tables, and a home on SQLite into which `li` brought them; not to be written to."""
    folder = tmp_path_factory.mktemp("journal")
    fill(Settings(home=folder / "home", threads=1), write_tables(folder / "in", TABLES))
    return folder


def fill(settings: Settings, tables: Path) -> None:
    with Store.open(settings) as store:
        store.import_paths([tables], who="li")


@pytest.fixture
def filled(settings, tmp_path, brought) -> Settings:
    """A home with records, brought by `li`."""
    shutil.copytree(brought / "in", tmp_path / "in")
    if settings.database_url is None:
        shutil.copytree(brought / "home", settings.home)
    else:
        fill(settings, tmp_path / "in")
    return settings


@pytest.fixture
def engine(filled) -> Iterator[sa.Engine]:
    opened = open_database(filled)
    yield opened
    opened.dispose()
