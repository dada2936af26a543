"""Self-assessments on pages and in the API: the annex's words, what people wrote and never more than text."""

import html
import re
from datetime import date

import httpx
import pytest

from features.records.schema import ITEMS
from features.self_assessment import Answer, Finding, Link, Register, begin, declare, review
from features.settings import Settings
from features.store import Store
from qm_rules import load_pack
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from serving.web.language import language
from tests.serving import province

HOSTILE = '<script>alert("x")</script>\'&'
WEB = 'https://example.org/a?b=1&c="><script>alert(1)</script>'


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("assessed"), threads=1)
    table = settings.home / "enterprises.csv"
    table.write_text("enterprise_id,name\nE/1,甲厂\nE2,Second\n", encoding="utf-8")
    with Store.open(settings) as store:
        store.import_paths([table])
    with Register.open(settings) as register:
        first = begin(register, settings, "E/1", "2026-02", "Li").id
        links = (Link("手册", WEB), Link("file", "C:\\docs\\q.pdf"), Link("number", "QM-1"))
        given = {item: Answer(3, "有制度", links) for item in ITEMS} | {"qms": Answer(4, HOSTILE, links)}
        register.answer(first, given, "Li")
        declare(register, settings, first, "Li", "质量总监", date(2026, 3, 1))
        review(
            register, settings, first, "Zhang", "认证公司", date(2026, 3, 5), {"data": Finding(2, HOSTILE)}
        )
        begin(register, settings, "E/1", "2026-02", HOSTILE)
        for month in range(1, 5):
            number = begin(register, settings, "E2", f"2025-0{month}", "Wang").id
            register.withdraw(number, "Wang")
    return settings


@pytest.fixture(scope="module")
def client(home):
    with (
        province.served(create_app(home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_page_quotes_every_wording_and_marks_the_chosen_one(client, code):
    page = client.get("/assessments/SA-0001", params={"lang": code}).text
    pack, t = load_pack(), language(code)
    for item in ITEMS:
        part = re.search(rf'<article class="question" id="{item}".*?</article>', page, re.DOTALL).group()
        for wording in pack.items[item].wording.values():
            assert wording in part
            assert (html.escape(pack.english(wording)) in part.replace("&#39;", "&#x27;")) == (code == "en")
        chosen = re.findall(r'<li class="chosen".*?</li>', part, re.DOTALL)
        assert len(chosen) == 1
        assert pack.items[item].wording[4 if item == "qms" else 3] in chosen[0]
        found = re.findall(r'<li class="found".*?</li>', part, re.DOTALL)
        assert bool(found) == (item == "data")
        assert (t("assess.confirmed") in part) == (item != "data")
    assert t("assess.counts.counted") in page
    assert t("assess.claims") in page
    assert "质量总监" in page
    assert "认证公司" in page


def test_what_people_wrote_is_text_and_only_web_addresses_are_links(client):
    for path in ("/assessments/SA-0001", "/assessments/SA-0002", "/assessments"):
        page = client.get(path).text
        assert "<script>alert" not in page
        for link in re.findall(r"<a [^>]*href=[^>]*>", page):
            assert re.search(r'href="(/|\?|#|https://example\.org/)', link), link
    page = client.get("/assessments/SA-0001").text
    outside = re.findall(r'<a href="https[^>]*>', page)
    assert len(outside) == len(ITEMS)
    assert all('rel="noopener nofollow"' in link for link in outside)
    assert "C:\\docs\\q.pdf" in page


def test_a_draft_says_that_it_does_not_count(client):
    page = client.get("/assessments/SA-0002", params={"lang": "en"}).text
    t = language("en")
    assert t("assess.counts.draft") in page
    assert page.count(t("assess.unanswered")) == len(ITEMS)
    assert 'href="/assessments/SA-0001"' in page  # what it corrects


def test_the_history_names_who_changed_what_when(client, home):
    page = client.get("/assessments/SA-0001", params={"lang": "en"}).text
    with Register.open(home) as register:
        history = register.history("SA-0001")
    rows = re.findall(r'<tr><td class="when">(.*?)</td><td>(.*?)</td><td>(\d+)</td>', page)
    assert [(at, who, int(version)) for at, who, version in rows] == [
        (one.at[:19].replace("T", " "), one.who, one.version) for one in history
    ]


def test_the_list_and_its_filter(client):
    page = client.get("/assessments").text
    ids = re.findall(r'<th scope="row"><a href="/assessments/([^"]+)"', page)
    assert ids == ["SA-0006", "SA-0005", "SA-0004", "SA-0003", "SA-0002", "SA-0001"]
    page = client.get("/assessments", params={"enterprise": "E/1"}).text
    assert re.findall(r'<th scope="row"><a href="/assessments/([^"]+)"', page) == ["SA-0002", "SA-0001"]
    assert 'href="/enterprises/E%2F1"' in page
    assert client.get("/assessments", params={"enterprise": HOSTILE}).status_code == 200


def test_the_enterprise_leads_to_its_assessments(client):
    assert 'href="/assessments?enterprise=E%2F1"' in client.get("/enterprises/E%2F1").text


def test_a_home_without_any_says_how_to_begin(empty_site):
    page = empty_site.get("/assessments", params={"lang": "en"})
    assert page.status_code == 200
    assert "No self-assessment yet." in page.text
    assert 'action="/assessments"' in page.text


@pytest.mark.parametrize("name", ["SA-9999", "%3Cscript%3E", "x" * 40, "SA-0001%00"])
def test_what_is_not_there_is_said(client, name):
    assert client.get(f"/assessments/{name}").status_code == 404
    assert client.get(f"/api/v1/assessments/{name}").status_code in (404, 422)


def test_the_api(client):
    found = client.get("/api/v1/assessments", params={"limit": 2, "offset": 4}).json()
    assert (found["total"], [one["id"] for one in found["items"]]) == (6, ["SA-0002", "SA-0001"])
    one = client.get("/api/v1/assessments/SA-0001").json()
    assert (one["state"], one["declared"]["on"], one["recorded"]) == (
        "reviewed",
        "2026-03-01",
        ["self", "third_party"],
    )
    qms = one["items"][0]
    assert (qms["item"], qms["level"], qms["why"], qms["evidence"][0]["link"]) == ("qms", 4, HOSTILE, WEB)
    data = next(item for item in one["items"] if item["item"] == "data")
    assert (data["level"], data["found"], data["reason"]) == (3, 2, HOSTILE)
    assert one["history"][0]["old"] is None
    assert re.fullmatch("[0-9a-f]{64}", one["history"][-1]["hash"])


def test_nothing_is_put_over_an_assessment_or_deleted(client):
    for method in ("PUT", "PATCH", "DELETE"):
        for path in (
            "/assessments",
            "/assessments/SA-0001",
            "/api/v1/assessments",
            "/api/v1/assessments/SA-0001",
        ):
            assert client.request(method, path).status_code == 405


def test_a_declared_one_is_never_answered_again(client):
    given = {"level": 1, "why": "x", "evidence": []}
    refused = client.put("/api/v1/assessments/SA-0001/answers/qms", json=given)
    assert refused.status_code == 422
    assert "superseded" in refused.text or "reviewed" in refused.text
