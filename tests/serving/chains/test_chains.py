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


PLANNER = Person("p", frozenset({Role.PLANNER}), Scope(regions=("33",)))
"""A province's planner: the numbers of everybody, the details of nobody."""


def rows_of(client, name, **more):
    answer = client.get(f"{API}/{name}", params={"limit": 1000, **more})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["total"] == len(found["items"])
    return found["items"]


def test_the_lists_say_the_same_in_both_languages(site) -> None:
    for name in ("problems", "projects"):
        zh, en = (rows_of(site, name, lang=code) for code in ("zh", "en"))
        assert zh
        words = {"what", "figure", "holds", "source", "enterprise", "lead", "method", "effect"}
        for one, other in zip(zh, en, strict=True):
            assert {k: v for k, v in one.items() if k not in words} == {
                k: v for k, v in other.items() if k not in words
            }
            assert one["source"], "where its figure comes from"


def test_every_problem_is_a_finding_of_the_records(site) -> None:
    """Against the official answers themselves: each figure of an indicator is the grade's own."""
    found = [row for row in rows_of(site, "problems") if row["kind"] == "indicator"]
    assert found
    for row in found:
        grade = site.get(f"/api/v1/enterprises/{row['enterprise_id']}/grade").json()
        values = {float(own["value"]) for own in grade["indicators"].values() if own["value"]}
        assert row["value"] in values
        assert row["holds_level"] == grade["dimensions"]["performance"] + 1
    numbers = [row["number"] for row in rows_of(site, "problems")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_table_of_benefits_adds_up(site) -> None:
    *lines, total = rows_of(site, "benefits")
    assert total["enterprise_id"] is None
    assert total["net"] == pytest.approx(sum(line["net"] for line in lines))
    for name in ("internal_now", "own_internal", "received", "cost", "left_out"):
        assert total[name] == pytest.approx(sum(line[name] or 0.0 for line in lines))
    assert total["net_low"] <= total["net"] <= total["net_high"]
    for line in lines:
        parts = sum(line[part] or 0.0 for part in ("own_internal", "own_external", "received"))
        assert line["net"] == pytest.approx(parts - line["twice"] - line["cost"])
    assert {line["enterprise_id"] for line in lines} == set(site.get(API).json()["enterprises"])


def test_numbers_alone_hold_no_money_and_no_lever(home) -> None:
    """Decision 54: neither money, nor units, nor a lever by name, on page, by API or in a paper."""
    levers = {row["parameter_name"] for row in Outlook.load(home).recommendations() if row["parameter_name"]}
    with asked_by(home, PLANNER) as client:
        assert rows_of(client, "benefits") == []
        for row in rows_of(client, "problems"):
            assert (row["cost"], row["excess"], row["units"]) == (None, None, None)
        projects = rows_of(client, "projects")
        assert any(row["kind"] == "process" for row in projects)
        for row in projects:
            assert all(row[name] is None for name in ("own", "downstream", "twice", "cost", "net"))
            assert not any(lever in row["what"] for lever in levers)
        for row in client.get(f"{API}/weak-links").json()["items"]:
            assert (row["halved"]["saved"], row["halved"]["spared"]) == (None, None)
            assert row["halved"]["eased"]["estimate"] > 0 or row["customers"] == 0
        page = client.get(f"/chains/{CHAIN}", params={"lang": "en"}).text
        assert "CNY" not in page
        assert "less inside on average" in page
        assert not any(lever in page for lever in levers)


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_papers_are_files_of_their_kind(site, kind) -> None:
    starts = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF"}[kind]
    by_api = site.get(f"{API}/papers/{kind}", params={"lang": "en"})
    by_page = site.get(f"/chain-papers/{kind}/{CHAIN}", params={"lang": "en"})
    for answer in (by_api, by_page):
        assert answer.status_code == 200
        assert answer.content.startswith(starts)
        assert f"chain.{kind}" in answer.headers["content-disposition"]
    assert site.get(f"/chain-papers/exe/{CHAIN}").status_code == 404
    assert site.get(f"/chain-papers/{kind}/nope").status_code == 404
    assert site.get(f"{API}/papers/exe").status_code == 422


def test_a_page_holds_what_the_papers_hold(site) -> None:
    page = site.get(f"/chains/{CHAIN}", params={"lang": "zh"}).text
    assert "质量问题清单" in page
    assert "重点攻关项目清单" in page
    assert "质量效益测算表" in page
    assert "level-mark" in page
    assert "第 1 层" in page
    for row in rows_of(site, "problems")[:5]:
        assert row["what"] in page
