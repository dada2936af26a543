"""Two enterprises, a published recommendation, and people with roles who sign in; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest

from features.settings import Settings
from features.store import Store
from models import outlook
from models.outlook_files import write_rows
from serving.access import Role, Scope
from serving.web.app import create_app
from tests.features.engines import postgres_schema
from tests.serving.access.conftest import Site, opened, token

ROW = {
    "enterprise_id": "E/1", "rank": 1, "parameter_id": "temp", "parameter_name": "炉温", "unit": "°C",
    "from": 850.0, "to": 860.0, "target": "ftq", "effect": {"estimate": 0.012, "low": 0.004, "high": 0.02},
    "benefit": 250_000.0, "benefit_low": 90_000.0, "benefit_high": 400_000.0, "cost": 3_000.0,
    "confidence": "fair", "evidence": {},
}  # fmt: skip
OUTLOOK = "20260101T000000-x"
PEOPLE = {
    "li": ({Role.ENGINEER}, Scope(enterprises=frozenset({"E/1"}))),
    "wang": ({Role.ENGINEER}, Scope(enterprises=frozenset({"E/1", "E2"}))),
    "zhao": ({Role.ASSESSOR}, Scope(enterprises=frozenset({"E/1"}))),
    "qian": ({Role.ASSESSOR, Role.ENGINEER}, Scope(enterprises=frozenset({"E/1"}))),
    "sun": ({Role.PLANNER}, Scope(everything=True)),
}


def bring(settings: Settings) -> None:
    """Records of two enterprises and a published outlook of one recommendation."""
    settings.home.mkdir(parents=True, exist_ok=True)
    tables = {
        "enterprises": "enterprise_id,name\nE/1,甲厂\nE2,Second\n",
        "parameters": "enterprise_id,parameter_id,name,unit,kind\nE/1,temp,炉温,°C,actionable\n",
    }
    paths = [settings.home / f"{name}.csv" for name in tables]
    for path, text in zip(paths, tables.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    with Store.open(settings) as store:
        store.import_paths(paths)
    folder = settings.home / "outlook" / OUTLOOK
    folder.mkdir(parents=True)
    for kind in ("forecasts", "drivers", "attainment", "recommendations"):
        write_rows([ROW] if kind == "recommendations" else [], folder, kind)
    facts = {
        "folder": OUTLOOK,
        "model_version": "m1",
        "fingerprint": "f",
        "created_at": "2026-01-01",
        "as_of": None,
    }
    outlook._point(settings.home / "outlook", facts)


class Office:
    """A site with its people signed in."""

    def __init__(self, site: Site, settings: Settings) -> None:
        self.site, self.settings = site, settings
        self._in: dict[str, httpx.Client] = {}
        self._tokens: dict[str, str] = {}
        for name, (roles, scope) in PEOPLE.items():
            site.person(name, *roles, scope=scope)

    def __getitem__(self, name: str) -> httpx.Client:
        if name not in self._in:
            self._in[name] = self.site.signed_in(name)
        return self._in[name]

    def api(self, name: str, method: str, path: str, **more) -> httpx.Response:
        """Ask the API as a page's script does: by session, with the form token as a header."""
        headers = {"x-csrf-token": self._token(name), **more.pop("headers", {})}
        return self[name].request(method, f"/api/v1{path}", headers=headers, **more)

    def form(self, name: str, path: str, **fields) -> httpx.Response:
        """Send a form."""
        return self[name].post(path, data={"csrf": self._token(name), **fields})

    def _token(self, name: str) -> str:
        """A session's form token is the same on all its pages."""
        if name not in self._tokens:
            self._tokens[name] = token(self[name].get("/assessments"))
        return self._tokens[name]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def office(request, tmp_path_factory) -> Iterator[Office]:
    home: Path = tmp_path_factory.mktemp("office") / "home"
    with nullcontext() if request.param == "sqlite" else postgres_schema() as url:
        settings = Settings(home=home, database_url=url, threads=1)
        bring(settings)
        with opened(create_app(settings)) as site:
            yield Office(site, settings)
