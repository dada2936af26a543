"""Chains over HTTP: drawn, ranked, carried into forecasts, and never more than the asker may see."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from features.settings import Settings
from models.outlook import Outlook
from serving.access import LOCAL_ADMINISTRATOR, Person, Role, Scope
from serving.web.app import create_app
from tests.serving import province

CHAIN = "新能源汽车"
API = f"/api/v1/chains/{CHAIN}"
IDS = [f"E{at:04d}" for at in range(1, 9)]


def carry(outcome: str, slope: float, reason: str = "") -> dict:
    ends = {"low": slope - 0.1, "high": slope + 0.1}
    return {
        "outcome": outcome,
        "slope": slope,
        **ends,
        "customers": 30,
        "months": 900,
        "lead": 0.1,
        "reason": reason,
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A published home whose province is too small for a slope of its own: one is put in its place."""
    settings = province.with_model(tmp_path_factory)
    file = Outlook.load(settings).folder / "chains.json"
    told = json.loads(file.read_bytes())
    assert {one["reason"] for one in told["carry"].values()} == {"few_customers"}
    assert told["ahead"] == {}
    slopes = {"ftq": 0.2, "internal_loss": 0.15, "ppm": 0.25}
    told["carry"] = {name: carry(name, slope) for name, slope in slopes.items()}
    row = {"period": "2025-01", "horizon": 1, "mean": 0.95, "carried": 0.94, "low": 0.93, "high": 0.945}
    told["ahead"] = {name: [row | {"arrives": 0.3}] for name in ("E0002", "E0005", "E0006")}
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return settings


@contextmanager
def asked_by(home: Settings, person: Person) -> Iterator[httpx.Client]:
    app = create_app(home, open_to=person)
    with province.served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def site(home: Settings) -> Iterator[httpx.Client]:
    with asked_by(home, LOCAL_ADMINISTRATOR) as client:
        yield client


def links_of(home: Settings) -> list[dict]:
    return json.loads((Outlook.load(home).folder / "chains.json").read_bytes())["links"]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_chain_is_drawn_with_its_tables(site, code) -> None:
    page = site.get(f"/chains/{CHAIN}", params={"lang": code})
    assert page.status_code == 200
    linked = {end for link in site.get(f"{API}/links").json()["items"] for end in link.values() if end in IDS}
    assert page.text.count('class="node ') == len(linked)
    assert 'class="link ' in page.text
    assert "rank-mark" in page.text
    for word in {"en": ("Weak links", "saves CNY", "If halved"), "zh": ("薄弱环节", "节约", "若减半")}[code]:
        assert word in page.text


def test_the_list_leads_to_every_chain(site) -> None:
    page = site.get("/chains", params={"lang": "en"}).text
    listed = site.get("/api/v1/chains").json()
    assert listed["total"] == 3
    assert CHAIN in [one["name"] for one in listed["items"]]
    for one in listed["items"]:
        assert one["name"] in page


def test_links_are_those_of_the_records(site, home) -> None:
    found = site.get(f"{API}/links").json()
    members = set(site.get(API).json()["enterprises"])
    own = [link for link in links_of(home) if {link["supplier_id"], link["customer_id"]} & members]
    assert found["total"] == len(own)
    assert found["items"] == own


def test_the_weakest_link_saves_most(site) -> None:
    rows = site.get(f"{API}/weak-links").json()["items"]
    saved = [row["halved"]["saved"]["estimate"] if row["halved"]["saved"] else 0.0 for row in rows]
    assert saved == sorted(saved, reverse=True)
    assert saved[0] > 0
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["halved"]["change"] == pytest.approx(math.log(0.5)) for row in rows)
    assert all(row["at_best"]["change"] <= 0 for row in rows)


def test_what_is_not_known_or_not_there_is_404(site) -> None:
    for path in (
        "/chains/nope",
        "/api/v1/chains/nope",
        "/api/v1/chains/nope/links",
        "/api/v1/chains/nope/weak-links",
    ):
        assert site.get(path).status_code == 404


def test_without_an_outlook_a_page_says_what_to_do(records_site) -> None:
    assert "supply_links" in records_site.get("/chains").text
    assert records_site.get(f"/api/v1/chains/{CHAIN}").status_code == 404


def test_people_of_one_enterprise_see_neighbours_by_name_alone(home) -> None:
    person = Person("e", frozenset({Role.ENGINEER}), Scope(enterprises=frozenset({"E0002"})))
    with asked_by(home, person) as client:
        links = client.get(f"{API}/links").json()["items"]
        assert links
        assert all("E0002" in (link["supplier_id"], link["customer_id"]) for link in links)
        assert all(link["lots"] is None for link in links if link["customer_id"] != "E0002")
        assert client.get(f"{API}/weak-links").json()["total"] == 0, "nobody else's loss may be told"
        assert client.get(f"{API}/forecasts").json()["total"] == 0, "it would tell of the one supplier"
        assert client.get(API).json()["enterprises"] == ["E0002"]
        page = client.get(f"/chains/{CHAIN}", params={"lang": "en"}).text
        assert "numbers not shared with you" in page
        assert "/enterprises/E0001" not in page
        assert client.get("/chains/集成电路").status_code == 404


def test_a_regions_planner_sees_no_lots_and_nobody_outside(home) -> None:
    person = Person("p", frozenset({Role.PLANNER}), Scope(regions=("3306", "3302")))
    with asked_by(home, person) as client:
        links = client.get(f"{API}/links").json()["items"]
        inside = {"E0001", "E0002", "E0005"}
        assert {end for link in links for end in (link["supplier_id"], link["customer_id"])} <= inside
        assert all(link["lots"] is None for link in links)
        weak = client.get(f"{API}/weak-links").json()["items"]
        assert {row["supplier_id"] for row in weak} <= inside
        told = {row["enterprise_id"] for row in client.get(f"{API}/forecasts").json()["items"]}
        assert "E0005" not in told, "one of its suppliers stands outside"
        assert "E0002" in told
