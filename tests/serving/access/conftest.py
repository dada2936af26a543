"""Doors: a state database on both engines, and sites where somebody must sign in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from features.settings import Settings
from features.store.database import open_database
from serving.access import EVERYTHING, Role, Scope, passwords
from serving.access.accounts import Accounts
from serving.web.app import create_app
from tests.features.engines import postgres_schema
from tests.serving import province

PASSWORD = "correct horse battery"
ADMIN = "chen"


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Hash with a thousandth of the work: what the real hasher costs is tested once, not at every sign-in."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    with pytest.MonkeyPatch.context() as here:
        here.setattr(passwords, "_hasher", lambda: quick)
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path) -> Iterator[sa.Engine]:
    """A migrated state database of one's own."""
    with nullcontext() if request.param == "sqlite" else postgres_schema() as url:
        opened = open_database(Settings(home=tmp_path / "home", database_url=url))
        yield opened
        opened.dispose()


@dataclass
class Site:
    """A served application with somebody who may administer it."""

    app: FastAPI
    url: str
    browsers: list[httpx.Client] = field(default_factory=list)

    @property
    def engine(self) -> sa.Engine:
        return self.app.state.database.engine

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.engine)

    def person(self, name: str, *roles: Role, scope: Scope = EVERYTHING, must_change: bool = False) -> None:
        self.accounts.add(name, roles, scope, "test", password=PASSWORD, must_change=must_change)

    def browser(self, **headers: str) -> httpx.Client:
        """A browser that nobody has signed in with."""
        made = httpx.Client(base_url=self.url, timeout=60, headers={"accept-language": "en", **headers})
        self.browsers.append(made)
        return made

    def signed_in(self, name: str = ADMIN, password: str = PASSWORD) -> httpx.Client:
        browser = self.browser()
        assert sign_in(browser, name, password).status_code == 303
        return browser


def token(page: httpx.Response) -> str:
    """Return the form token of a page."""
    return re.search(r'<meta name="csrf" content="(\w*)">', page.text)[1]


def sign_in(browser: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
    """Fill the form in as a person does."""
    csrf = token(browser.get("/sign-in"))
    return browser.post("/sign-in", data={"csrf": csrf, "name": name, "password": password, **more})


def send(browser: httpx.Client, page: str, path: str, **fields: object) -> httpx.Response:
    """Send a form of a page."""
    return browser.post(path, data={"csrf": token(browser.get(page)), **fields})


@contextmanager
def opened(app: FastAPI) -> Iterator[Site]:
    with province.served(app) as url:
        site = Site(app, url)
        yield site
        for browser in site.browsers:
            browser.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site without records; tests make persons of their own."""
    app = create_app(Settings(home=tmp_path_factory.mktemp("door")))
    with opened(app) as site:
        site.person(ADMIN, Role.ADMIN)
        yield site


@pytest.fixture(scope="session")
def open_site() -> Callable:
    return opened
