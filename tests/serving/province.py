"""A small simulated province behind the web tests: records, official grades, a real model, a real outlook.

Everything is the product's own path except the promotion gate, which tests/models looks after: whether so
small a model is better than its baselines does not matter to a page.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from features.model_table import build_model_table
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from models.forecast.bundle import save
from models.learning.fit import fit
from models.learning.rolling import Settings as Effort
from models.training import content_version, point_to
from models.training.identity import facts
from serving.access import Person
from serving.publishing import publish_outlook
from serving.web.app import create_app
from serving.web.running.server import listen
from tests import shared

SEED, ENTERPRISES, MONTHS = 7, 8, 48


def with_records(factory: pytest.TempPathFactory) -> Settings:
    """A home with records and no model, the caller's own."""
    return Settings(home=shared.copy_of(factory, "province", bring_records), threads=1)


def with_model(factory: pytest.TempPathFactory) -> Settings:
    """A home with records, a champion and a published outlook, the caller's own."""

    def fill(home: Path) -> None:
        records = shared.made_once(factory, "province", bring_records)
        learn(Settings(home=shutil.copytree(records, home, dirs_exist_ok=True), threads=1))

    return Settings(home=shared.copy_of(factory, "province-learned", fill), threads=1)


def bring_records(home: Path) -> Settings:
    """Simulate, write and import: a home with records and no model."""
    settings = Settings(home=home, threads=1)
    write_tables(World(SEED, ENTERPRISES, MONTHS), home / "province")
    with Store.open(settings) as store:
        store.import_paths([home / "province"])
    return settings


def learn(settings: Settings) -> None:
    """Fit a champion and publish its outlook."""
    with Store.open(settings) as store:
        table, effort = build_model_table(store), Effort(refits=1, threads=1)
        fitted = fit(table, effort, facts(table, effort))
        model = replace(fitted.model, version=content_version(fitted))
        folder = settings.home / "champion" / model.version
        folder.mkdir(parents=True)
        save(model, folder)
        point_to(folder.parent, {"version": model.version, "registry_version": "1", "run_id": "test"})
        publish_outlook(settings, store)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this machine; yields its address."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def clients() -> Iterator[Callable[[Path, Person], httpx.Client]]:
    """Yield a function (home, person) → client of that person, one server each, which ends with the block."""
    with ExitStack() as open_:

        def client(home: Path, who: Person) -> httpx.Client:
            url = open_.enter_context(served(create_app(Settings(home=home), open_to=who)))
            headers = {"accept-language": "en"}
            return open_.enter_context(httpx.Client(base_url=url, timeout=60, headers=headers))

        yield client
